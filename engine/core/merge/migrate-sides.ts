import { isDeepStrictEqual } from 'node:util';
import type { RepoPath } from '../repo-path.ts';
import type { ManifestFile } from '../service/manifest.ts';
import type { KeySetting, Migration } from '../template/migration.ts';
import { type RenderedFile, type RenderedTree, templateError } from '../template/template.ts';
import { hashContent, type TreeFile } from '../tree.ts';
import { toLf } from './merge-file.ts';
import { isOdd, type MergedFile, type TeamTree } from './merged-file.ts';
import { setKey } from './text/set-key.ts';

interface Sides {
  readonly base: RenderedTree;
  readonly theirs: RenderedTree;
  readonly ours: TeamTree;
}

/** Both sides of a merge, with the declared migrations applied. */
interface MigratedSides {
  readonly base: RenderedTree;
  readonly theirs: RenderedTree;
  readonly moves: ReadonlyMap<RepoPath, RepoPath>;
  /** The team's own files that a migration names. They stay as they are, and the reader learns what was wanted. */
  readonly left: readonly MergedFile[];
  /** What migrations set in seeded files, in words, by path. It counts only where the team keeps its own version. */
  readonly wishes: ReadonlyMap<RepoPath, string>;
}

/**
 * Applies declared moves, deletions and settings to both sides, so that they take part in the normal merge. A file that
 * no version renders takes part only if an addition made it and nobody edited it since. Any other is the team's own.
 * @param recorded what the manifest says about a path
 * @throws {UserError} TEMPLATE_BROKEN if a key cannot be set in a rendered file
 */
export async function migrateSides(
  sides: Sides,
  migrations: readonly Migration[],
  recorded: (path: string) => ManifestFile | undefined,
): Promise<MigratedSides> {
  const [base, theirs] = [new Map(sides.base), new Map(sides.theirs)];
  const moves = new Map<RepoPath, RepoPath>();
  const left = new Map<RepoPath, MergedFile>();
  const wishes = new Map<RepoPath, string>();
  const leave = (path: RepoPath, wish: string, attention?: string): void => {
    const { note, attention: before } = left.get(path) ?? {};
    const notes = [note ?? 'it is yours', wish].join('; ');
    const todo = [before, attention].filter(Boolean).join('; ');
    left.set(path, { path, outcome: 'kept', note: notes, ...(todo ? { attention: todo } : {}) });
  };
  for (const { version, move = {}, delete: gone = [], set = [] } of migrations) {
    const earlier = [...moves];
    for (const [from, to] of Object.entries(move) as [RepoPath, RepoPath][]) {
      // A file that an earlier migration moved is moved again from its first path.
      const first = earlier.find(([, young]) => young === from)?.[0];
      moves.set(first ?? from, to);
      if (!first && isOwn(from, sides)) leave(from, `the standard moves it to ${to}`);
    }
    for (const path of gone as RepoPath[]) {
      if (sides.theirs.has(path)) continue; // A new service has it again.
      theirs.delete(path);
      const made = madeByAddition(path, sides, recorded);
      if (made) base.set(path, made);
      else if (isOwn(path, sides)) leave(path, 'the standard deletes it');
    }
    for (const setting of set) {
      const path = setting.file as RepoPath;
      const file = theirs.get(path) ?? madeByAddition(path, sides, recorded);
      if (file) {
        if (decidesItself(setting, await keysOf(setting, sides, moves))) continue;
        if (!theirs.has(path)) base.set(path, file);
        theirs.set(path, await withKey(file, setting, version));
        const wish = file.owner === 'seeded' && (await wishFor(sides.ours.get(path), setting));
        if (wish) wishes.set(path, [wishes.get(path), `the standard sets ${wish}`].filter(Boolean).join('; '));
      } else if (isOwn(path, sides)) {
        const wish = await wishFor(sides.ours.get(path), setting);
        if (wish) leave(path, `the standard sets ${wish}`, `${path} is your own file; the standard sets ${wish} in it`);
      }
    }
  }
  return { base, theirs, moves, left: [...left.values()], wishes };
}

/** Whether only the team has a file. */
function isOwn(path: RepoPath, { base, theirs, ours }: Sides): boolean {
  return ours.has(path) && !base.has(path) && !theirs.has(path);
}

/** The file of an addition, if nobody edited it since. */
function madeByAddition(
  path: RepoPath,
  sides: Sides,
  recorded: (path: string) => ManifestFile | undefined,
): RenderedFile | undefined {
  const file = sides.ours.get(path);
  const known = recorded(path);
  if (!known || !file || isOdd(file) || !isOwn(path, sides)) return undefined;
  const isUnedited = [file.content, toLf(file.content)].some((content) => hashContent(content) === known.hash);
  return isUnedited
    ? { path, content: file.content, mode: file.mode, owner: known.owner, source: 'your own' }
    : undefined;
}

interface TwoValues {
  readonly base: unknown;
  readonly theirs: unknown;
}

/** The value of a key in the old version and in the new one, as they are rendered. */
async function keysOf(
  { file, key, value }: KeySetting,
  sides: Sides,
  moves: ReadonlyMap<RepoPath, RepoPath>,
): Promise<TwoValues> {
  const old = [...moves].find(([, young]) => young === file)?.[0];
  const rendered = [
    sides.base.get(file as RepoPath) ?? (old && sides.base.get(old)),
    sides.theirs.get(file as RepoPath),
  ];
  const [base, theirs] = await Promise.all(
    rendered.map(async (one) => {
      const found = one && (await setKey(file, textOf(one), key, value));
      return found && 'before' in found ? found.before : undefined;
    }),
  );
  return { base, theirs };
}

/** Whether the new version changes the key itself. Then its value is newer than that of the migration. */
function decidesItself({ value }: KeySetting, { base, theirs }: TwoValues): boolean {
  return theirs !== undefined && !isDeepStrictEqual(base, theirs) && !isDeepStrictEqual(theirs, value);
}

async function withKey(file: RenderedFile, { key, value }: KeySetting, version: string): Promise<RenderedFile> {
  const done = await setKey(file.path, textOf(file), key, value);
  if ('reason' in done) {
    const what = `the migration to ${version} cannot set ${key.join('.')} in ${file.path}: ${done.reason}`;
    throw templateError('TEMPLATE_BROKEN', file.source, what);
  }
  const { hash: _stale, ...rest } = file;
  return { ...rest, content: Buffer.from(done.text) };
}

/** What a person would have to do in the team's own file. Nothing if the key already has the value. */
async function wishFor(
  file: TreeFile | { readonly odd: string } | undefined,
  { file: path, key, value }: KeySetting,
): Promise<string | undefined> {
  const wish = `${key.join('.')} to ${JSON.stringify(value)}`;
  if (!file || 'odd' in file) return wish;
  const done = await setKey(path, textOf(file), key, value);
  return 'before' in done && isDeepStrictEqual(done.before, value) ? undefined : wish;
}

function textOf({ content }: TreeFile): string {
  return Buffer.from(content).toString('utf8');
}
