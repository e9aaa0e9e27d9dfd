import { nameForms } from '../names.ts';
import { type Column, toColumn } from './columns.ts';
import { parseFields } from './fields/parse.ts';
import { pluralOf, singularOf } from './plural.ts';

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
 * @param answers name, plural and fields. Without a plural it is made by the rules of English; a name that is a plural
 *   already is taken as that.
 * @param number of the migration that makes its table
 * @throws {RangeError} for two fields with the same column, and for names that PostgreSQL or the service reserves
 */
export function toResource(
  { name: word, plural: given, fields }: { name: string; plural: string; fields: readonly string[] },
  number: string,
): Resource {
  // Whoever calls it by its plural means one of them.
  const name = given ? word : (singularOf(word) ?? word);
  const plural = given || (name === word ? pluralOf(word) : word);
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

/** `an order`, `a line item`. */
export function phraseOf({ name }: Resource): string {
  const words = name.replaceAll('-', ' ');
  return `${/^[aeiou]/.test(words) ? 'an' : 'a'} ${words}`;
}
