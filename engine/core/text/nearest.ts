/**
 * How many slips lie between two words: a letter too many, one too few, a wrong one, or two neighbours swapped
 * (Damerau's distance, each letter being moved at most once).
 */
export function slips(one: string, other: string): number {
  let older: number[] = [];
  let old: number[] = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (let at = 1; at <= one.length; at += 1) {
    const row = [at];
    for (let to = 1; to <= other.length; to += 1) {
      const isSame = one[at - 1] === other[to - 1];
      const isSwapped = at > 1 && to > 1 && one[at - 1] === other[to - 2] && one[at - 2] === other[to - 1];
      row[to] = Math.min(
        (old[to] ?? 0) + 1,
        (row[to - 1] ?? 0) + 1,
        (old[to - 1] ?? 0) + (isSame ? 0 : 1),
        isSwapped ? (older[to - 2] ?? 0) + 1 : Number.POSITIVE_INFINITY,
      );
    }
    older = old;
    old = row;
  }
  return old[other.length] ?? 0;
}

/** The word with the fewest slips; of several the first. */
export function nearest(
  word: string,
  words: readonly string[],
): { readonly word: string; readonly slips: number } | undefined {
  let best: { word: string; slips: number } | undefined;
  for (const known of words) {
    const count = slips(word, known);
    if (best === undefined || count < best.slips) best = { word: known, slips: count };
  }
  return best;
}
