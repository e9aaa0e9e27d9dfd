import { filled } from './bounds.ts';
import { HEADER_NAME, isInherited, MEMBER_NAME, memberProblem, nameProblem } from './names.ts';
import { readType } from './parse-type.ts';
import { TextReader } from './text-reader.ts';
import type { Field, Type, Whole } from './type.ts';

/**
 * One field of a request, a response or a table. On a command line it is written as:
 *
 *   sku:string!                           name, type; "!" not empty
 *   quantity:int>0<=99                    bounds: of the value, the length of a string, the count of a list
 *   status:enum(open,paid)?               "?" may be left out
 *   note:string|null                      may be null; "|" stands between other types too
 *   lines:{sku:string,quantity:int}[]>0   an object, a list of them
 *   "due-on":date                         a name with other characters, in quotes
 *   number:string:unique                  (of tables)
 *
 * A body and a response may also be, or have:
 *
 *   :string[]                             no name: all of it
 *   *:string, *:none                      members beside the named ones: of this type, or refused
 */
export type Part =
  | { readonly kind: 'field'; readonly field: Field }
  | { readonly kind: 'others'; readonly others: Type | 'none' }
  | ({ readonly kind: 'whole' } & Whole);

/** `[]:{id:uuid}`, an older way to say `:{id:uuid}[]`. */
const LIST = /^\[\]:/;

/**
 * @param text e.g. `quantity:int>0`
 * @throws {RangeError} with the reason
 */
export function parseField(text: string, names: RegExp = MEMBER_NAME): Field {
  const part = parsePart(text, names);
  if (part.kind === 'field') return part.field;
  throw new RangeError(`"${text.slice(0, 60)}" has no name; only a body and a response can do without`);
}

/** @throws {RangeError} with the reason, also for two fields of the same name */
export function parseFields(texts: readonly string[], names: RegExp = MEMBER_NAME): Field[] {
  const fields = texts.map((text) => parseField(text, names));
  // Upper and lower case are one in the names of headers.
  refuseTwins(names === HEADER_NAME ? fields.map((field) => ({ ...field, name: field.name.toLowerCase() })) : fields);
  return fields;
}

/**
 * A body or a response from its parts: nothing of none.
 * @throws {RangeError} with the reason
 */
export function parseWhole(texts: readonly string[]): Whole | undefined {
  const parts = texts.map((text) => parsePart(text));
  const whole = parts.find(({ kind }) => kind === 'whole');
  if (whole?.kind === 'whole') {
    if (parts.length > 1) throw new RangeError(`"${texts.find(isWhole)}" is all of it, and nothing can be beside it`);
    return { type: whole.type, isOptional: whole.isOptional };
  }
  return parts.length === 0 ? undefined : { type: toObject('', parts), isOptional: false };
}

function isWhole(text: string): boolean {
  return text.startsWith(':') || LIST.test(text);
}

/** @throws {RangeError} with the reason */
export function parsePart(text: string, names: RegExp = MEMBER_NAME): Part {
  const isList = LIST.test(text);
  const reader = new TextReader(isList ? text.slice(2) : text);
  const part = readPart(reader, names, 0);
  if (!reader.isAtEnd) throw new RangeError(`${labelOf(part)}: "${reader.shown(40)}" at the end is not understood`);
  if (!isList || part.kind !== 'whole') return part;
  if (part.isOptional) throw new RangeError('the items of a list cannot be optional');
  return { kind: 'whole', type: { kind: 'list', item: part.type, isNullable: false }, isOptional: false };
}

function labelOf(part: Part): string {
  return part.kind === 'field' ? part.field.name : part.kind === 'others' ? '*' : 'all of it';
}

/** @param depth how many objects, lists and brackets are around it */
function readPart(reader: TextReader, names: RegExp, depth: number): Part {
  const shown = reader.shown(60);
  if (reader.take(/\*:/y) !== undefined) {
    if (reader.take(/none(?![a-z])/y) !== undefined) return { kind: 'others', others: 'none' };
    return { kind: 'others', others: readType(reader, '*', depth, readMembers) };
  }
  const isNamed = reader.take(/:/y) === undefined;
  const name = isNamed ? readName(reader, shown, names) : '';
  const type = readType(reader, name || 'the value', depth, readMembers);
  const mark = reader.take(/[?!]/y);
  const given = mark === '!' ? notEmpty(name, type) : type;
  if (!isNamed) return { kind: 'whole', type: given, isOptional: mark === '?' };
  if (isInherited(name) && (mark === '?' || type.kind === 'any'))
    throw new RangeError(`${name} cannot be optional, nor any value: every object has a member of this name`);
  return { kind: 'field', field: { name, type: given, isOptional: mark === '?', ...readOptions(reader, name) } };
}

function readName(reader: TextReader, shown: string, names: RegExp): string {
  const quoted = reader.takeQuoted();
  const name = quoted ?? reader.take(/[^:,{}"]+/y);
  if (name === undefined || reader.take(/:/y) === undefined)
    throw new RangeError(`"${shown}" is not a field; write name:type, e.g. quantity:int>0`);
  const problem =
    names !== MEMBER_NAME
      ? nameProblem(name, names)
      : (memberProblem(name) ??
        (quoted === undefined && !MEMBER_NAME.test(name)
          ? `"${name}" is not a valid name (letters, digits and "_", a letter first); write another name in quotes`
          : undefined));
  if (problem) throw new RangeError(problem);
  return name;
}

/** The members of an object, up to its end. */
function readMembers(reader: TextReader, name: string, depth: number): Type {
  const parts: Part[] = [];
  do parts.push(readPart(reader, MEMBER_NAME, depth));
  while (reader.take(/,/y) !== undefined);
  if (reader.take(/\}/y) === undefined) throw new RangeError(`${name}: a "}" is missing`);
  return toObject(name, parts);
}

function toObject(name: string, parts: readonly Part[]): Type {
  const fields = parts.flatMap((part) => (part.kind === 'field' ? [part.field] : []));
  const others = parts.flatMap((part) => (part.kind === 'others' ? [part.others] : []));
  if (parts.some(({ kind }) => kind === 'whole')) throw new RangeError(`${name}: a member of an object needs a name`);
  if (others.length > 1) throw new RangeError(`${name}: "*" stands twice`);
  refuseTwins(fields);
  const [other] = others;
  return { kind: 'object', fields, isNullable: false, ...(other === undefined ? {} : { others: other }) };
}

/** @throws {RangeError} for two fields of the same name */
function refuseTwins(fields: readonly Field[]): void {
  const seen = new Set<string>();
  for (const { name } of fields) {
    if (seen.has(name)) throw new RangeError(`there are two fields ${name}`);
    seen.add(name);
  }
}

function notEmpty(name: string, type: Type): Type {
  if (type.kind === 'union')
    return { ...type, alternatives: type.alternatives.map((alternative) => notEmpty(name, alternative)) };
  return type.kind === 'list' || type.kind === 'string' ? { ...type, ...filled(name, type.kind, type) } : type;
}

function readOptions(reader: TextReader, name: string): Pick<Field, 'isUnique' | 'isCsv'> {
  const given = (reader.take(/(?::[a-z]+)*/y) ?? '').split(':').filter((option) => option !== '');
  const unknown = given.find((option) => option !== 'unique' && option !== 'csv');
  if (unknown !== undefined)
    throw new RangeError(`${name} has the unknown option "${unknown}"; the options are unique and csv`);
  return { isUnique: given.includes('unique'), isCsv: given.includes('csv') };
}
