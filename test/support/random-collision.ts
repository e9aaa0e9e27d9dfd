import fc from 'fast-check';

/** What a team has at a path. */
export type TeamEntry =
  | { readonly kind: 'file'; readonly content: Buffer; readonly isRun: boolean }
  | { readonly kind: 'link'; readonly to: string }
  | { readonly kind: 'empty folder' }
  /** A file in a folder, whose name is not UTF-8. */
  | { readonly kind: 'foreign name' };

/** Two versions of a preset and a service between them, in which names collide as often as can be. */
export interface Collision {
  readonly old: Readonly<Record<string, string>>;
  readonly next: Readonly<Record<string, string>>;
  readonly migration: {
    readonly move: Readonly<Record<string, string>>;
    readonly delete: readonly string[];
    readonly set: readonly { file: string; key: string[]; value: string }[];
  };
  readonly team: ReadonlyMap<string, TeamEntry>;
  /** Words of lines that only the team has. */
  readonly words: readonly string[];
  readonly autocrlf: boolean;
}

/** Few names, so that a file is often where a folder is, and two files are where one is. */
const PATHS = [
  'a',
  'a/b',
  'a/b/c.md',
  'a/d.md',
  'A',
  'b',
  'b.md',
  'b/c',
  'B.md',
  'c',
  'c.json',
  'd/c.json',
  'd/e.md',
  'd/e/f.md',
  'a.twelve-theirs',
  'b.twelve-theirs',
  'a.twelve-theirs/b',
  'd/e.md.twelve-theirs',
]; // prettier-ignore

/** A layer of a preset must have a file. */
const ALWAYS = { 'always.txt': '-\n' };

const path = fc.constantFrom(...PATHS);

const fate = fc.oneof(
  { weight: 4, arbitrary: fc.constant({ kind: 'keep' } as const) },
  { weight: 4, arbitrary: fc.constant({ kind: 'edit' } as const) },
  { weight: 2, arbitrary: fc.constant({ kind: 'delete' } as const) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('move' as const), to: path, edit: fc.boolean() }) },
);

const addition = fc.record({
  at: path,
  what: fc.constantFrom('file', 'file', 'file', 'link', 'empty folder', 'foreign name'),
});

const drawn = fc.record({
  old: fc.uniqueArray(path, { minLength: 1, maxLength: 6 }),
  theirs: fc.array(fate, { minLength: 6, maxLength: 6 }),
  isDeclared: fc.array(fc.boolean(), { minLength: 6, maxLength: 6 }),
  added: fc.uniqueArray(path, { maxLength: 3 }),
  ours: fc.array(fate, { minLength: 6, maxLength: 6 }),
  styles: fc.array(fc.constantFrom('plain', 'plain', 'CRLF', 'executable', 'Latin-1', 'a link'), {
    minLength: 6,
    maxLength: 6,
  }),
  additions: fc.array(addition, { maxLength: 4 }),
  deletes: fc.uniqueArray(path, { maxLength: 1 }),
  sets: fc.boolean(),
  swaps: fc.boolean(),
  autocrlf: fc.boolean(),
});

