import type { Bounds } from './fields/bounds.ts';
import { MEMBER_NAME } from './fields/names.ts';
import { ENUM_VALUE } from './fields/parse-type.ts';
import type { Field, Scalar, Type } from './fields/type.ts';

/** What a column can hold. */
export type ColumnType = Scalar | Extract<Type, { kind: 'enum' }>;

/** A field that has a column. */
export interface ColumnField extends Field {
  readonly type: ColumnType;
}

/** The column of a field. */
export interface Column {
  readonly field: ColumnField;
  /** Its name in SQL, in quotes if it is a reserved word. */
  readonly column: string;
  readonly bare: string;
  /** Type, `not null` and check. */
  readonly definition: string;
  /** The expression of a query that reads it: `to_char(on, 'YYYY-MM-DD') as "on"`. */
  readonly select: string;
}

/** Reserved words of PostgreSQL (appendix C of its manual: "reserved" and "reserved (can be function or type)"). */
const SQL_RESERVED = new Set(
  (
    'all analyse analyze and any array as asc asymmetric authorization binary both case cast check collate collation column ' +
    'concurrently constraint create cross current_catalog current_date current_role current_schema current_time ' +
    'current_timestamp current_user default deferrable desc distinct do else end except false fetch for foreign freeze from ' +
    'full grant group having ilike in initially inner intersect into is isnull join lateral leading left like limit ' +
    'localtime localtimestamp natural not notnull null offset on only or order outer overlaps placing primary references ' +
    'returning right select session_user similar some symmetric system_user table tablesample then to trailing true union ' +
    'unique user using variadic verbose when where window with'
  ).split(' '),
);

/** PostgreSQL cuts longer names. */
const MAX_COLUMN = 40;

const SYSTEM_COLUMNS = ['tableoid', 'xmin', 'xmax', 'cmin', 'cmax', 'ctid'];

const NOT_UNIQUE: readonly string[] = ['number', 'boolean', 'enum'];

/** @throws {RangeError} for a field that no column can hold */
export function checkColumn(field: Field): ColumnField {
  const { name, type, isUnique, isCsv } = field;
  if (!isColumnType(type)) throw new RangeError(`${name}: ${NO_COLUMN[type.kind]} has no column`);
  if (type.isNullable) throw new RangeError(`${name}: write "?" if it may be null`);
  if (isCsv) throw new RangeError(`${name}: only a list in a query can be csv`);
  if (!MEMBER_NAME.test(name))
    throw new RangeError(`"${name}" cannot be a column (letters, digits and "_", a letter first)`);
  if (SYSTEM_COLUMNS.includes(snake(name)))
    throw new RangeError(`${name}: PostgreSQL has a system column of that name`);
  if (name === 'id' || name === 'version') throw new RangeError(`${name}: every resource already has this field`);
  if (snake(name).length > MAX_COLUMN) throw new RangeError(`${name} is longer than ${MAX_COLUMN} characters`);
  if (isUnique && NOT_UNIQUE.includes(type.kind)) throw new RangeError(`${name}: a ${type.kind} cannot be unique`);
  if (type.kind === 'enum') {
    const odd = type.values.find((value) => !ENUM_VALUE.test(value));
    if (odd !== undefined)
      throw new RangeError(`${name}: "${odd}" cannot be a value of a column (letters, digits, " ._/+-")`);
    return { ...field, type };
  }
  const { min, max } = type;
  if (type.kind === 'int' && [min, max].some((bound) => bound && Math.abs(bound.value) > 2_147_483_647))
    throw new RangeError(`${name}: an int is stored in 32 bits`);
  if (type.kind === 'string' && (max?.value ?? 1) < 1)
    throw new RangeError(`${name}: the bounds allow only an empty text`);
  return { ...field, type };
}

const NO_COLUMN = {
  list: 'a list',
  object: 'an object',
  union: 'one of several types',
  any: 'any value',
  null: 'null',
  literal: 'a literal',
};

