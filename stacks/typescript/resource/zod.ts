import { decimalRange, lengthOf } from '../../../engine/core/service/columns.ts';
import type { Field } from '../../../engine/core/service/field.ts';
import { type Code, chain, type Link, list, name, number, text } from '../print/code.ts';

/** A field's schema. */
export function schemaOf(field: Field): Code {
  const schema = typeSchema(field);
  return field.isOptional ? chain(schema, 'nullable', [], 'default', [name('null')]) : schema;
}

/** What a field's schema takes from `src/platform/field-types.ts`, if anything. */
export function schemaImport({ type }: Field): string | undefined {
  const imports: Partial<Record<Field['type'], string>> = {
    string: 'text',
    decimal: 'decimal',
    date: 'date',
    datetime: 'dateTime',
    email: 'email',
    url: 'url',
  };
  return imports[type];
}

function typeSchema(field: Field): Code {
  const z = name('z');
  switch (field.type) {
    case 'string': {
      const [low, high] = lengthOf(field);
      return chain(name('text'), low === 1 && high === 200 ? [] : [number(low), number(high)]);
    }
    case 'int':
      return chain(z, 'int32', [], ...bounds(field));
    case 'number':
      return chain(z, 'number', [], ...bounds(field));
    case 'decimal':
      return chain(name('decimal'), decimalBounds(field).map(number));
    case 'boolean':
      return chain(z, 'boolean', []);
    case 'date':
      return name('date');
    case 'datetime':
      return name('dateTime');
    case 'uuid':
      return chain(z, 'uuid', [], 'toLowerCase', []);
    case 'email':
      return name('email');
    case 'url':
      return name('url');
    case 'enum':
      return chain(z, 'enum', [list((field.values ?? []).map(text))]);
    case 'object':
      throw new Error('refused by checkColumn');
  }
}

function decimalBounds(field: Field): number[] {
  const [low, high] = decimalRange(field);
  if (high !== undefined) return [low ?? Number.NEGATIVE_INFINITY, high];
  return low === undefined ? [] : [low];
}

function bounds({ min, max }: Field): Link[] {
  return [
    ...(min ? [min.isExclusive ? 'gt' : 'min', [number(min.value)]] : []),
    ...(max ? [max.isExclusive ? 'lt' : 'max', [number(max.value)]] : []),
  ];
}
