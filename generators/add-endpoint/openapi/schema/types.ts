import type { Place } from '../place.ts';

const TYPES = new Set(['string', 'integer', 'number', 'boolean', 'array', 'object', 'null']);

/** The types that all parts allow. A whole number is a number. */
export function typesOf(parts: readonly Place[]): { types: readonly string[] | undefined; isNullable: boolean } {
  const lists = parts.flatMap((part) => {
    const type = part.peek('type');
    const list: unknown[] = Array.isArray(type) ? type : [type];
    const isKnown = type !== undefined && list.every((one) => typeof one === 'string' && TYPES.has(one));
    if (isKnown) part.use('type');
    return isKnown ? [list as string[]] : [];
  });
  const flags = parts.filter((part) => typeof part.peek('nullable') === 'boolean');
  for (const part of flags) part.use('nullable');
  const isFlagged = flags.some((part) => part.peek('nullable') === true);
  const [first, ...others] = lists;
  const isNullable = isFlagged || (first !== undefined && lists.every((list) => list.includes('null')));
  const both = others.reduce((left, right) => overlap(left, right), first ?? []).filter((type) => type !== 'null');
  return { types: first === undefined ? undefined : both, isNullable };
}

function overlap(left: readonly string[], right: readonly string[]): string[] {
  const isNumber = (list: readonly string[]) => list.includes('number');
  const whole = left.includes('integer') || right.includes('integer');
  return [
    ...left.filter((type) => right.includes(type)),
    ...(whole && left.includes('integer') !== right.includes('integer') && (isNumber(left) || isNumber(right))
      ? ['integer']
      : []),
  ];
}

/** Keywords say of what type a value is, if nothing else does. */
export function inferred(parts: readonly Place[]): string[] {
  const has = (keyword: string) => parts.some((part) => typeof part.peek(keyword) === 'object');
  if (has('properties') || has('required') || has('additionalProperties')) return ['object'];
  return has('items') ? ['array'] : [];
}
