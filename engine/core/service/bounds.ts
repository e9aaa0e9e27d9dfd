export interface Bound {
  readonly value: number;
  /** Whether the bound itself is not allowed. Only for fractions: for whole numbers the bound is moved by one. */
  readonly isExclusive: boolean;
}

type Bounds = { readonly min?: Bound; readonly max?: Bound };

/** The properties of a field that its bounds depend on. */
interface Measured {
  readonly name: string;
  readonly type: string;
  readonly isList?: boolean;
}

const BOUND = /([<>])(=?)(-?\d+(?:\.\d+)?)/g;
const MAX_LENGTH = 100_000;

/** What the bounds of a type limit: a length, a whole number or a fraction. Some types have no bounds. */
function measureOf({ type, isList }: Measured): 'length' | 'whole' | 'fraction' | undefined {
  if (isList || type === 'string') return 'length';
  if (type === 'int') return 'whole';
  return type === 'number' || type === 'decimal' ? 'fraction' : undefined;
}

/**
 * @param text e.g. `>0<=99`
 * @param isFilled whether a string or list must not be empty
 * @throws {RangeError} with the reason
 */
export function boundsOf(field: Measured, text: string, isFilled: boolean): Bounds {
  const measure = measureOf(field);
  const found: { min?: Bound; max?: Bound } = {};
  for (const [, sign, equal, digits = ''] of text.matchAll(BOUND)) {
    const side = sign === '>' ? 'min' : 'max';
    if (measure === undefined) throw new RangeError(`${field.name}: a ${field.type} has no bounds`);
    if (found[side]) throw new RangeError(`${field.name} has two bounds on one side`);
    found[side] = toBound(field.name, measure, side, Number(digits), equal !== '=');
  }
  if (isFilled && measure === 'length') found.min ??= { value: 1, isExclusive: false };
  const { min, max } = found;
  if (field.isList && max && max.value < 1) throw new RangeError(`${field.name}: the bounds allow only an empty list`);
  if (min && max && (min.value > max.value || (min.value === max.value && (min.isExclusive || max.isExclusive))))
    throw new RangeError(`${field.name}: no value is within its bounds`);
  return found;
}

function toBound(
  name: string,
  measure: 'length' | 'whole' | 'fraction',
  side: 'min' | 'max',
  value: number,
  isExclusive: boolean,
): Bound {
  if (Math.abs(value) >= 1e15) throw new RangeError(`${name}: the bound ${value} is too large`);
  if (measure === 'fraction') return { value, isExclusive };
  if (!Number.isSafeInteger(value)) throw new RangeError(`${name}: the bound ${value} is not a whole number`);
  const whole = isExclusive ? value + (side === 'min' ? 1 : -1) : value;
  if (measure === 'length' && (whole < 0 || whole > MAX_LENGTH))
    throw new RangeError(`${name}: a length must be from 0 to ${MAX_LENGTH}, not ${whole}`);
  return { value: whole, isExclusive: false };
}
