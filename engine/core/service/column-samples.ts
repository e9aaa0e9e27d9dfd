import { type ColumnField, decimalRange, lengthOf } from './columns.ts';
import type { Scalar } from './fields/type.ts';

/** As many different values as a test of pages, conflicts and versions needs. */
const NEEDED = 100;

/**
 * Valid values of a column, as each language says them in code. A test counts `n` up, so that no two are the same.
 * - `fixed`: the same each time. `choice`: the one for an even `n`, and the other.
 * - `text`: these words and `n`, padded to `length`.
 * - `counted`: `n` from the first one on, with a half for a `number`, and four decimals for a `decimal`.
 * - the others are of the form of that name, or `boolean`.
 */
export type Sample =
  | { readonly kind: 'fixed'; readonly value: string | number }
  | { readonly kind: 'choice'; readonly values: readonly [even: string, odd: string] }
  | { readonly kind: 'text'; readonly words: string; readonly length: number }
  | { readonly kind: 'counted'; readonly of: 'int' | 'number' | 'decimal'; readonly first: number }
  | { readonly kind: 'boolean' | 'date' | 'datetime' | 'uuid' | 'email' | 'url' | 'uri' };

/** @throws {RangeError} for a unique field with too few values */
export function sampleOf(field: ColumnField): Sample {
  const { type } = field;
  switch (type.kind) {
    case 'string':
      return sampleText(field, type);
    case 'int':
    case 'number':
    case 'decimal':
      return sampleNumber(field, type, type.kind);
    case 'enum': {
      const [first = '', second = first] = type.values;
      return first === second ? { kind: 'fixed', value: first } : { kind: 'choice', values: [first, second] };
    }
    default:
      return { kind: type.kind };
  }
}

function sampleText({ name, isUnique }: ColumnField, type: Scalar): Sample {
  const [length, high] = lengthOf(type);
  if (high >= 3) return { kind: 'text', words: high >= name.length + 5 ? `${name} ` : '', length };
  if (isUnique) throw new RangeError(`${name}: there are too few texts of ${high} characters for a unique field`);
  return { kind: 'fixed', value: 'x'.repeat(high) };
}

function sampleNumber(field: ColumnField, type: Scalar, of: 'int' | 'number' | 'decimal'): Sample {
  const { min, max } = type;
  const [low, high] = of === 'decimal' ? decimalRange(type) : [min?.value, max?.value];
  if (low === undefined && high === undefined) return { kind: 'counted', of, first: 0 };
  // Whole numbers between the bounds, with room for the half that is added to each.
  const first = low === undefined ? Math.floor(high ?? 0) - 1 - 10 * NEEDED : Math.ceil(low);
  const count = high === undefined ? Number.POSITIVE_INFINITY : Math.floor(high) - first;
  if (count > NEEDED) return { kind: 'counted', of, first };
  if (field.isUnique)
    throw new RangeError(`${field.name}: there are too few values within its bounds for a unique field`);
  const [from, to] = [low ?? (high ?? 0) - 1, high ?? (low ?? 0) + 1];
  if (of === 'decimal') return { kind: 'fixed', value: from.toFixed(4) };
  const value = of === 'int' || !min?.isExclusive ? from : !max?.isExclusive ? to : (from + to) / 2;
  if (!Number.isFinite(value)) throw new RangeError(`${field.name}: no value is within its bounds`);
  return { kind: 'fixed', value };
}

/** Something that has to be refused. */
export function wrongValue({ type }: ColumnField): string | number {
  const wrong: Readonly<Record<ColumnField['type']['kind'], string | number>> = {
    string: ' ',
    int: 0.5,
    number: '1',
    decimal: '1.23456',
    boolean: 'yes',
    date: '2026-02-30',
    datetime: '2026-01-31 12:00',
    uuid: '1',
    email: 'nobody',
    url: 'example',
    enum: '',
    uri: 'nowhere',
  };
  return wrong[type.kind];
}

/** What the column takes and no client may write, if there is such a value. */
export function oddValue({ type }: ColumnField): string | undefined {
  if (type.kind === 'date' || type.kind === 'datetime') return 'infinity';
  // To PostgreSQL, NaN is above every number.
  return (type.kind === 'number' || type.kind === 'decimal') && type.max === undefined ? 'NaN' : undefined;
}
