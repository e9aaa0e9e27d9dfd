import type { Place } from '../place.ts';

/** A bound can be so many at most: of a length, and of a value. */
const MAX_LENGTH = 100_000;
const MAX_VALUE = 1e15;

interface Limit {
  readonly value: number;
  readonly isExclusive: boolean;
}

/** The bounds of a number, the tightest of all that are said: `>=0<100`. */
export function valueBounds(layers: readonly Place[], isWhole: boolean): string {
  const low = tightest(
    layers.flatMap((layer) => limitsOf(layer, 'minimum', 'exclusiveMinimum', isWhole)),
    1,
  );
  const high = tightest(
    layers.flatMap((layer) => limitsOf(layer, 'maximum', 'exclusiveMaximum', isWhole)),
    -1,
  );
  return boundsText(layers, low, high, ['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum']);
}

/** The bounds of a length or a count: `>=1<=9`. */
export function countBounds(layers: readonly Place[], least: string, most: string, smallest: number): string {
  const low = tightest(
    layers.flatMap((layer) => countOf(layer, least, 0)),
    1,
  );
  const high = tightest(
    layers.flatMap((layer) => countOf(layer, most, smallest)),
    -1,
  );
  return boundsText(layers, low, high, [least, most]);
}

/** Whether one value is within all bounds. Each of them is used. */
export function isWithin(layers: readonly Place[], value: unknown): boolean {
  const isText = typeof value === 'string';
  if (!isText && typeof value !== 'number') return true;
  const size = isText ? [...value].length : value;
  return layers.every((layer) => {
    const lows = isText ? countOf(layer, 'minLength', 0) : limitsOf(layer, 'minimum', 'exclusiveMinimum', false);
    const highs = isText ? countOf(layer, 'maxLength', 0) : limitsOf(layer, 'maximum', 'exclusiveMaximum', false);
    const isPast = (limit: Limit) => size === limit.value && limit.isExclusive;
    return (
      !lows.some((limit) => size < limit.value || isPast(limit)) &&
      !highs.some((limit) => size > limit.value || isPast(limit))
    );
  });
}

function boundsText(
  layers: readonly Place[],
  low: Limit | undefined,
  high: Limit | undefined,
  keywords: string[],
): string {
  if (!low || !high || !isEmpty(low, high)) return `${text('>', low)}${text('<', high)}`;
  for (const layer of layers)
    for (const keyword of keywords) if (layer.has(keyword)) layer.note(keyword, 'leaves no value: it is not checked');
  return '';
}

function countOf(layer: Place, keyword: string, smallest: number): Limit[] {
  const value = layer.peek(keyword);
  if (typeof value !== 'number' || !Number.isInteger(value) || value < smallest || value > MAX_LENGTH) return [];
  layer.use(keyword);
  return [{ value, isExclusive: false }];
}

/** OpenAPI 3.0 says with a flag what 3.1 says with a number. */
function limitsOf(layer: Place, keyword: string, exclusive: string, isWhole: boolean): Limit[] {
  const [value, strict] = [layer.peek(keyword), layer.peek(exclusive)];
  const limits: Limit[] = [];
  if (isSayable(value)) {
    layer.use(keyword);
    limits.push({ value, isExclusive: strict === true });
  }
  if (typeof strict === 'boolean') layer.use(exclusive);
  if (isSayable(strict)) {
    layer.use(exclusive);
    limits.push({ value: strict, isExclusive: true });
  }
  // A whole number is never beyond 2^53, so a bound there says nothing.
  return limits
    .map((limit) => (isWhole ? wholeLimit(limit, keyword === 'minimum') : limit))
    .filter((limit) => Math.abs(limit.value) < MAX_VALUE);

  function isSayable(one: unknown): one is number {
    if (typeof one !== 'number') return false;
    const beyond = keyword === 'minimum' ? -one : one;
    return Math.abs(one) >= MAX_VALUE ? isWhole && beyond >= 2 ** 53 - 1 : /^-?\d+(\.\d+)?$/.test(String(one));
  }
}

/** `> 0.5` of a whole number is `>= 1`. */
function wholeLimit(limit: Limit, isLow: boolean): Limit {
  if (Number.isInteger(limit.value)) return limit;
  return { value: isLow ? Math.ceil(limit.value) : Math.floor(limit.value), isExclusive: false };
}

function tightest(limits: readonly Limit[], side: 1 | -1): Limit | undefined {
  return limits.reduce<Limit | undefined>((best, one) => {
    if (best === undefined) return one;
    const distance = (one.value - best.value) * side;
    return distance > 0 || (distance === 0 && one.isExclusive) ? one : best;
  }, undefined);
}

function isEmpty(low: Limit, high: Limit): boolean {
  return low.value > high.value || (low.value === high.value && (low.isExclusive || high.isExclusive));
}

function text(sign: string, limit: Limit | undefined): string {
  return limit === undefined ? '' : `${sign}${limit.isExclusive ? '' : '='}${limit.value}`;
}
