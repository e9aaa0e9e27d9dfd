import type { Bounds } from './bounds.ts';

/** Types that are one word, and need nothing beside it. */
export const SCALARS = [
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
  'uri',
] as const;

interface Common {
  readonly isNullable: boolean;
}

/** A single value. Its bounds are those of a number, or of the length of a text. */
export interface Scalar extends Common, Bounds {
  readonly kind: (typeof SCALARS)[number];
}

/** One of some texts. */
interface Enum extends Common {
  readonly kind: 'enum';
  readonly values: readonly string[];
}

/** One of some values, which need not be texts. */
interface Literal extends Common {
  readonly kind: 'literal';
  readonly values: readonly (string | number | boolean)[];
}

/** An object. What its fields do not name is of the type `others`, refused (`none`), or dropped. */
interface ObjectType extends Common {
  readonly kind: 'object';
  readonly fields: readonly Field[];
  readonly others?: Type | 'none';
}

/** A list. Its bounds are those of the count. */
interface List extends Common, Bounds {
  readonly kind: 'list';
  readonly item: Type;
}

/** One of several types, of which none is a union, nullable, or equal to another. */
interface Union extends Common {
  readonly kind: 'union';
  readonly alternatives: readonly Type[];
}

/** Any value, null too. */
interface Any extends Common {
  readonly kind: 'any' | 'null';
}

/** What a value may be. */
export type Type = Scalar | Enum | Literal | ObjectType | List | Union | Any;

/** One member of a request, a response or a table. */
export interface Field {
  readonly name: string;
  readonly type: Type;
  readonly isOptional: boolean;
  /** Of a table: no two rows have the same value. */
  readonly isUnique: boolean;
  /** Of a query: a list is one parameter, with commas. */
  readonly isCsv: boolean;
}

/** A whole body or response. */
export interface Whole {
  readonly type: Type;
  readonly isOptional: boolean;
}

/** One of several types: flat, without doubles. What may be anything is `any`. */
export function unite(types: readonly Type[]): Type {
  const [only] = types;
  if (only !== undefined && types.length === 1) return only;
  const flat = types.flatMap((type) => (type.kind === 'union' ? type.alternatives : [type]));
  const any = flat.find(({ kind }) => kind === 'any');
  if (any) return any;
  const isNullable = types.some((type) => type.isNullable || type.kind === 'null');
  const others = new Map(
    flat.flatMap((type) => {
      const bare = { ...type, isNullable: false };
      return type.kind === 'null' ? [] : [[JSON.stringify(bare), bare] as const];
    }),
  );
  const [first, ...rest] = others.values();
  if (first === undefined) return { kind: 'null', isNullable: false };
  return rest.length === 0 ? { ...first, isNullable } : { kind: 'union', alternatives: [first, ...rest], isNullable };
}

/** Every field below a type, at any depth. */
export function fieldsOf(type: Type | undefined): Field[] {
  switch (type?.kind) {
    case 'object':
      return [
        ...type.fields.flatMap((field) => [field, ...fieldsOf(field.type)]),
        ...(type.others === 'none' ? [] : fieldsOf(type.others)),
      ];
    case 'list':
      return fieldsOf(type.item);
    case 'union':
      return type.alternatives.flatMap(fieldsOf);
    default:
      return [];
  }
}