function isColumnType(type: Type): type is ColumnType {
  return !(type.kind in NO_COLUMN);
}

function snake(name: string): string {
  return name
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replace(/([A-Z])([A-Z][a-z])/g, '$1_$2')
    .toLowerCase();
}

/** A name in SQL, in quotes if it is a reserved word. */
export function quoted(name: string): string {
  return SQL_RESERVED.has(name) ? `"${name}"` : name;
}

/** @throws {RangeError} for a field that no column can hold */
export function toColumn(given: Field): Column {
  const field = checkColumn(given);
  const bare = snake(field.name);
  const column = quoted(bare);
  const { type, check = '', expression = column } = parts(field, column);
  const select = expression === column && bare === field.name ? column : `${expression} as "${field.name}"`;
  return {
    field,
    column,
    bare,
    definition: `${type}${field.isOptional ? '' : ' not null'}${check === '' ? '' : ` check (${check})`}`,
    select,
  };
}

/** The type of a column. Also its check and the expression that reads it, if it needs them. */
function parts({ type }: ColumnField, column: string): { type: string; check?: string; expression?: string } {
  const length = (low: number, high: number) => `char_length(${column}) between ${low} and ${high}`;
  switch (type.kind) {
    case 'string':
      return { type: 'text', check: length(...lengthOf(type)) };
    case 'int':
      return { type: 'integer', check: comparison(type, column) };
    case 'number':
      // JSON has neither NaN nor infinities.
      return {
        type: 'double precision',
        check: comparison(type, column),
        expression: `case when abs(${column}) < 'infinity' then ${column} end`,
      };
    case 'decimal':
      return { type: 'numeric(19, 4)', check: comparison(type, column) };
    case 'boolean':
      return { type: 'boolean' };
    case 'date':
      return { type: 'date', expression: inFourDigits(column, "'9999-12-31'", `to_char(${column}, 'YYYY-MM-DD')`) };
    case 'datetime':
      return {
        type: 'timestamptz(3)',
        expression: inFourDigits(
          `${column} at time zone 'UTC'`,
          "'9999-12-31 23:59:59.999'",
          `to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`,
        ),
      };
    case 'uuid':
      return { type: 'uuid' };
    case 'email':
      return { type: 'text', check: length(3, 254) };
    case 'url':
    case 'uri':
      return { type: 'text', check: length(type.kind === 'url' ? 8 : 2, 2000) };
    case 'enum':
      return { type: 'text', check: `${column} in (${type.values.map((value) => `'${value}'`).join(', ')})` };
  }
}

/** How a moment is read: as PostgreSQL writes it (`infinity`, `0044-03-15 BC`) where ISO 8601 has no four digits for its year. */
function inFourDigits(moment: string, last: string, iso: string): string {
  return `case when ${moment} between '0001-01-01' and ${last} then ${iso} else (${moment})::text end`;
}

/** The length of a text, both ends included. A stored text has at least one character. */
export function lengthOf({ min, max }: Bounds): [low: number, high: number] {
  const high = max?.value ?? Math.max(200, min?.value ?? 0);
  return [Math.max(1, min?.value ?? 1), high];
}

/** The range of a decimal, in steps of a ten-thousandth, both ends included. */
export function decimalRange({ min, max }: Bounds): [low: number | undefined, high: number | undefined] {
  const step = (value: number, by: number) => Number((value + by).toFixed(4));
  return [min && step(min.value, min.isExclusive ? 0.0001 : 0), max && step(max.value, max.isExclusive ? -0.0001 : 0)];
}

function comparison({ min, max }: Bounds, column: string): string {
  const low = min && `${column} >${min.isExclusive ? '' : '='} ${min.value}`;
  const high = max && `${column} <${max.isExclusive ? '' : '='} ${max.value}`;
  return [low, high].filter((part) => part !== undefined).join(' and ');
}
