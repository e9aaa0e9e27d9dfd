import { nameForms } from '../names.ts';
import { type Column, toColumn } from './columns.ts';
import { parseFields } from './field.ts';

/** Something that is stored in a table and served at a path of its own. */
export interface Resource {
  /** One of it, as lower case words joined by "-": `line-item`. */
  readonly name: string;
  /** Many of it, as it stands in the path: `line-items`. */
  readonly plural: string;
  readonly table: string;
  readonly columns: readonly Column[];
  /** Of the migration that makes its table. */
  readonly number: string;
}

/** PostgreSQL cuts longer names. */
const MAX_IDENTIFIER = 63;

/** What `migrate` and workers keep. */
const OWN_TABLES = ['schema_migrations', 'jobs'];

/**
 * @param answers name, plural (nothing: by the rules of English) and fields, as they were given
 * @param number of the migration that makes its table
 * @throws {RangeError} for two fields of one column, and for names that PostgreSQL or the service keeps
 */
export function toResource(
  { name, plural: given, fields }: { name: string; plural: string; fields: readonly string[] },
  number: string,
): Resource {
  const plural = given || pluralOf(name);
  const columns = parseFields(fields).map(toColumn);
  const twice = columns.find(({ bare }, index) => columns.findIndex((other) => other.bare === bare) !== index);
  if (twice) throw new RangeError(`${twice.field.name} has the column ${twice.bare}, which another field has too`);
  const { snakeName: table } = nameForms(plural);
  if (OWN_TABLES.includes(table))
    throw new RangeError(`the table ${table} is the service's own; choose another name with --plural`);
  const long = columns.find(({ field, bare }) => field.isUnique && `${table}_${bare}_key`.length > MAX_IDENTIFIER);
  if (long)
    throw new RangeError(
      `${long.field.name}: the name of its constraint would have more than ${MAX_IDENTIFIER} characters`,
    );
  return { name, plural, table, columns, number };
}

/** The English plural, as far as rules go; `--plural` says better. */
function pluralOf(name: string): string {
  if (/(s|x|z|ch|sh)$/.test(name)) return `${name}es`;
  return /[^aeiou]y$/.test(name) ? `${name.slice(0, -1)}ies` : `${name}s`;
}

/** `an order`, `a line item`. */
export function phraseOf({ name }: Resource): string {
  const words = name.replaceAll('-', ' ');
  return `${/^[aeiou]/.test(words) ? 'an' : 'a'} ${words}`;
}
