import { type ColumnField, type ColumnType, decimalRange, lengthOf } from '../../../engine/core/service/columns.ts';
import type { Scalar } from '../../../engine/core/service/fields/type.ts';
import {
  binary,
  type Code,
  chain,
  choice,
  json,
  made,
  number,
  template,
  text,
  name as variable,
} from '../print/code.ts';

/** As many different values as a test of pages, conflicts and versions needs. */
const NEEDED = 100;

const IS_EVEN = 'samples % 2 === 0';

/**
 * An expression for a valid value, in the form in which it is answered. `samples` counts up, so that no two are the same.
 * @throws {RangeError} for a unique field with too few values
 */
export function sampleExpression(field: ColumnField): Code {
  const { type } = field;
  switch (type.kind) {
    case 'string':
      return textExpression(field, type);
    case 'int':
    case 'number':
    case 'decimal':
      return numberExpression(field, type);
    case 'boolean':
      return binary(IS_EVEN);
    case 'date':
      return chain(made('Date', binary('samples * 86_400_000')), 'toISOString', [], 'slice', [number(0), number(10)]);
    case 'datetime':
      return chain(made('Date', binary('samples * 1000')), 'toISOString', []);
    case 'uuid':
      // biome-ignore lint/suspicious/noTemplateCurlyInString: it is the service's code.
      return template('00000000-0000-4000-8000-${String(samples).padStart(12, "0")}');
    case 'email':
      // biome-ignore lint/suspicious/noTemplateCurlyInString: it is the service's code.
      return template('user${samples}@example.com');
    case 'url':
      // biome-ignore lint/suspicious/noTemplateCurlyInString: it is the service's code.
      return template('https://example.com/${samples}');
    case 'uri':
      // biome-ignore lint/suspicious/noTemplateCurlyInString: it is the service's code.
      return template('urn:example:${samples}');
    case 'enum': {
      const [first = '', second = first] = type.values;
      return first === second ? text(first) : choice(IS_EVEN, text(first), text(second));
    }
  }
}

function textExpression({ name, isUnique }: ColumnField, type: Scalar): Code {
  const [low, high] = lengthOf(type);
  if (high < 3) {
    if (isUnique) throw new RangeError(`${name}: there are too few texts of ${high} characters for a unique field`);
    return text('x'.repeat(high));
  }
  const isNamed = high >= name.length + 5;
  const counted = isNamed ? template(`${name} \${samples}`) : chain(variable('String'), [variable('samples')]);
  if (low > 3) return chain(counted, 'padEnd', [number(low), text('x')]);
  return low <= 1 || isNamed ? counted : chain(counted, 'padStart', [number(low), text('0')]);
}

function numberExpression({ name, isUnique }: ColumnField, type: Scalar): Code {
  const { kind, min, max } = type;
  const [low, high] = kind === 'decimal' ? decimalRange(type) : [min?.value, max?.value];
  if (low === undefined && high === undefined) return counted(kind, 0);
  // Whole numbers between the bounds, with room for the half that is added to each.
  const first = low === undefined ? Math.floor(high ?? 0) - 1 - 10 * NEEDED : Math.ceil(low);
  const count = high === undefined ? Number.POSITIVE_INFINITY : Math.floor(high) - first;
  if (count > NEEDED) return counted(kind, first);
  if (isUnique) throw new RangeError(`${name}: there are too few values within its bounds for a unique field`);
  return fixed(kind, low, high, name, min?.isExclusive ?? false, max?.isExclusive ?? false);
}

/** A number that counts up from the first one. */
function counted(kind: Scalar['kind'], first: number): Code {
  const sum = first === 0 ? 'samples' : first < 0 ? `samples - ${-first}` : `samples + ${first}`;
  if (kind === 'decimal') return template(`\${${first === 0 ? sum : `${first} + samples`}}.5000`);
  if (kind === 'number') return binary(`${sum} + 0.5`);
  return first === 0 ? variable(sum) : binary(sum);
}

/** One value for all, where there are only few. */
function fixed(
  kind: Scalar['kind'],
  low: number | undefined,
  high: number | undefined,
  name: string,
  isAbove: boolean,
  isBelow: boolean,
): Code {
  const [from, to] = [low ?? (high ?? 0) - 1, high ?? (low ?? 0) + 1];
  if (kind === 'int') return number(from);
  if (kind === 'decimal') return text(from.toFixed(4));
  const value = !isAbove ? from : !isBelow ? to : (from + to) / 2;
  if (!Number.isFinite(value)) throw new RangeError(`${name}: no value is within its bounds`);
  return number(value);
}

/** Something that has to be refused. */
export function wrongExpression({ type }: ColumnField): Code {
  const wrong: Readonly<Record<ColumnType['kind'], string | number>> = {
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
  return json(wrong[type.kind]);
}

/** What the column takes and no client may write, if there is such a value. */
export function oddValue({ type }: ColumnField): string | undefined {
  if (type.kind === 'date' || type.kind === 'datetime') return 'infinity';
  // To PostgreSQL, NaN is above every number.
  return (type.kind === 'number' || type.kind === 'decimal') && type.max === undefined ? 'NaN' : undefined;
}
