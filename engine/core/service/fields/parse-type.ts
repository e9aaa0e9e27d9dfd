import { boundsOf } from './bounds.ts';
import { hasInvisible } from './names.ts';
import type { TextReader } from './text-reader.ts';
import { SCALARS, type Type, unite } from './type.ts';

/** Reads the members of an object, and the "}" after them. */
type ReadMembers = (reader: TextReader, name: string, depth: number) => Type;

/** Values of an enum that need no quotes, and no escape in SQL and in source code. */
export const ENUM_VALUE = /^[A-Za-z0-9][A-Za-z0-9 ._/+-]{0,59}$/;

const MAX_DEPTH = 12;
const MAX_VALUE = 1000;
const WORDS = [...SCALARS, 'enum', 'literal', 'any'].join(', ');

/**
 * @param name of the field, for the message
 * @throws {RangeError} with the reason
 */
export function readType(reader: TextReader, name: string, depth: number, readMembers: ReadMembers): Type {
  if (depth > MAX_DEPTH) throw new RangeError(`types are nested more than ${MAX_DEPTH} deep`);
  const types: Type[] = [];
  do types.push(readOne(reader, name, depth, readMembers));
  while (reader.take(/\|/y) !== undefined);
  if (types.filter(({ kind }) => kind === 'null').length > 1) throw new RangeError(`${name}: null stands twice`);
  return unite(types);
}

/** One alternative: a type, a list of it, a list of lists. */
function readOne(reader: TextReader, name: string, depth: number, readMembers: ReadMembers): Type {
  let type = readBase(reader, name, depth, readMembers);
  for (let around = depth + 1; reader.take(/\[\]/y) !== undefined; around++) {
    if (around > MAX_DEPTH) throw new RangeError(`types are nested more than ${MAX_DEPTH} deep`);
    type = { kind: 'list', item: type, isNullable: false, ...boundsOf(name, 'list', readBounds(reader)) };
  }
  return type;
}

function readBase(reader: TextReader, name: string, depth: number, readMembers: ReadMembers): Type {
  if (reader.take(/\{/y) !== undefined) return withoutBounds(reader, name, readMembers(reader, name, depth + 1));
  if (reader.take(/\(/y) !== undefined) {
    const type = readType(reader, name, depth + 1, readMembers);
    if (reader.take(/\)/y) === undefined) throw new RangeError(`${name}: a ")" is missing`);
    return type;
  }
  const word = reader.take(/[a-z]+/y);
  if (word === 'null' || word === 'any') return withoutBounds(reader, name, { kind: word, isNullable: false });
  if (word === 'enum' || word === 'literal') return withoutBounds(reader, name, readValues(reader, name, word));
  const scalar = SCALARS.find((known) => known === word);
  if (scalar === undefined) throw new RangeError(`${name} has no known type; the types are ${WORDS}`);
  if (reader.shown(1) === '(')
    throw new RangeError(`${name}: only an enum and a literal list their values, e.g. status:enum(open,paid)`);
  const bounds = readBounds(reader);
  if (bounds !== '' && reader.shown(2) === '[]')
    throw new RangeError(`${name}: bounds of an item are written (${word}${bounds})[]`);
  return { kind: scalar, isNullable: false, ...boundsOf(name, scalar, bounds) };
}

function readBounds(reader: TextReader): string {
  return reader.take(/(?:[<>]=?-?\d+(?:\.\d+)?)*/y) ?? '';
}

/** Refuses bounds of what has none. */
function withoutBounds(reader: TextReader, name: string, type: Type): Type {
  boundsOf(name, type.kind, readBounds(reader));
  return type;
}

function readValues(reader: TextReader, name: string, kind: 'enum' | 'literal'): Type {
  if (reader.take(/\(/y) === undefined)
    throw new RangeError(
      `${name}: ${kind === 'enum' ? 'an enum' : 'a literal'} must list its values, e.g. status:enum(open,paid)`,
    );
  const values: (string | number | boolean)[] = [];
  do {
    reader.take(/ +/y);
    values.push(kind === 'enum' ? readText(reader, name) : readScalar(reader, name));
    reader.take(/ +/y);
  } while (reader.take(/,/y) !== undefined);
  if (reader.take(/\)/y) === undefined) throw new RangeError(`${name}: a ")" is missing`);
  if (new Set(values).size < values.length) throw new RangeError(`${name} lists a value twice`);
  return kind === 'enum'
    ? { kind, values: values.map(String), isNullable: false }
    : { kind, values, isNullable: false };
}

function readText(reader: TextReader, name: string): string {
  const quoted = readQuoted(reader, name);
  if (quoted !== undefined) return quoted;
  const value = (reader.take(/[^,)]*/y) ?? '').trim();
  if (ENUM_VALUE.test(value)) return value;
  throw new RangeError(
    `${name}: "${value.slice(0, 60)}" is not a valid value of an enum (letters, digits, " ._/+-"); write others in quotes`,
  );
}

function readQuoted(reader: TextReader, name: string): string | undefined {
  const quoted = reader.takeQuoted();
  if (quoted !== undefined && (quoted.length > MAX_VALUE || hasInvisible(quoted)))
    throw new RangeError(`${name}: a value has more than ${MAX_VALUE} characters, or one that cannot be seen`);
  return quoted;
}

function readScalar(reader: TextReader, name: string): string | number | boolean {
  const quoted = readQuoted(reader, name);
  if (quoted !== undefined) return quoted;
  const word = reader.take(/true|false|-?\d{1,15}(?:\.\d{1,15})?(?![\w.])/y);
  if (word === undefined)
    throw new RangeError(
      `${name}: "${reader.shown(20)}" is not a value of a literal: a number, true, false or a text in quotes; null is written |null`,
    );
  return /[ae]/.test(word) ? word === 'true' : Number(word) + 0;
}
