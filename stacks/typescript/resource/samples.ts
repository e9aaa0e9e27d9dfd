import { decimalRange, lengthOf } from '../../../engine/core/service/columns.ts';
import type { Field } from '../../../engine/core/service/field.ts';

/** As many different values as a test of pages, conflicts and versions needs. */
const NEEDED = 100;

/**
 * An expression for a valid value, in the form in which it is answered. `samples` counts up, so that no two are the same.
 * @throws {RangeError} for a unique field with too few values
 */
export function sampleExpression(field: Field): string {
  const { name, type, values = [] } = field;
  switch (type) {
    case 'string':
      return textExpression(field);
    case 'int':
    case 'number':
    case 'decimal':
      return numberExpression(field);
    case 'boolean':
      return 'samples % 2 === 0';
    case 'date':
      return 'new Date(samples * 86_400_000).toISOString().slice(0, 10)';
    case 'datetime':
      return 'new Date(samples * 1000).toISOString()';
    case 'uuid':
      // biome-ignore lint/suspicious/noTemplateCurlyInString: it is the service's code.
      return '`00000000-0000-4000-8000-${String(samples).padStart(12, "0")}`';
    case 'email':
      // biome-ignore lint/suspicious/noTemplateCurlyInString: it is the service's code.
      return '`user${samples}@example.com`';
    case 'url':
      // biome-ignore lint/suspicious/noTemplateCurlyInString: it is the service's code.
      return '`https://example.com/${samples}`';
    case 'enum': {
      const [first = '', second = first] = values.map((value) => JSON.stringify(value));
      return first === second ? first : `samples % 2 === 0 ? ${first} : ${second}`;
    }
    case 'object':
      throw new Error(`${name} has no column`);
  }
}

function textExpression(field: Field): string {
  const { name, isUnique } = field;
  const [low, high] = lengthOf(field);
  if (high < 3) {
    if (isUnique) throw new RangeError(`${name}: there are too few texts of ${high} characters for a unique field`);
    return JSON.stringify('x'.repeat(high));
  }
  const text = high >= name.length + 5 ? `\`${name} \${samples}\`` : 'String(samples)';
  return low <= 3
    ? low <= 1 || text.startsWith('`')
      ? text
      : `${text}.padStart(${low}, "0")`
    : `${text}.padEnd(${low}, "x")`;
}

function numberExpression({ name, type, isUnique, min, max, ...rest }: Field): string {
  const [low, high] =
    type === 'decimal'
      ? decimalRange({ name, type, isUnique, ...rest, ...(min ? { min } : {}), ...(max ? { max } : {}) })
      : [min?.value, max?.value];
  const fraction = type === 'decimal' ? '.5000' : '';
  const print = (whole: string) =>
    type === 'decimal' ? `\`\${${whole}}${fraction}\`` : type === 'number' ? `${whole} + 0.5` : whole;
  if (low === undefined && high === undefined) return print('samples');
  // Whole numbers between the bounds, with room for the half that is added to each.
  const first = low === undefined ? Math.floor(high ?? 0) - 1 - 10 * NEEDED : Math.ceil(low);
  const count = high === undefined ? Number.POSITIVE_INFINITY : Math.floor(high) - first;
  if (count > NEEDED) {
    if (first === 0) return print('samples');
    return type === 'decimal'
      ? print(`${first} + samples`)
      : print(first < 0 ? `samples - ${-first}` : `samples + ${first}`);
  }
  if (isUnique) throw new RangeError(`${name}: there are too few values within its bounds for a unique field`);
  return fixed(type, low, high, name, min?.isExclusive ?? false, max?.isExclusive ?? false);
}

/** One value for all, where there are only few. */
function fixed(
  type: Field['type'],
  low: number | undefined,
  high: number | undefined,
  name: string,
  isAbove: boolean,
  isBelow: boolean,
): string {
  const [from, to] = [low ?? (high ?? 0) - 1, high ?? (low ?? 0) + 1];
  if (type === 'int') return String(from);
  if (type === 'decimal') return JSON.stringify(from.toFixed(4));
  const value = !isAbove ? from : !isBelow ? to : (from + to) / 2;
  if (!Number.isFinite(value)) throw new RangeError(`${name}: no value is within its bounds`);
  return String(value);
}

/** Something that has to be refused. */
export function wrongExpression({ type }: Field): string {
  const wrong: Readonly<Record<Field['type'], string>> = {
    string: '" "',
    int: '0.5',
    number: '"1"',
    decimal: '"1.23456"',
    boolean: '"yes"',
    date: '"2026-02-30"',
    datetime: '"2026-01-31 12:00"',
    uuid: '"1"',
    email: '"nobody"',
    url: '"example"',
    enum: '""',
    object: '1',
  };
  return wrong[type];
}
