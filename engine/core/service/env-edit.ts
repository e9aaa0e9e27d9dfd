/**
 * Adds a variable to a file of `NAME=value` lines: behind the last one that comes before it in the alphabet. So the order in
 * which variables are added does not matter. No other line changes.
 */
export function addToEnvironment(text: string, name: string, value: string): string {
  const lines = text.split('\n');
  const names = lines.map((line) => /^([A-Z_][A-Z0-9_]*)=/.exec(line)?.[1]);
  if (names.includes(name)) return text;
  const before = names.findLastIndex((one) => one !== undefined && one < name);
  const first = names.findIndex((one) => one !== undefined);
  const at = before >= 0 ? before + 1 : first >= 0 ? first : lines.length - 1;
  return lines.toSpliced(at, 0, `${name}=${value}`).join('\n');
}
