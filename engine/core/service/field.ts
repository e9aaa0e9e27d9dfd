import type { NameRule } from '../question.ts';
import { type Bound, boundsOf } from './bounds.ts';

/**
 * One field of a request, a response or a table. On a command line it is written as:
 *
 *   sku:string!                           name, type; "!" not empty
 *   quantity:int>0<=99                    bounds: of the value, the length of a string, the count of a list
 *   status:enum(open,paid)?               "?" may be left out
 *   note:string|null                      may be null
 *   lines:{sku:string,quantity:int}[]>0   an object, a list of them
 *   number:string:unique                  (of tables)
 */
export interface Field {
  readonly name: string;
  readonly type: FieldType;
  readonly isList: boolean;
  readonly isOptional: boolean;
  readonly isNullable: boolean;
  readonly isUnique: boolean;
  readonly min?: Bound;
  readonly max?: Bound;
  /** The values of an enum. */
  readonly values?: readonly string[];
  /** The fields of an object. */
  readonly fields?: readonly Field[];
}

const SIMPLE_TYPES = [
  'string',
  'int',
  'number',
  'decimal',
  'boolean',
  'date',
  'datetime',
  'uuid',
  'email',
  'url',
  'enum',
] as const;

type FieldType = (typeof SIMPLE_TYPES)[number] | 'object';

/** Valid names of JSON members, query parameters and path parameters. */
export const MEMBER_NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;
export const HEADER_NAME = /^[A-Za-z][A-Za-z0-9-]*$/;

/** Names that would access an object's prototype in this program, whatever the language of the service is. */
const RESERVED = new Set('__proto__ constructor prototype hasOwnProperty toString valueOf then'.split(' '));

/** Valid values of an enum: they need no escape in SQL, in source code or on the command line. */
export const ENUM_VALUE = /^[A-Za-z0-9][A-Za-z0-9 ._/+-]{0,59}$/;

const MAX_DEPTH = 6;

/** Why a name cannot be used in code. Nothing if it can. */
export function nameProblem(name: string, pattern: RegExp = MEMBER_NAME, rule?: NameRule): string | undefined {
  if (RESERVED.has(name)) return `"${name}" is a reserved word`;
  const problem = rule?.(name);
  if (problem !== undefined) return problem;
  if (name.length > 60) return `"${name.slice(0, 20)}..." is longer than 60 characters`;
  return pattern.test(name) ? undefined : `"${name}" is not a valid name (letters, digits and "_", a letter first)`;
}

/**
 * @param text e.g. `quantity:int>0`
 * @param rule what the service's language says of names
 * @throws {RangeError} with the reason
 */
export function parseField(text: string, names: RegExp = MEMBER_NAME, rule?: NameRule): Field {
  const reader = new Reader(text, rule);
  const field = readField(reader, names, 0);
  if (!reader.isAtEnd)
    throw new RangeError(`${field.name}: "${reader.rest.slice(0, 40)}" at the end is not understood`);
  return field;
}

/** @throws {RangeError} with the reason, also for two fields of the same name */
export function parseFields(texts: readonly string[], names: RegExp = MEMBER_NAME): Field[] {
  const fields = texts.map((text) => parseField(text, names));
  refuseTwins(fields);
  return fields;
}

class Reader {
  rest: string;
  readonly rule: NameRule | undefined;

  constructor(text: string, rule?: NameRule) {
    this.rest = text;
    this.rule = rule;
  }

  get isAtEnd(): boolean {
    return this.rest === '';
  }

  /** Removes and returns what a pattern matches at the start. */
  take(pattern: RegExp): string | undefined {
    const found = pattern.exec(this.rest);
    if (found?.index !== 0) return undefined;
    this.rest = this.rest.slice(found[0].length);
    return found[0];
  }
}

function readField(reader: Reader, names: RegExp, depth: number): Field {
  if (depth > MAX_DEPTH) throw new RangeError(`objects are nested more than ${MAX_DEPTH} deep`);
  const shown = reader.rest.slice(0, 60);
  const name = reader.take(/[^:,{}]+/);
  if (name === undefined || reader.take(/:/) === undefined)
    throw new RangeError(`"${shown}" is not a field; write name:type, e.g. quantity:int>0`);
  const problem = nameProblem(name, names, reader.rule);
  if (problem) throw new RangeError(problem);
  const kind = readType(reader, name, depth);
  const isList = reader.take(/\[\]/) !== undefined;
  const bounds = reader.take(/([<>]=?-?\d+(\.\d+)?)*/) ?? '';
  const isNullable = reader.take(/\|null/) !== undefined;
  const mark = reader.take(/[?!]/);
  const options = reader.take(/(:[a-z]+)*/) ?? '';
  const field: Field = {
    name,
    ...kind,
    isList,
    isOptional: mark === '?',
    isNullable,
    isUnique: isUnique(name, options),
  };
  return { ...field, ...boundsOf(field, bounds, mark === '!') };
}

function readType(reader: Reader, name: string, depth: number): Pick<Field, 'type' | 'values' | 'fields'> {
  if (reader.take(/\{/) !== undefined) {
    const fields: Field[] = [];
    do fields.push(readField(reader, MEMBER_NAME, depth + 1));
    while (reader.take(/,/) !== undefined);
    if (reader.take(/\}/) === undefined) throw new RangeError(`${name}: a "}" is missing`);
    refuseTwins(fields);
    return { type: 'object', fields };
  }
  const word = reader.take(/[a-z]+/);
  const type = SIMPLE_TYPES.find((known) => known === word);
  if (type === undefined) throw new RangeError(`${name} has no known type; the types are ${SIMPLE_TYPES.join(', ')}`);
  const list = reader.take(/\([^)]*\)/);
  if ((type === 'enum') !== (list !== undefined))
    throw new RangeError(`${name}: an enum must list its values, e.g. status:enum(open,paid); other types cannot`);
  return list === undefined ? { type } : { type, values: enumValues(name, list.slice(1, -1)) };
}

function enumValues(name: string, list: string): string[] {
  const values = list.split(',').map((value) => value.trim());
  const bad = values.find((value) => !ENUM_VALUE.test(value));
  if (bad !== undefined)
    throw new RangeError(`${name}: "${bad}" is not a valid value of an enum (letters, digits, " ._/+-")`);
  if (new Set(values).size < values.length) throw new RangeError(`${name} lists a value twice`);
  return values;
}

function refuseTwins(fields: readonly Field[]): void {
  const seen = new Set<string>();
  for (const { name } of fields) {
    if (seen.has(name.toLowerCase())) throw new RangeError(`there are two fields ${name}`);
    seen.add(name.toLowerCase());
  }
}

function isUnique(name: string, options: string): boolean {
  const given = options.split(':').filter((option) => option !== '');
  const unknown = given.find((option) => option !== 'unique');
  if (unknown !== undefined)
    throw new RangeError(`${name} has the unknown option "${unknown}"; the only option is unique`);
  return given.length > 0;
}
