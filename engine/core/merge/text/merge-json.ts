import { isDeepStrictEqual } from 'node:util';
import { lostComments } from './lost-comments.ts';

/** Three texts of one JSON file. */
export interface ThreeTexts {
  readonly base: string;
  readonly ours: string;
  readonly theirs: string;
}

/** The merged text. If both sides changed the same keys, three texts that differ only in those keys. */
type KeyMerge = ({ readonly text: string } | ThreeTexts) & {
  /** Keys that the team deleted and the template changed. They stay deleted. */
  readonly dropped: readonly string[];
};

interface Change {
  readonly path: readonly string[];
  readonly base: unknown;
  readonly ours: unknown;
  readonly theirs: unknown;
}

export interface MergeRules {
  /** Whether our version of a package is the same as theirs or newer. */
  readonly isNewer: (ours: string, theirs: string) => boolean;
  /** Keys of maps in alphabetical order. If both sides changed a version in one and ours is the higher one, ours is kept. */
  readonly sortedMaps: readonly string[];
  /** Paths of files that are sets of lines in order. */
  readonly sortedLines?: readonly string[];
  /** Seeded files that belong together, as globs. */
  readonly groups: readonly (readonly string[])[];
}

/**
 * Merges JSON by key into our text. Our format and comments stay.
 * @returns nothing if one of the three is not JSON, or if the template changed comments; then lines have to be merged
 */
export async function mergeJsonTexts(
  { base, ours, theirs }: ThreeTexts,
  rules: MergeRules,
): Promise<KeyMerge | undefined> {
  const jsonc = await import('jsonc-parser');
  const read = (text: string): unknown => {
    const errors: object[] = [];
    const value: unknown = jsonc.parse(text, errors as never, { allowTrailingComma: true });
    return errors.length > 0 || text.trim() === '' ? undefined : value;
  };
  const [b, o, t] = [base, ours, theirs].map(read);
  if (!isMap(b) || !isMap(o) || !isMap(t)) return undefined;
  const { edits, conflicts, dropped } = compare(b, o, t, rules);
  const put = (text: string, changes: readonly Change[], side: 'base' | 'ours' | 'theirs'): string =>
    changes.reduce((edited, change) => setKey(jsonc, edited, change, change[side], t, rules), text);

  const text = isCanonical(ours, o)
    ? stringify(
        edits.reduce<unknown>((value, change) => assign(value, change, t, rules), o),
        ours,
      )
    : put(ours, edits, 'theirs');
  if (lostComments('json', base, theirs, text).length > 0) return undefined;
  if (conflicts.length === 0) return { text, dropped };
  return { base: put(text, conflicts, 'base'), ours: text, theirs: put(text, conflicts, 'theirs'), dropped };
}

/**
 * Finds what theirs changed. It is taken if ours did not change it, and is a conflict if ours changed it differently.
 */
function compare(
  b: unknown,
  o: unknown,
  t: unknown,
  rules: MergeRules,
): { edits: Change[]; conflicts: Change[]; dropped: string[] } {
  const edits: Change[] = [];
  const conflicts: Change[] = [];
  const dropped: string[] = [];
  const visit = (base: unknown, ours: unknown, theirs: unknown, path: readonly string[]): void => {
    if (isDeepStrictEqual(base, theirs) || isDeepStrictEqual(ours, theirs)) return;
    if (isMap(base ?? {}) && isMap(ours) && isMap(theirs)) {
      const before = (base ?? {}) as Record<string, unknown>;
      for (const key of new Set([...Object.keys(theirs), ...Object.keys(before)]))
        visit(own(before, key), own(ours, key), own(theirs, key), [...path, key]);
      return;
    }
    if (isDeepStrictEqual(base, ours)) edits.push({ path, base, ours, theirs });
    // A key that the team removed stays removed.
    else if (ours === undefined) dropped.push(path.join('.'));
    else if (!isVersionKept(path, ours, theirs, rules)) conflicts.push({ path, base, ours, theirs });
  };
  visit(b, o, t, []);
  return { edits, conflicts, dropped };
}

function isVersionKept(
  path: readonly string[],
  ours: unknown,
  theirs: unknown,
  { isNewer, sortedMaps }: MergeRules,
): boolean {
  const isVersion = sortedMaps.includes(path.at(-2) ?? '') && typeof ours === 'string' && typeof theirs === 'string';
  return isVersion && isNewer(ours, theirs);
}

/** Sets one key. A key may contain a slash. */
function setKey(
  jsonc: typeof import('jsonc-parser'),
  text: string,
  { path }: Change,
  value: unknown,
  theirs: unknown,
  { sortedMaps }: MergeRules,
): string {
  const [, indent = '  '] = /^([ \t]+)"/m.exec(text) ?? [];
  const edits = jsonc.modify(text, [...path], value, {
    formattingOptions: { insertSpaces: !indent.includes('\t'), tabSize: indent.length, eol: '\n' },
    getInsertionIndex: (keys) => insertionIndex(keys, path, theirs, sortedMaps),
  });
  return jsonc.applyEdits(text, edits);
}

/** Where a new key goes: after the key that it follows in theirs; in a sorted map in alphabetical order. */
function insertionIndex(
  keys: readonly string[],
  path: readonly string[],
  theirs: unknown,
  sortedMaps: readonly string[],
): number {
  const key = path.at(-1) ?? '';
  if (sortedMaps.includes(path.at(-2) ?? '')) {
    const next = keys.findIndex((one) => one > key);
    return next === -1 ? keys.length : next;
  }
  const parent = path.slice(0, -1).reduce(own, theirs);
  const order = isMap(parent) ? Object.keys(parent) : [];
  const before = order.slice(0, order.indexOf(key)).reverse();
  const neighbour = before.find((one) => keys.includes(one));
  return neighbour === undefined ? keys.length : keys.indexOf(neighbour) + 1;
}

/**
 * Whether a text is what `JSON.stringify` writes. Then the whole text can be written again, which is fast for large
 * ones.
 */
function isCanonical(text: string, value: unknown): boolean {
  return stringify(value, text) === text;
}

function stringify(value: unknown, like: string): string {
  const [, indent = '  '] = /^([ \t]+)"/m.exec(like) ?? [];
  return `${JSON.stringify(value, null, indent)}${like.endsWith('\n') ? '\n' : ''}`;
}

/** A value with one key changed, at the `depth`th part of its path. */
function assign(value: unknown, change: Change, theirs: unknown, rules: MergeRules, depth = 0): unknown {
  const { path } = change;
  if (depth === path.length) return change.theirs;
  const key = path[depth] ?? '';
  const entries = Object.entries(Object(value));
  const at = entries.findIndex(([name]) => name === key);
  const changed = assign(own(value, key), change, theirs, rules, depth + 1);
  if (changed === undefined) entries.splice(at, at === -1 ? 0 : 1);
  else if (at !== -1) entries[at] = [key, changed];
  else {
    const names = entries.map(([name]) => name);
    entries.splice(insertionIndex(names, path.slice(0, depth + 1), theirs, rules.sortedMaps), 0, [key, changed]);
  }
  return Object.fromEntries(entries);
}

function own(value: unknown, key: string): unknown {
  return isMap(value) && Object.hasOwn(value, key) ? value[key] : undefined;
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
