import type { Bounds } from '../../../engine/core/service/fields/bounds.ts';
import type { Field, Type } from '../../../engine/core/service/fields/type.ts';
import type { StructField } from '../print/layout.ts';
import { FORMATS } from './schema.ts';

type Tags = StructField['tags'];

/** Lists that arrive as text have no more items, unless their bounds say so. */
export const MAX_ITEMS = 1000;

/** Characters that the package encoding/json takes in the name of a member, beside letters and digits. */
const MEMBER_NAME = /^[\p{L}\p{N}!#$%&()*+\-./:;<=>?@[\]^_{|}~ ]+$/u;

/** Whether a struct can have a field for a member of this name. */
function hasTag(name: string): boolean {
  return MEMBER_NAME.test(name) && name !== '-';
}

/** What the tags of a field say of its type. Nothing where they cannot say all of it. */
export function tagsOf(type: Type): Tags | undefined {
  if (isPlain(type)) return [];
  switch (type.kind) {
    case 'object':
    case 'union':
    case 'any':
    case 'null':
      return type.isNullable && isPlain({ ...type, isNullable: false }) ? [['nullable', 'true']] : undefined;
    case 'list': {
      const item = type.item.isNullable && !isPlain(type.item) ? undefined : itemTags(type.item);
      const counts = item && boundTags(type, 'minItems', 'maxItems');
      return counts && [...item, ...counts, ...(type.isNullable ? [['nullable', 'true'] as const] : [])];
    }
    default:
      return scalarTags(type);
  }
}

/** What the tags of a list say of its items. */
function itemTags(item: Type): Tags | undefined {
  if (isPlain(item)) return [];
  return item.kind === 'object' || item.kind === 'list' || item.kind === 'union' || item.kind === 'null'
    ? undefined
    : scalarTags(item);
}

function scalarTags(type: Type): Tags | undefined {
  switch (type.kind) {
    case 'string':
      return boundTags(type, 'minLength', 'maxLength');
    case 'int':
    case 'number':
      return numberTags(type);
    case 'decimal':
      return [['format', 'decimal'], ...numberTags(type)];
    case 'enum':
    case 'literal':
      return isListed(type.values) ? [['enum', type.values.join(',')]] : undefined;
    case 'boolean':
    case 'any':
      return [];
    default: {
      const format = FORMATS[type.kind];
      return format === undefined ? undefined : [['format', format]];
    }
  }
}

/** Whether a tag can list these values: all of one type, and none with a character that ends a value or a tag. */
function isListed(values: readonly (string | number | boolean)[]): boolean {
  return kindOf(values) !== 'mixed' && !values.some((value) => /[,`\p{C}]/u.test(String(value)));
}

/** What values are in Go. */
export function kindOf(
  values: readonly (string | number | boolean)[],
): 'string' | 'int' | 'float64' | 'bool' | 'mixed' {
  const kinds = new Set(values.map((value) => (Number.isInteger(value) ? 'int' : typeof value)));
  if (kinds.size > 1) return [...kinds].every((kind) => kind === 'int' || kind === 'number') ? 'float64' : 'mixed';
  const [kind] = kinds;
  return kind === 'string' || kind === 'int' ? kind : kind === 'number' ? 'float64' : 'bool';
}

/** Whether the type in Go says all of it. */
function isPlain(type: Type): boolean {
  switch (type.kind) {
    case 'string':
    case 'int':
    case 'number':
      return type.min === undefined && type.max === undefined;
    case 'boolean':
      return true;
    case 'any':
      return true;
    case 'list':
      return !type.isNullable && type.min === undefined && type.max === undefined && isPlain(type.item);
    case 'object':
      return isStruct(type) || (isMap(type) && !type.isNullable && isPlain(type.others));
    default:
      return false;
  }
}

type ObjectType = Extract<Type, { kind: 'object' }>;

/** Whether a struct can stand for an object: it has no room for members that nobody named. */
export function isStruct(type: Type): boolean {
  return (
    type.kind === 'object' &&
    (type.others === 'none' || type.others === undefined) &&
    type.fields.every(({ name }) => hasTag(name))
  );
}

/** Whether a map of one type can stand for an object. */
export function isMap(type: Type): type is ObjectType & { readonly others: Type } {
  return type.kind === 'object' && type.fields.length === 0 && typeof type.others === 'object';
}

function boundTags({ min, max }: Bounds, low: string, high: string): Tags {
  return [...(min ? [[low, String(min.value)] as const] : []), ...(max ? [[high, String(max.value)] as const] : [])];
}

function numberTags({ min, max }: Bounds): Tags {
  return [
    ...(min ? [[min.isExclusive ? 'exclusiveMinimum' : 'minimum', String(min.value)] as const] : []),
    ...(max ? [[max.isExclusive ? 'exclusiveMaximum' : 'maximum', String(max.value)] as const] : []),
  ];
}

/** A list of a query or a form has bounds in any case. */
export function bounded(field: Field): Field {
  const { type } = field;
  if (type.kind !== 'list' || type.max) return field;
  return { ...field, type: { ...type, max: { value: MAX_ITEMS, isExclusive: false } } };
}
