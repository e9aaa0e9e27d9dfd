import { isOdd, type MergedFile, type TeamTree } from '../../engine/core/merge/merged-file.ts';
import { applied } from '../../engine/core/merge/place/changes.ts';
import type { RepoPath } from '../../engine/core/repo-path.ts';
import { DOCUMENTS, undocumented } from '../../engine/core/service/variables.ts';
import type { Tree } from '../../engine/core/tree.ts';
import { type Derive, followLockfile, readerOf } from '../../generators/lockfile.ts';
import type { Stack } from '../../stacks/stack.ts';

/** What became of the files that are derived from others: their own attention says what a person has to do. */
interface Derived {
  readonly files: readonly MergedFile[];
  /** What will be done, if the plan is carried out. */
  readonly notes: readonly string[];
  /** Commands that derive them again, or install what is locked. */
  readonly next: readonly string[];
}

/**
 * Makes what is derived follow what was merged. A lockfile that does not fit its manifest is written anew by the user's own tool;
 * what cannot be made to fit is for a person.
 * @param ours the service as its team has it
 * @param merged the merge's outcome of each file
 * @param folder where the service is
 * @param trusted where settings with credentials are taken from
 */
export async function deriveFiles(
  ours: TeamTree,
  merged: readonly MergedFile[],
  stack: Stack,
  derive: Derive,
  { folder, trusted = ours }: { readonly folder: string; readonly trusted?: TeamTree },
): Promise<Derived> {
  const locked = await deriveLockfiles(ours, merged, stack, derive, { folder, trusted });
  const documents = await checkDocuments(applied(ours, merged), locked.files, stack);
  return { ...documents, notes: locked.notes, next: [...locked.next, ...documents.next] };
}

/** A service may have several, of which a later one takes versions over from those before it. */
async function deriveLockfiles(...given: Parameters<typeof deriveLockfile>): Promise<Derived> {
  const [ours, merged, stack, derive, place] = given;
  let derived = await deriveLockfile(ours, merged, stack, derive, place);
  for (const _further of stack.places.furtherLockfiles ?? []) {
    if (!derived.isRefreshed) break;
    const then = await deriveLockfile(ours, derived.files, stack, derive, place);
    derived = { ...then, next: [...new Set([...derived.next, ...then.next])] };
  }
  return derived;
}

async function deriveLockfile(
  ours: TeamTree,
  merged: readonly MergedFile[],
  stack: Stack,
  derive: Derive,
  { folder, trusted }: { readonly folder: string; readonly trusted: TeamTree },
): Promise<Derived & { readonly isRefreshed?: boolean }> {
  const { places, commands } = stack;
  const lockfiles: readonly string[] = [places.lockfile, ...(places.furtherLockfiles ?? [])];
  const after = readerOf(applied(ours, merged));
  const followed = await followLockfile(stack, after, readerOf(trusted), derive, folder);
  const isChanged = merged.some(({ path, after }) => after && (path === places.manifest || lockfiles.includes(path)));
  if (followed.kind === 'none' || followed.kind === 'unlocked')
    return { files: merged, notes: [], next: isChanged ? [commands.sync] : [] };
  // Whether it fits is known: that its lines could not be merged is no reason to look at it.
  const files = merged.map((file) => (lockfiles.includes(file.path) ? withoutAttention(file) : file));
  if (!('path' in followed))
    return { files, notes: [], next: isChanged && followed.kind === 'fits' ? [commands.install] : [] };
  const { path, text } = followed;
  const notes = followed.kind === 'foretold' ? [text] : [];
  if (followed.kind === 'left')
    return { files: replaced(files, path, { attention: text }), notes, next: [commands.sync] };
  const own = ours.get(path);
  const isNew = own === undefined || isOdd(own);
  const outcome = files.find((file) => file.path === path)?.outcome;
  const change: Partial<MergedFile> = {
    outcome: isNew ? 'created' : outcome === 'unchanged' || outcome === 'updated' ? 'updated' : 'merged',
    note: text,
    ...(followed.kind === 'refreshed' ? { after: { content: followed.content, mode: isNew ? 0o644 : own.mode } } : {}),
  };
  const isRefreshed = followed.kind === 'refreshed';
  return { files: replaced(files, path, change), notes, next: [commands.install], isRefreshed };
}

function withoutAttention({ attention: _known, ...file }: MergedFile): MergedFile {
  return file;
}

/** The files with a change of one of them. It need not have been among them. */
function replaced(files: readonly MergedFile[], path: RepoPath, change: Partial<MergedFile>): MergedFile[] {
  const found = files.find((file) => file.path === path) ?? { path, outcome: 'kept' };
  const outcome = found.outcome === 'unchanged' ? 'kept' : found.outcome;
  const others = files.filter((file) => file.path !== path);
  return [...others, { ...found, outcome, ...change }].sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** Looks for variables that the upgrade brought in the documents of the environment, as far as their names tell. */
async function checkDocuments(
  after: TeamTree,
  merged: readonly MergedFile[],
  stack: Stack,
): Promise<Pick<Derived, 'files' | 'next'>> {
  const { findConcerns } = await stack.load();
  const changed = new Set(merged.flatMap(({ path, after }) => (after ? [path] : [])));
  const tree = new Map([...after].filter(([, file]) => !isOdd(file))) as Tree;
  const concerns = findConcerns(new Map([...tree].filter(([path]) => changed.has(path))));
  const files = undocumented(tree, concerns).reduce<readonly MergedFile[]>(
    (all, { path, variables }) =>
      replaced(all, path, { attention: `${path} lacks ${variables.join(', ')}: generate it again` }),
    merged,
  );
  const isStale = files.some(
    ({ path, outcome, attention }) =>
      DOCUMENTS.includes(path) && (outcome === 'merged' || outcome === 'conflict' || attention !== undefined),
  );
  return { files, next: isStale ? [stack.commands.docs] : [] };
}
