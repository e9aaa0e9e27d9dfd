import { isMap } from '../record/parse-record.ts';

/** A value that follows from what the sides say, or the values between which a person has to choose. */
type Settled = { readonly value: unknown } | { readonly open: readonly unknown[] };

/**
 * Decides between sides: they agree, or only one of them changed what was there before.
 * @param values one for each side, `undefined` where it has none
 * @param before the base of the sides, if there is a base
 */
export function settle(values: readonly unknown[], before?: { readonly base: unknown }): Settled {
  const all = distinct(values);
  if (all.length <= 1) return { value: all[0] };
  if (before) {
    const changed = all.filter((value) => !isSame(value, before.base));
    return changed.length === 1 ? { value: changed[0] } : { open: all };
  }
  // Without a base nobody knows who removed it: what one side has is kept.
  const present = all.filter((value) => value !== undefined);
  return present.length === 1 ? { value: present[0] } : { open: present };
}

/** {@link settle} for each key of maps. A key without a value is left out. */
export function settleMap(
  values: readonly unknown[],
  before?: { readonly base: unknown },
): { map: Record<string, unknown>; open: Record<string, readonly unknown[]> } {
  const maps = values.filter(isMap);
  const base = before && { base: isMap(before.base) ? before.base : {} };
  const map = new Map<string, unknown>();
  const open = new Map<string, readonly unknown[]>();
  for (const key of new Set(maps.flatMap((one) => Object.keys(one)))) {
    const found = settle(
      maps.map((one) => own(one, key)),
      base && { base: own(base.base, key) },
    );
    if ('open' in found) open.set(key, found.open);
    else if (found.value !== undefined) map.set(key, found.value);
  }
  return { map: Object.fromEntries(map), open: Object.fromEntries(open) };
}

/** A member that a map itself has. */
export function own(map: unknown, key: string): unknown {
  return isMap(map) && Object.hasOwn(map, key) ? map[key] : undefined;
}

/** Values between which a person has to choose. */
export function choices(values: readonly unknown[]): string {
  return values.map((value) => JSON.stringify(value) ?? 'nothing').join(', or ');
}

function distinct(values: readonly unknown[]): unknown[] {
  return values.filter((value, at) => values.findIndex((other) => isSame(value, other)) === at);
}

export function isSame(a: unknown, b: unknown): boolean {
  return JSON.stringify(sorted(a)) === JSON.stringify(sorted(b));
}

/** The order of keys says nothing. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (!isMap(value)) return value;
  return Object.entries(value)
    .map(([key, member]) => [key, sorted(member)] as const)
    .sort(([x], [y]) => (x < y ? -1 : 1));
}
