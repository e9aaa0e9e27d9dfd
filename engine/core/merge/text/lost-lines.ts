/**
 * Lines that a team added or changed, and that are missing in a merged text (law 7). White space at both ends is
 * ignored.
 * @param base the version that the team started from
 */
export function lostLines(base: string, ours: string, merged: string): string[] {
  const count = (text: string): Map<string, number> => {
    const counts = new Map<string, number>();
    for (const line of text.split('\n').map((one) => one.trim())) counts.set(line, (counts.get(line) ?? 0) + 1);
    return counts;
  };
  const [before, after] = [count(base), count(merged)];
  return [...count(ours)].flatMap(([line, times]) => {
    const added = times - (before.get(line) ?? 0);
    return line !== '' && added > (after.get(line) ?? 0) ? [line] : [];
  });
}
