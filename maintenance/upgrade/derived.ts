import { isOdd, type MergedFile, type TeamTree } from '../../engine/core/merge/merged-file.ts';
import { applied } from '../../engine/core/merge/place/changes.ts';
import { DOCUMENTS, undocumented } from '../../engine/core/service/variables.ts';
import type { Tree } from '../../engine/core/tree.ts';
import { type Derive, type Followed, followLockfile, readerOf } from '../../generators/lockfile.ts';
import type { Stack } from '../../stacks/stack.ts';

/** What became of the files that are derived from others. */
interface Derived {
  readonly files: readonly MergedFile[];
  readonly attention: readonly string[];
  readonly notes: readonly string[];
  /** Commands that derive them again. */
  readonly next: readonly string[];
}

/**
 * Makes what is derived follow what was merged. A lockfile that does not fit its manifest is written anew by the user's own tool;
 * what cannot be made to fit is for a person.
 * @param ours the service as its team has it
 * @param merged the merge's outcome of each file
 * @param trusted where settings with credentials are taken from
 */
export async function deriveFiles(
  ours: TeamTree,
  merged: readonly MergedFile[],
  stack: Stack,
  derive: Derive,
  trusted = ours,
): Promise<Derived> {
  const locked = await deriveLockfile(ours, merged, stack, derive, trusted);
  const documents = await staleDocuments(applied(ours, merged), merged, stack);
  return {
    files: locked.files,
    attention: [...locked.attention, ...documents.attention],
    notes: locked.notes,
    next: [...locked.next, ...documents.next],
  };
}

async function deriveLockfile(
  ours: TeamTree,
  merged: readonly MergedFile[],
  stack: Stack,
  derive: Derive,
  trusted: TeamTree,
): Promise<Derived> {
  const { places, commands } = stack;
  const after = readerOf(applied(ours, merged));
  const followed = await followLockfile(stack, after, readerOf(trusted), derive);
  // Whether it fits is known: that its lines could not be merged is no reason to look at it.
  const files =
    followed.kind === 'none' || followed.kind === 'unlocked'
      ? merged
      : merged.map(({ attention, ...file }) => ({
          ...file,
          ...(attention !== undefined && file.path !== places.lockfile ? { attention } : {}),
        }));
  const isChanged = files.some(({ path, after }) => after && (path === places.manifest || path === places.lockfile));
  const none = { files, attention: [], notes: [], next: [] };
  switch (followed.kind) {
    case 'none':
    case 'unlocked':
      return { ...none, next: isChanged ? [commands.sync] : [] };
    case 'unreadable':
      return none;
    case 'fits':
      return { ...none, next: isChanged ? [commands.install] : [] };
    case 'foretold':
      return { ...none, notes: [followed.text] };
    case 'left':
      return { ...none, attention: [followed.text], next: [commands.sync] };
    case 'refreshed':
      return { ...none, files: withLockfile(files, ours, followed), next: [commands.install] };
  }
}

function withLockfile(
  files: readonly MergedFile[],
  ours: TeamTree,
  { path, content, text: note }: Followed & { kind: 'refreshed' },
): MergedFile[] {
  const own = ours.get(path);
  const isNew = own === undefined || isOdd(own);
  const refreshed = (file: MergedFile | undefined): MergedFile => ({
    ...file,
    path,
    outcome: isNew ? 'created' : file?.outcome === 'unchanged' || file?.outcome === 'updated' ? 'updated' : 'merged',
    after: { content, mode: isNew ? 0o644 : own.mode },
    note,
  });
  const others = files.filter((file) => file.path !== path);
  const found = files.find((file) => file.path === path);
  return [...others, refreshed(found)].sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** Documents of variables that the upgrade brought, as far as their names tell. */
async function staleDocuments(
  after: TeamTree,
  merged: readonly MergedFile[],
  stack: Stack,
): Promise<Pick<Derived, 'attention' | 'next'>> {
  const { findConcerns } = await stack.load();
  const changed = new Set(merged.flatMap(({ path, after }) => (after ? [path] : [])));
  const tree = new Map([...after].filter(([, file]) => 'content' in file)) as Tree;
  const concerns = findConcerns(new Map([...tree].filter(([path]) => changed.has(path))));
  const attention = undocumented(tree, concerns).map(
    ({ path, variables }) => `${path} lacks ${variables.join(', ')}: generate it again`,
  );
  const isMerged = merged.some(
    ({ path, outcome, attention: look }) =>
      DOCUMENTS.includes(path) && (outcome === 'merged' || outcome === 'conflict' || look !== undefined),
  );
  return { attention, next: isMerged || attention.length > 0 ? [stack.commands.docs] : [] };
}
