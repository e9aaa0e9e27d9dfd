/**
 * The lines of all texts, each once, in the order of a lockfile of lines `NAME VERSION[/FILE] HASH` or `NAME==VERSION`: by name, by
 * version as semver compares, by file. A line that is indented belongs to the one above it, and so do comments. An empty line is none.
 */
export function uniteLines(texts: readonly string[]): string {
  const lines = new Set(texts.flatMap(linesOf));
  return [...lines]
    .sort(compareLines)
    .map((line) => `${line}\n`)
    .join('');
}

/**
 * What both sides made of such a text: a line that one side took away is gone, one that a side brought is there. Of a name that has
 * one version (`NAME==VERSION`), and that both sides moved, the higher one stands.
 */
export function mergeLines({ base, ours, theirs }: Readonly<Record<'base' | 'ours' | 'theirs', string>>): string {
  const [before, own, next] = [base, ours, theirs].map((text) => new Set(linesOf(text)));
  const kept = [...(own ?? []), ...(next ?? [])].filter(
    (line) => !before?.has(line) || (own?.has(line) && next?.has(line)),
  );
  const highest = new Map<string, string>();
  for (const line of kept) {
    const key = PIN.test(line) ? line.replace(PIN, '$1').replace(/\n[\s\S]*/, '') : line;
    const other = highest.get(key);
    if (other === undefined || compareLines(other, line) < 0) highest.set(key, line);
  }
  return uniteLines([[...highest.values()].join('\n')]);
}

/** `NAME==VERSION`, without what follows it. */
const PIN = /^([^\s=]+)==[^\s;]+/;

/** The lines of such a text, each with what belongs to it. */
export function linesOf(text: string): string[] {
  const filled = text.split(/\r?\n/).filter((line) => line.trim() !== '');
  return filled.length === 0 ? [] : filled.join('\n').split(/\n(?=[^\s#])/);
}

/** `NAME VERSION/FILE HASH` or `NAME==VERSION`, and the version `v1.2.3-rc.1` in its parts. */
const LINE =
  /^(?<name>[^\s=]*)(?:(?: v?|==)(?<release>[^-+/\s]*)(?:-(?<before>[^+/\s]*))?(?:\+[^/\s]*)?(?<file>\/\S*)?)?/;

function compareLines(one: string, other: string): number {
  const [a, b] = [one, other].map((line) => LINE.exec(line)?.groups ?? {}) as [LineParts, LineParts];
  return (
    compareTexts(a.name, b.name) ||
    compareParts(a.release, b.release) ||
    // A version before a release comes before the release.
    Number(a.before === undefined) - Number(b.before === undefined) ||
    compareParts(a.before, b.before) ||
    compareTexts(a.file, b.file) ||
    compareTexts(one, other)
  );
}

type LineParts = Readonly<Record<'name' | 'release' | 'before' | 'file', string | undefined>>;

function compareTexts(one = '', other = ''): number {
  return one === other ? 0 : one < other ? -1 : 1;
}

/** Numbers count as such and come before words; the longer of two that begin alike comes last. */
function compareParts(one = '', other = ''): number {
  const [parts, others] = [one, other].map((text) => text.split('.')) as [string[], string[]];
  for (const [at, part] of parts.entries()) {
    const beside = others[at];
    if (beside === undefined) return 1;
    if (part === beside) continue;
    const [isNumber, isOther] = [part, beside].map((text) => /^\d+$/.test(text));
    if (isNumber !== isOther) return isNumber ? -1 : 1;
    return isNumber ? Number(part) - Number(beside) : compareTexts(part, beside);
  }
  return parts.length - others.length;
}
