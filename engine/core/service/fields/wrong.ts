import type { Bound } from './bounds.ts';
import { otherName, type Place, type Sample } from './samples.ts';
import type { Field, Type } from './type.ts';

/** A wrong value of one member. */
export interface Wrong {
  readonly name: string;
  /** `undefined` means that the member is missing. */
  readonly value: Sample | undefined;
  readonly reason: string;
}

type Word = Exclude<Type['kind'], 'enum' | 'literal' | 'list' | 'union' | 'any'>;

const WRONG_TEXT: Readonly<Record<Word, string | undefined>> = {
  string: undefined,
  int: '1.5',
  number: 'x',
  decimal: '1.23456',
  boolean: 'perhaps',
  date: '2026-02-30',
  datetime: 'yesterday',
  uuid: '1',
  email: 'nobody',
  url: 'javascript:alert(1)',
  uri: 'nowhere',
  object: undefined,
  null: undefined,
};

const WRONG_JSON: Readonly<Record<Word, Sample>> = {
  ...(WRONG_TEXT as Record<Word, string>),
  string: 1,
  int: 1.5,
  boolean: 'perhaps',
  object: 1,
  null: 1,
};

/** Values of each field that a service must refuse. */
export function wrongValues(fields: readonly Field[], place: Place): Wrong[] {
  return fields.flatMap(({ name, type, isOptional }) => {
    const wrongs: Wrong[] = [];
    if (!isOptional) wrongs.push({ name, value: undefined, reason: `no ${name}` });
    const value = wrongOf(type, place);
    if (value !== undefined) wrongs.push({ name, value, reason: `a ${name} that is ${notA(type)}` });
    return [...wrongs, ...beyondBounds(name, type, place)];
  });
}

/** A member beside those that an object names: refused by `*:none`, or of the wrong type. */
export function wrongOther(type: Type): Wrong | undefined {
  if (type.kind !== 'object' || type.others === undefined) return undefined;
  const { fields, others } = type;
  const value = others === 'none' ? true : wrongOf(others, 'json');
  const reason = others === 'none' ? 'another member' : `another member that is ${notA(others)}`;
  return value === undefined ? undefined : { name: otherName(fields), value, reason };
}

/** A value that is not of a type, or nothing where it is not sure that there is one. */
function wrongOf(type: Type, place: Place): Sample | undefined {
  switch (type.kind) {
    case 'any':
      return undefined;
    case 'enum':
    case 'literal':
      return notAmong(type.values);
    case 'list':
      return place === 'json' ? 'none' : wrongOf(type.item, place);
    case 'union':
      return wrongWhole(type, [true, 1, 'text', [], {}]);
    default:
      return place === 'json' ? WRONG_JSON[type.kind] : WRONG_TEXT[type.kind];
  }
}

/** The first of some values that is surely not of a type, since no value of it is of that kind in JSON. */
export function wrongWhole(type: Type, candidates: readonly Sample[]): Sample | undefined {
  const kinds = new Set(kindsOf(type));
  return candidates.find((value) => !kinds.has(kindOf(value)));
}

function notA({ kind }: Type): string {
  return kind === 'union' ? 'none of its types' : kind === 'null' ? 'not null' : `no ${kind}`;
}

function notAmong(values: readonly Sample[]): string {
  let text = '-';
  while (values.includes(text)) text += '-';
  return text;
}

type JsonKind = 'string' | 'number' | 'boolean' | 'object' | 'list' | 'null';

function kindOf(value: Sample): JsonKind {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'list' : (typeof value as JsonKind);
}

/** What values of a type may be in JSON. */
export function kindsOf(type: Type): readonly JsonKind[] {
  const own = ownKinds(type);
  return type.isNullable ? [...own, 'null'] : own;
}

function ownKinds(type: Type): readonly JsonKind[] {
  switch (type.kind) {
    case 'any':
      return ['string', 'number', 'boolean', 'object', 'list', 'null'];
    case 'union':
      return type.alternatives.flatMap(kindsOf);
    case 'literal':
      return type.values.map(kindOf);
    case 'int':
    case 'number':
      return ['number'];
    case 'boolean':
    case 'object':
    case 'list':
    case 'null':
      return [type.kind];
    default:
      return ['string'];
  }
}

function beyondBounds(name: string, type: Type, place: Place): Wrong[] {
  if (!('min' in type || 'max' in type) || type.kind === 'list') return [];
  const { kind, min, max } = type;
  const wrong = (value: Sample, reason: string): Wrong => ({ name, value, reason: `a ${name} that is too ${reason}` });
  if (kind === 'string')
    return [
      ...(min && min.value > 0 ? [wrong('t'.repeat(min.value - 1), 'short')] : []),
      ...(max ? [wrong('t'.repeat(max.value + 1), 'long')] : []),
    ];
  const number = (value: number): Sample => (place === 'json' && kind !== 'decimal' ? value : String(value));
  return [
    ...(min ? [wrong(number(beyond(min, -1)), 'small')] : []),
    ...(max ? [wrong(number(beyond(max, 1)), 'large')] : []),
  ];
}

function beyond(bound: Bound, step: 1 | -1): number {
  return bound.isExclusive ? bound.value : bound.value + step;
}
