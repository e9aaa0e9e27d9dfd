import type { Place } from '../place.ts';

const TYPES = new Set(['string', 'integer', 'number', 'boolean', 'array', 'object', 'null']);

/** The types that all parts allow, besides null. A whole number is a number. */
export function typesOf(parts: readonly Place[]): readonly string[] | undefined {
  const lists = parts.flatMap((part) => {
    part.useFlags('nullable');
    const list = typeListOf(part);
    if (list !== undefined) part.use('type');
    return list === undefined ? [] : [list];
  });
  const [first, ...others] = lists;
  return first && others.reduce((left, right) => overlap(left, right), first).filter((type) => type !== 'null');
}

/** The types that a part names, where all of them are known. */
export function typeListOf(part: Place): readonly string[] | undefined {
  const type = part.peek('type');
  const list: unknown[] = Array.isArray(type) ? type : [type];
  return list.length > 0 && list.every((one) => typeof one === 'string' && TYPES.has(one))
    ? (list as string[])
    : undefined;
}

function overlap(left: readonly string[], right: readonly string[]): string[] {
  const has = (list: readonly string[], type: string) =>
    list.includes(type) || (type === 'integer' && list.includes('number'));
  return [...new Set([...left.filter((type) => has(right, type)), ...right.filter((type) => has(left, type))])];
}

/** Keywords say of what type a value is, if nothing else does. */
export function inferred(parts: readonly Place[]): string[] {
  const has = (keyword: string) => parts.some((part) => typeof (part.peek(keyword) ?? 0) === 'object');
  if (has('properties') || has('required') || has('additionalProperties')) return ['object'];
  return has('items') ? ['array'] : [];
}
