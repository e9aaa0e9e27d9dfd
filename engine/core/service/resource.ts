import { nameForms } from '../names.ts';
import { type Column, toColumn } from './columns.ts';
import { parseFields } from './fields/parse.ts';

/** Something that is stored in its own table and served at its own path. */
export interface Resource {
  /** Singular, in lower case words joined by "-": `line-item`. */
  readonly name: string;
  /** Plural, as in the path: `line-items`. */
  readonly plural: string;
  readonly table: string;
  readonly columns: readonly Column[];
  /** Number of the migration that makes its table. */
  readonly number: string;
}

/** PostgreSQL cuts longer names. */
const MAX_IDENTIFIER = 63;

/** Tables that `migrate` and workers use. */
const OWN_TABLES = ['schema_migrations', 'jobs'];

/**
 * @param answers name, plural (if empty, it is made by the rules of English) and fields
 * @param number of the migration that makes its table
 * @throws {RangeError} for two fields with the same column, and for names that PostgreSQL or the service reserves
 */
export function toResource(
  { name, plural: given, fields }: { name: string; plural: string; fields: readonly string[] },
  number: string,
): Resource {
  const plural = given || pluralOf(name);
  const columns = parseFields(fields).map(toColumn);
  const twice = columns.find(({ bare }, index) => columns.findIndex((other) => other.bare === bare) !== index);
  if (twice) throw new RangeError(`${twice.field.name} has the same column as another field: ${twice.bare}`);
  const { snakeName: table } = nameForms(plural);
  if (OWN_TABLES.includes(table))
    throw new RangeError(`the service itself uses the table ${table}; choose another name with --plural`);
  const long = columns.find(({ field, bare }) => field.isUnique && `${table}_${bare}_key`.length > MAX_IDENTIFIER);
  if (long)
    throw new RangeError(
      `${long.field.name}: the name of its constraint would have more than ${MAX_IDENTIFIER} characters`,
    );
  return { name, plural, table, columns, number };
}

/** The English plural by simple rules. `--plural` overrides it. */
function pluralOf(name: string): string {
  if (/(s|x|z|ch|sh)$/.test(name)) return `${name}es`;
  return /[^aeiou]y$/.test(name) ? `${name.slice(0, -1)}ies` : `${name}s`;
}

/** `an order`, `a line item`. */
export function phraseOf({ name }: Resource): string {
  const words = name.replaceAll('-', ' ');
  return `${/^[aeiou]/.test(words) ? 'an' : 'a'} ${words}`;
}
