import type { Bound, Bounds } from '../../../engine/core/service/fields/bounds.ts';
import type { Place } from '../../../engine/core/service/fields/samples.ts';
import type { Type } from '../../../engine/core/service/fields/type.ts';
import { type Code, call, typeOf, union } from '../print/layout.ts';
import { quoted } from '../print/text.ts';

/** Names of the package `fields` that stand for a type by themselves. */
const WORDS: Partial<Record<Type['kind'], string>> = {
  date: 'Date',
  datetime: 'Moment',
  uuid: 'Uuid',
  email: 'Email',
  url: 'Url',
  uri: 'Uri',
};

/** A type with an annotation. Those of an annotated one are put together, and so are those of pydantic's own. */
export function annotated(type: Code, note: Code): Code {
  const isAnnotated = typeof type !== 'string' && type.kind === 'bracketed' && type.head === 'Annotated[';
  const parts = isAnnotated ? type.entries.map(({ value }) => value) : [type];
  const last = parts.at(-1);
  if (isField(last) && isField(note))
    return typeOf('Annotated', [...parts.slice(0, -1), { ...last, entries: [...last.entries, ...note.entries] }]);
  return typeOf('Annotated', [...parts, note]);
}

function isField(code: Code | undefined): code is Extract<Code, { kind: 'bracketed' }> {
  return typeof code === 'object' && code.kind === 'bracketed' && code.head === 'Field(';
}

/** What stands for an object, and whether other types may stand for the same value. */
type ObjectOf = (type: Extract<Type, { kind: 'object' }>, isOneOfSeveral: boolean) => Code;

/** The annotation of a type. */
export function typeCode(type: Type, place: Place, objectOf: ObjectOf): Code {
  const inner = (one: Type) => typeCode(one, place, objectOf);
  const bare = (one: Type) => bareCode(one, place, inner, objectOf);
  if (type.kind === 'any') return 'Any';
  if (type.kind !== 'union') return type.isNullable ? union([bare(type), 'None']) : bare(type);
  const parts = type.alternatives.map((one) => (one.kind === 'object' ? objectOf(one, true) : bare(one)));
  return annotated(union(type.isNullable ? [...parts, 'None'] : parts), 'AnyOf()');
}

function bareCode(type: Type, place: Place, inner: (type: Type) => Code, objectOf: ObjectOf): Code {
  const isText = place === 'text';
  switch (type.kind) {
    case 'string': {
      const lengths = lengthsOf(type);
      return lengths.length === 0 ? 'str' : annotated('str', call('Text', lengths));
    }
    case 'int':
      return annotated('int', call(isText ? 'IntegerText' : 'Integer', boundsOf(type)));
    case 'number':
      return annotated('float', call(isText ? 'NumberText' : 'Number', boundsOf(type)));
    case 'decimal':
      return annotated('str', call('Decimal', boundsOf(type)));
    case 'boolean':
      return isText ? annotated('bool', 'BooleanText()') : 'Boolean';
    case 'enum':
      return typeOf('Literal', type.values.map(quoted));
    case 'literal':
      return literalCode(type.values, isText);
    case 'null':
      return 'None';
    case 'list':
      return listCode(type, inner);
    case 'object':
      return objectOf(type, false);
    case 'any':
    case 'union':
      return inner(type);
    default:
      return WORDS[type.kind] ?? 'str';
  }
}

/** A list of JSON. */
function listCode(type: Extract<Type, { kind: 'list' }>, inner: (type: Type) => Code): Code {
  const list = typeOf('list', [inner(type.item)]);
  const counts = [
    ...(type.min ? [['min_length', String(type.min.value)] as const] : []),
    ...(type.max ? [['max_length', String(type.max.value)] as const] : []),
  ];
  return counts.length === 0 ? list : annotated(list, call('Field', counts));
}

/** A list that arrives as text. */
export function textsCode(type: Extract<Type, { kind: 'list' }>, isCsv: boolean): Code {
  const list = typeOf('list', [typeCode(type.item, 'text', () => 'str')]);
  return annotated(list, call(isCsv ? 'Csv' : 'Texts', lengthsOf(type)));
}

function literalCode(values: readonly (string | number | boolean)[], isText: boolean): Code {
  if (values.every((value) => typeof value === 'string')) return typeOf('Literal', values.map(quoted));
  const kinds = values.map((value) =>
    typeof value === 'string' ? 'str' : typeof value === 'boolean' ? 'bool' : Number.isInteger(value) ? 'int' : 'float',
  );
  const known = [...new Set(kinds)];
  // For Python, a whole number is a number too.
  const types = known.includes('float') ? known.filter((kind) => kind !== 'int') : known;
  const name = isText ? 'AmongText' : 'Among';
  return annotated(
    union(types),
    call(
      name,
      values.map((value) => ['', valueCode(value)] as const),
    ),
  );
}

/** A single value of JSON as code. */
export function valueCode(value: string | number | boolean | null): string {
  if (typeof value === 'string') return quoted(value);
  if (typeof value === 'number') return String(value);
  return value === null ? 'None' : value ? 'True' : 'False';
}

type Arguments = (readonly [name: string, value: string])[];

function lengthsOf({ min, max }: Bounds): Arguments {
  return [...(min ? [['min', String(min.value)] as const] : []), ...(max ? [['max', String(max.value)] as const] : [])];
}

function boundsOf({ min, max }: Bounds): Arguments {
  const limit = (bound: Bound | undefined, within: string, beyond: string): Arguments =>
    bound ? [[bound.isExclusive ? beyond : within, String(bound.value)]] : [];
  return [...limit(min, 'ge', 'gt'), ...limit(max, 'le', 'lt')];
}
