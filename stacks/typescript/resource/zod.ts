import { decimalRange, lengthOf } from '../../../engine/core/service/columns.ts';
import type { Field } from '../../../engine/core/service/field.ts';

const WIDTH = 100;

/** A field's schema as a member of the resource's: on the member's line, or broken as the formatter would. */
export function schemaOf(field: Field): string {
  const { name, values = [], isOptional } = field;
  const schema = `${typeSchema(field)}${isOptional ? '.nullable().default(null)' : ''}`;
  if (`  ${name}: ${schema},`.length <= WIDTH) return schema;
  const items = (indent: string) => values.map((value) => `${indent}${JSON.stringify(value)},\n`).join('');
  return isOptional
    ? `z\n    .enum([\n${items('      ')}    ])\n    .nullable()\n    .default(null)`
    : `z.enum([\n${items('    ')}  ])`;
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

function typeSchema(field: Field): string {
  switch (field.type) {
    case 'string': {
      const [low, high] = lengthOf(field);
      return `text(${low === 1 && high === 200 ? '' : `${low}, ${high}`})`;
    }
    case 'int':
      return `z.int32()${calls(field)}`;
    case 'number':
      return `z.number()${calls(field)}`;
    case 'decimal':
      return `decimal(${decimalBounds(field)})`;
    case 'boolean':
      return 'z.boolean()';
    case 'date':
      return 'date';
    case 'datetime':
      return 'dateTime';
    case 'uuid':
      return 'z.uuid().toLowerCase()';
    case 'email':
      return 'email';
    case 'url':
      return 'url';
    case 'enum':
      return `z.enum([${(field.values ?? []).map((value) => JSON.stringify(value)).join(', ')}])`;
    case 'object':
      throw new Error('refused by checkColumn');
  }
}

function decimalBounds(field: Field): string {
  const [low, high] = decimalRange(field);
  if (high !== undefined) return `${low ?? '-Infinity'}, ${high}`;
  return low === undefined ? '' : String(low);
}

function calls({ min, max }: Field): string {
  return `${min ? `.${min.isExclusive ? 'gt' : 'min'}(${min.value})` : ''}${max ? `.${max.isExclusive ? 'lt' : 'max'}(${max.value})` : ''}`;
}
