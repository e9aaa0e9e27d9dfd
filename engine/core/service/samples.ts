import type { Field } from './field.ts';

/** Where a value comes from: a JSON document, or text in a path, a query or a header. */
export type Place = 'json' | 'text';

/** A JSON value. */
export type Sample = string | number | boolean | readonly Sample[] | { readonly [name: string]: Sample };

/** A wrong value of one field. */
export interface Wrong {
  readonly name: string;
  readonly value: Sample | undefined;
  readonly reason: string;
}

/** Every service refuses a request of this size. */
const MAX_BYTES = 400_000;

/**
 * The smallest usual value of each field, including optional ones.
 * @throws {RangeError} if a test cannot send such a value
 */
export function sampleObject(fields: readonly Field[], place: Place): { [name: string]: Sample } {
  const sample = Object.fromEntries(fields.map((field) => [field.name, sampleOf(field, place)]));
  if (JSON.stringify(sample).length > MAX_BYTES)
    throw new RangeError(`the smallest valid request is larger than ${MAX_BYTES} bytes`);
  return sample;
}

export function sampleOf(field: Field, place: Place): Sample {
  if (!field.isList) return sampleOne(field, place);
  const count = Math.max(field.min?.value ?? 1, 1);
  if (count > 1000) throw new RangeError(`${field.name}: a list of ${count} values is too long for a test`);
  const { min: _min, max: _max, ...item } = field;
  const one = sampleOne({ ...item, isList: false }, place);
  return Array.from({ length: count }, () => one);
}

function sampleOne(field: Field, place: Place): Sample {
  const inPlace = (value: number | boolean): Sample => (place === 'json' ? value : String(value));
  switch (field.type) {
    case 'string':
      return (field.min?.value ?? 0) > 4 ? 't'.repeat(field.min?.value ?? 0) : 'text'.slice(0, field.max?.value ?? 4);
    case 'int':
      return inPlace(wholeWithin(field));
    case 'number':
      return inPlace(fractionWithin(field));
    case 'decimal':
      return fractionWithin(field).toString();
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
    case 'enum':
      return field.values?.[0] ?? '';
    case 'object':
      return sampleObject(field.fields ?? [], place);
  }
}

function wholeWithin({ min, max }: Field): number {
  return Math.max(min?.value ?? Number.NEGATIVE_INFINITY, Math.min(1, max?.value ?? 1));
}

/** A number within bounds, with at most four decimals, as many as a decimal has. */
function fractionWithin({ name, min, max }: Field): number {
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

const WRONG_TEXT: Readonly<Record<Field['type'], string | undefined>> = {
  string: undefined,
  int: '1.5',
  number: 'x',
  decimal: '1,5',
  boolean: 'perhaps',
  date: '2026-02-30',
  datetime: 'yesterday',
  uuid: '1',
  email: 'nobody',
  url: 'javascript:alert(1)',
  enum: '-',
  object: undefined,
};

const WRONG_JSON: Readonly<Record<Field['type'], Sample>> = {
  ...(WRONG_TEXT as Record<Field['type'], string>),
  string: 1,
  int: 1.5,
  boolean: 'perhaps',
  object: 1,
};

/** Values of each field that a service must refuse. `undefined` means that the field is missing. */
export function wrongValues(fields: readonly Field[], place: Place): Wrong[] {
  return fields.flatMap((field) => {
    const { name, type, isOptional, isList, min, max } = field;
    const wrongs: Wrong[] = [];
    if (!isOptional) wrongs.push({ name, value: undefined, reason: `no ${name}` });
    const other = place === 'json' ? WRONG_JSON[type] : WRONG_TEXT[type];
    const listed = isList ? other !== undefined && [other] : other;
    if (listed !== undefined && listed !== false)
      wrongs.push({
        name,
        value: isList && place === 'json' ? 'none' : listed,
        reason: `a ${name} that is no ${isList ? 'list' : type}`,
      });
    const isShort = type === 'string' && !isList;
    if (isShort && min && min.value > 0)
      wrongs.push({ name, value: 't'.repeat(min.value - 1), reason: `a ${name} that is too short` });
    if (isShort && max) wrongs.push({ name, value: 't'.repeat(max.value + 1), reason: `a ${name} that is too long` });
    const isNumber = (type === 'int' || type === 'number' || type === 'decimal') && !isList;
    const number = (value: number): Sample => (place === 'json' && type !== 'decimal' ? value : String(value));
    if (isNumber && min) wrongs.push({ name, value: number(beyond(min, -1)), reason: `a ${name} that is too small` });
    if (isNumber && max) wrongs.push({ name, value: number(beyond(max, 1)), reason: `a ${name} that is too large` });
    return wrongs;
  });
}

function beyond(bound: { value: number; isExclusive: boolean }, step: 1 | -1): number {
  return bound.isExclusive ? bound.value : bound.value + step;
}
