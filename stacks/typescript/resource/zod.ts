import { type ColumnField, type ColumnType, decimalRange, lengthOf } from '../../../engine/core/service/columns.ts';
import type { Bounds } from '../../../engine/core/service/fields/bounds.ts';
import { type Code, chain, type Link, list, name, number, text } from '../print/code.ts';

/** A field's schema. */
export function schemaOf({ type, isOptional }: ColumnField): Code {
  const schema = typeSchema(type);
  return isOptional ? chain(schema, 'nullable', [], 'default', [name('null')]) : schema;
}

/** The schema of what is read from a field's column: it takes whatever the column can hold, also what no client may write. */
export function storedSchemaOf({ type, isOptional }: ColumnField): Code {
  const schema = storedSchema(type);
  // What is neither a number of JSON nor null is read as null: see columns.ts.
  return isOptional || type.kind === 'number' ? chain(schema, 'nullable', []) : schema;
}

function storedSchema(type: ColumnType): Code {
  const z = name('z');
  switch (type.kind) {
    case 'int':
      return chain(z, 'int32', []);
    case 'number':
    case 'boolean':
      return chain(z, type.kind, []);
    case 'uuid':
      return chain(z, 'guid', []);
    case 'enum':
      return chain(typeSchema(type), 'or', [chain(z, 'string', [])]);
    default:
      return chain(z, 'string', []);
  }
}

/** What a field's schema takes from `src/platform/field-types.ts`, if anything. */
export function schemaImport({ type }: ColumnField): string | undefined {
  const imports: Partial<Record<ColumnType['kind'], string>> = {
    string: 'text',
    decimal: 'decimal',
    date: 'date',
    datetime: 'dateTime',
    email: 'email',
    url: 'url',
    uri: 'uri',
  };
  return imports[type.kind];
}

function typeSchema(type: ColumnType): Code {
  const z = name('z');
  switch (type.kind) {
    case 'string': {
      const [low, high] = lengthOf(type);
      return chain(name('text'), low === 1 && high === 200 ? [] : [number(low), number(high)]);
    }
    case 'int':
      return chain(z, 'int32', [], ...bounds(type));
    case 'number':
      return chain(z, 'number', [], ...bounds(type));
    case 'decimal':
      return chain(name('decimal'), decimalBounds(type).map(number));
    case 'boolean':
      return chain(z, 'boolean', []);
    case 'date':
      return name('date');
    case 'datetime':
      return name('dateTime');
    case 'uuid':
      return chain(z, 'guid', [], 'toLowerCase', []);
    case 'email':
      return name('email');
    case 'url':
    case 'uri':
      return name(type.kind);
    case 'enum':
      return chain(z, 'enum', [list(type.values.map(text))]);
  }
}

function decimalBounds(limits: Bounds): number[] {
  const [low, high] = decimalRange(limits);
  if (high !== undefined) return [low ?? Number.NEGATIVE_INFINITY, high];
  return low === undefined ? [] : [low];
}

function bounds({ min, max }: Bounds): Link[] {
  return [
    ...(min ? [min.isExclusive ? 'gt' : 'min', [number(min.value)]] : []),
    ...(max ? [max.isExclusive ? 'lt' : 'max', [number(max.value)]] : []),
  ];
}
