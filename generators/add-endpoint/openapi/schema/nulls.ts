import type { Place } from '../place.ts';
import { typeListOf } from './types.ts';
import { valueListsOf } from './values.ts';

/**
 * What schemas say of null. `whole`: a `nullable` that stands alone in an `allOf` says it of all that is beside it. `open`:
 * nothing is said.
 */
export type NullWord = 'allowed' | 'refused' | 'whole' | 'open';

/** What the members of one schema say of null, without its `allOf`, `anyOf` and `oneOf`. */
export function nullWordOf(place: Place): NullWord {
  const values = valueListsOf([place]);
  const type = typeListOf(place);
  if (place.peek('nullable') === true) {
    return type === undefined && values.length === 0 ? 'whole' : 'allowed';
  }
  const lists: (readonly unknown[])[] = [...(type === undefined ? [] : [[...type.map(asNull)]]), ...values];
  if (lists.length === 0) return 'open';
  return lists.every((list) => list.includes(null)) ? 'allowed' : 'refused';
}

function asNull(type: string): string | null {
  return type === 'null' ? null : type;
}

/** Lists where a flag says that null is a value, and the values beside it have none. */
export function noteNullFlags(parts: readonly Place[]): void {
  for (const part of parts)
    if (part.peek('nullable') === true && valueListsOf([part]).some((list) => !list.includes(null)))
      part.note('nullable', 'is taken at its word, though the values beside it have no null');
}

/** What several schemas say that all have to hold. */
export function allNullWords(words: readonly NullWord[]): NullWord {
  return (['whole', 'refused', 'allowed'] as const).find((word) => words.includes(word)) ?? 'open';
}

/** Whether null is a value, where these are the last words. */
export function isNullWord(word: NullWord): boolean {
  return word === 'allowed' || word === 'whole';
}