export const collision: fc.Arbitrary<Collision> = drawn.map((one): Collision => {
  const old = new Tree<string>();
  const next = new Tree<string>();
  const team = new Tree<TeamEntry>();
  const move: Record<string, string> = {};
  for (const at of one.old) old.put(at, textOf(at, `base of ${at}`));
  const names = [...old.entries.keys()];
  names.forEach((at, index) => {
    const text = old.entries.get(at) ?? '';
    const plan = one.theirs[index];
    const other = one.swaps && index < 2 ? names[1 - index] : undefined;
    if (other !== undefined) {
      if (next.put(other, edited(text, `next${index}`, plan?.kind === 'edit'))) move[at] = other;
    } else if (plan?.kind === 'move') {
      if (next.put(plan.to, edited(text, `next${index}`, plan.edit)) && one.isDeclared[index] && plan.to !== at)
        move[at] = plan.to;
    } else if (plan?.kind !== 'delete') next.put(at, edited(text, `next${index}`, plan?.kind === 'edit'));
  });
  for (const at of one.added) next.put(at, textOf(at, `added at ${at}`));
  for (const { at, what } of one.additions)
    team.put(at, what === 'file' ? fileOf(textOf(at, `ours9 at ${at}`)) : oddOf(what as Odd, at));
  names.forEach((at, index) => {
    const text = old.entries.get(at) ?? '';
    const plan = one.ours[index];
    if (plan?.kind === 'delete') return;
    const isEdited = plan?.kind === 'edit' || (plan?.kind === 'move' && plan.edit);
    const to = plan?.kind === 'move' ? plan.to : at;
    team.put(to, styled(edited(text, `ours${index}`, isEdited), one.styles[index] ?? 'plain', index));
  });
  const written = [...team.entries.values()].map((entry) =>
    entry.kind === 'file' ? entry.content.toString('latin1') : '',
  );
  const isMap = next.entries.get('c.json')?.startsWith('{') ?? true;
  const set = one.sets && isMap ? [{ file: 'c.json', key: ['set'], value: 'by the migration' }] : [];
  return {
    old: { ...ALWAYS, ...Object.fromEntries(old.entries) },
    next: { ...ALWAYS, ...Object.fromEntries(next.entries) },
    migration: { move, delete: one.deletes, set },
    team: new Map([...team.entries, ['always.txt', fileOf(ALWAYS['always.txt'])]]),
    words: [...new Set(written.flatMap((text) => text.match(/ours\d/g) ?? []))],
    autocrlf: one.autocrlf,
  };
});

/** Files of which none is in the place of another's folder. */
class Tree<T> {
  readonly entries = new Map<string, T>();

  /** @returns false if something is in the way */
  put(at: string, what: T): boolean {
    const isTaken = [...this.entries.keys()].some(
      (other) => other === at || other.startsWith(`${at}/`) || at.startsWith(`${other}/`),
    );
    // No version of a template may have two names that differ only by case.
    const isAlike = typeof what === 'string' && [...this.entries.keys()].some((other) => alike(other, at));
    if (isTaken || isAlike) return false;
    this.entries.set(at, what);
    return true;
  }
}

function alike(one: string, other: string): boolean {
  const [a, b] = [one.toLowerCase(), other.toLowerCase()];
  return a === b || a.startsWith(`${b}/`) || b.startsWith(`${a}/`);
}

type Odd = 'link' | 'empty folder' | 'foreign name';

function oddOf(what: Odd, at: string): TeamEntry {
  return what === 'link' ? { kind: 'link', to: `../nowhere/${at.length}` } : { kind: what };
}

function fileOf(text: string): TeamEntry {
  return { kind: 'file', content: Buffer.from(text), isRun: false };
}

function textOf(at: string, what: string): string {
  if (at.endsWith('.json')) return `${JSON.stringify({ what, one: 1, two: 2, three: 3 }, null, 2)}\n`;
  return `${[what, ...Array.from({ length: 8 }, (_, index) => `line ${index} of ${what}`)].join('\n')}\n`;
}

function edited(text: string, word: string, isEdited: boolean): string {
  if (!isEdited) return text;
  if (text.startsWith('{')) return text.replace('"one": 1', `"one": "${word}"`);
  const lines = text.split('\n');
  lines.splice(word.startsWith('next') ? 2 : 6, 0, `${word} wrote this`);
  return lines.join('\n');
}

function styled(text: string, style: string, index: number): TeamEntry {
  if (style === 'a link') return { kind: 'link', to: `../elsewhere/${index}` };
  const content =
    style === 'Latin-1' && !text.startsWith('{')
      ? Buffer.from(`${text}caf\xe9 of ours${index}\n`, 'latin1')
      : Buffer.from(style === 'CRLF' ? text.replaceAll('\n', '\r\n') : text);
  return { kind: 'file', content, isRun: style === 'executable' };
}
