export interface Bound {
  readonly value: number;
  /** Whether the bound itself is not allowed. Only for fractions: for whole numbers the bound is moved by one. */
  readonly isExclusive: boolean;
}

export interface Bounds {
  readonly min?: Bound;
  readonly max?: Bound;
}

/** What bounds limit: a length or a count, a whole number or a fraction. */
type Measure = 'length' | 'whole' | 'fraction';

const BOUND = /([<>])(=?)(-?\d+(?:\.\d+)?)/g;
const MAX_LENGTH = 100_000;

/** What the bounds of a type limit. Some types have no bounds. */
function measureOf(kind: string): Measure | undefined {
  if (kind === 'list' || kind === 'string') return 'length';
  if (kind === 'int') return 'whole';
  return kind === 'number' || kind === 'decimal' ? 'fraction' : undefined;
}

/**
 * @param name of the field, for the message
 * @param text e.g. `>0<=99`
 * @throws {RangeError} with the reason
 */
export function boundsOf(name: string, kind: string, text: string): Bounds {
  const measure = measureOf(kind);
  const found: { min?: Bound; max?: Bound } = {};
  for (const [, sign, equal, digits = ''] of text.matchAll(BOUND)) {
    const side = sign === '>' ? 'min' : 'max';
    if (measure === undefined)
      throw new RangeError(`${name}: ${/^[aeio]/.test(kind) ? 'an' : 'a'} ${kind} has no bounds`);
    if (found[side]) throw new RangeError(`${name} has two bounds on one side`);
    found[side] = toBound(name, measure, side, Number(digits), equal !== '=');
  }
  checkBounds(name, kind, found);
  return found;
}

/** The bounds of a text or a list that is not empty. */
export function filled(name: string, kind: 'string' | 'list', bounds: Bounds): Bounds {
  const { min = { value: 1, isExclusive: false } } = bounds;
  checkBounds(name, kind, { ...bounds, min });
  return { min };
}

function checkBounds(name: string, kind: string, { min, max }: Bounds): void {
  if (kind === 'list' && max && max.value < 1) throw new RangeError(`${name}: the bounds allow only an empty list`);
  if (min && max && (min.value > max.value || (min.value === max.value && (min.isExclusive || max.isExclusive))))
    throw new RangeError(`${name}: no value is within its bounds`);
}

function toBound(name: string, measure: Measure, side: 'min' | 'max', value: number, isExclusive: boolean): Bound {
  if (Math.abs(value) >= 1e15) throw new RangeError(`${name}: the bound ${value} is too large`);
  if (measure === 'fraction') return { value, isExclusive };
  if (!Number.isSafeInteger(value)) throw new RangeError(`${name}: the bound ${value} is not a whole number`);
  const whole = isExclusive ? value + (side === 'min' ? 1 : -1) : value;
  if (measure === 'length' && (whole < 0 || whole > MAX_LENGTH))
    throw new RangeError(`${name}: a length must be from 0 to ${MAX_LENGTH}, not ${whole}`);
  return { value: whole, isExclusive: false };
}
