/**
 * How similar two texts are: 1 for the same lines, 0 for no common line (Dice's coefficient of lines, white space
 * ignored).
 */
export function similarity(one: string, other: string): number {
  if (one === other) return 1;
  const lines = (text: string) =>
    text
      .split('\n')
      .map((line) => line.trim())
      .filter((line) => line !== '');
  const [a, b] = [lines(one), lines(other)];
  if (a.length + b.length === 0) return 1;
  const counts = new Map<string, number>();
  for (const line of a) counts.set(line, (counts.get(line) ?? 0) + 1);
  let common = 0;
  for (const line of b) {
    const left = counts.get(line) ?? 0;
    if (left > 0) common += 1;
    counts.set(line, left - 1);
  }
  return (2 * common) / (a.length + b.length);
}
