import type { Bounds } from './bounds.ts';
import type { Field, Type } from './type.ts';

/** Where a value comes from: a JSON document, or text in a path, a query, a header or a form. */
export type Place = 'json' | 'text';

/** A JSON value. */
export type Sample = string | number | boolean | null | readonly Sample[] | { readonly [name: string]: Sample };

/** Every service refuses a request of this size. */
const MAX_BYTES = 400_000;

/**
 * The smallest usual value of each field, including optional ones.
 * @throws {RangeError} if a test cannot send such a value
 */
export function sampleObject(fields: readonly Field[], place: Place): { [name: string]: Sample } {
  return Object.fromEntries(
    fields.map(({ name, type, isCsv }) => {
      const value = sampleOf(type, place, name);
      return [name, isCsv && Array.isArray(value) ? value.join() : value];
    }),
  );
}

/**
 * The smallest usual value of a type.
 * @param name of the field, for the message
 * @throws {RangeError} if a test cannot send such a value
 */
export function sampleOf(type: Type, place: Place, name = 'the value'): Sample {
  const inPlace = (value: number | boolean): Sample => (place === 'json' ? value : String(value));
  switch (type.kind) {
    case 'string':
      return (type.min?.value ?? 0) > 4 ? 't'.repeat(type.min?.value ?? 0) : 'text'.slice(0, type.max?.value ?? 4);
    case 'int':
      return inPlace(wholeWithin(type));
    case 'number':
      return inPlace(fractionWithin(type, name));
    case 'decimal':
      return fractionWithin(type, name).toString();
    case 'boolean':
      return inPlace(true);
    case 'date':
      return '2026-02-28';
    case 'datetime':
      return '2026-02-28T12:30:00Z';
    case 'uuid':
      return '0b7d2a3e-5c1f-4e8a-9d6b-2f4a8c0e1d3b';
    case 'email':
      return 'someone@example.com';
    case 'url':
      return 'https://example.com/';
    case 'uri':
      return 'urn:example:1';
    case 'enum':
      return type.values[0] ?? '';
    case 'literal': {
      const [first = ''] = type.values;
      return typeof first === 'string' ? first : inPlace(first);
    }
    case 'any':
      return 'text';
    case 'null':
      return null;
    case 'union':
      return sampleOf(type.alternatives[0] as Type, place, name);
    case 'list':
      return listOf(sampleOf(type.item, place, name), Math.max(type.min?.value ?? 1, 1), name);
    case 'object': {
      const { others } = type;
      const sample = sampleObject(type.fields, place);
      if (others !== undefined && others !== 'none') sample[otherName(type.fields)] = sampleOf(others, place, name);
      return small(sample);
    }
  }
}

/** A name that none of the fields has. */
export function otherName(fields: readonly Field[]): string {
  let name = 'other';
  while (fields.some((field) => field.name === name)) name += '1';
  return name;
}

function listOf(item: Sample, count: number, name: string): Sample {
  if (count > 1000) throw new RangeError(`${name}: a list of ${count} values is too long for a test`);
  if (count * JSON.stringify(item).length > MAX_BYTES) throw tooLarge();
  return Array.from({ length: count }, () => item);
}

function small(sample: Sample): Sample {
  if (JSON.stringify(sample).length > MAX_BYTES) throw tooLarge();
  return sample;
}

function tooLarge(): RangeError {
  return new RangeError(`the smallest valid request is larger than ${MAX_BYTES} bytes`);
}

function wholeWithin({ min, max }: Bounds): number {
  return Math.max(min?.value ?? Number.NEGATIVE_INFINITY, Math.min(1, max?.value ?? 1));
}

/** A number within bounds, with at most four decimals, as many as a decimal has. */
function fractionWithin({ min, max }: Bounds, name: string): number {
  const candidates = [
    1,
    min && max ? (min.value + max.value) / 2 : undefined,
    min && (min.isExclusive ? min.value + 1 : min.value),
    max && (max.isExclusive ? max.value - 1 : max.value),
    min && max ? Math.floor((min.value + max.value) / 2) : undefined,
  ];
  const fits = (value: number) =>
    Number(value.toFixed(4)) === value &&
    (min === undefined || (min.isExclusive ? value > min.value : value >= min.value)) &&
    (max === undefined || (max.isExclusive ? value < max.value : value <= max.value));
  const found = candidates.find((value) => value !== undefined && fits(value));
  if (found === undefined) throw new RangeError(`${name}: no value with four decimals is within its bounds`);
  return found;
}
