import type { RepoPath } from '../repo-path.ts';
import { sameFile, type TreeFile } from '../tree.ts';
import { markConflicts } from './mark-conflicts.ts';
import { besideFile, mergeFile } from './merge-file.ts';
import { finishFiles } from './merge-finish.ts';
import { isOdd, type MergedFile } from './merged-file.ts';
import { changesOf } from './place/changes.ts';
import { type MovedTrees, moveFiles } from './place/declared-moves.ts';
import { followTeam } from './place/follow-team.ts';
import { placeBeside } from './place/place-beside.ts';
import { type Candidates, type OpenFiles, type OpenVerdict, renameCandidates } from './rename-candidates.ts';
import { holdGroups } from './seeded-groups.ts';
import type { MergeInput, ThreeTrees, TreeMerge } from './sides.ts';
import type { MergeRules } from './text/merge-json.ts';

/** A merge in which each file is decided for which no lines have to be merged. */
export interface PreparedMerge {
  readonly settled: readonly MergedFile[];
  /** Not set if no lines have to be merged. */
  readonly lines?: ThreeTrees;
  readonly finish: (merged: TreeMerge | undefined) => Promise<MergedFile[]>;
  /** What the reader has to know besides the outcomes. */
  readonly notes: readonly string[];
}

/**
 * Merges base, ours and theirs. The caller merges {@link PreparedMerge.lines} with git and gives the result to
 * `finish`.
 *
 *   1. the paths that the team gave to the template's files: links, folders that moved
 *   2. declared moves, in the same way on both sides
 *   3. each file that can be decided by itself: unedited, unchanged, seeded, by key, line ends, formatting
 *   4. the other files, with git, together with files that may be renames of missing ones
 */
export async function prepareMerge(given: MergeInput, rules: MergeRules): Promise<PreparedMerge> {
  const { input, origins, notes } = followTeam(given);
  const { base, ours, theirs, from, places, hold, ...moved } = moveAndHold(input, (sides) =>
    holdGroups(sides, rules.groups, origins),
  );
  const left = (input.left ?? []).filter(({ path }) => !base.has(path) && !theirs.has(path));
  const settled = new Map([...left, ...moved.settled].map((file) => [file.path, file]));
  const open: Map<RepoPath, OpenVerdict> = new Map();
  for (const path of new Set([...base.keys(), ...theirs.keys()])) {
    if (settled.has(path)) continue;
    const [b, t] = [base.get(path), theirs.get(path)];
    const held = hold(path);
    if (held) {
      settled.set(path, held);
      continue;
    }
    const o = places.isFolder(path) ? ({ odd: 'a folder' } as const) : ours.get(path);
    const obstacle = !o && t ? places.obstacle(path) : undefined;
    if (obstacle !== undefined && t) {
      settled.set(path, blocked(path, obstacle, t, b, isOdd(ours.get(obstacle))));
      continue;
    }
    const verdict = await mergeFile(
      { path, ...(b ? { base: b } : {}), ...(o ? { ours: o } : {}), ...(t ? { theirs: t } : {}) },
      rules,
    );
    if (verdict.kind === 'settled') settled.set(path, verdict.file);
    else open.set(path, verdict);
  }
  const candidates = renameCandidates({ base, ours, theirs }, open, settled);
  const lines = treesOf(open, candidates, { base, ours, theirs });
  const { names } = input;
  const finish = async (merged: TreeMerge | undefined): Promise<MergedFile[]> => {
    const files = new Map(settled);
    const marked = merged && lines && (await markConflicts(merged, lines, names));
    for (const file of finishFiles(open, candidates, marked, { names, ours, base })) files.set(file.path, file);
    const all = [...files.values()]
      .map((file) => withWish(file, input.wishes?.get(origins.get(file.path) ?? file.path)))
      .map((file) => (from.has(file.path) ? asMoved(file, from.get(file.path)) : file))
      .sort((a, b) => (a.path < b.path ? -1 : 1));
    const placed = placeBeside(input.ours, all);
    // Nobody sees a merge that could not be carried out: neither an upgrade nor a rehearsal.
    changesOf(input.ours, placed);
    return placed;
  };
  return { settled: [...settled.values()], ...(lines ? { lines } : {}), finish, notes };
}

type Hold = ReturnType<typeof holdGroups>;

/** Moves files, and finds the groups that stay as they are. A file of such a group may be in the way of a move. */
function moveAndHold(input: MergeInput, holdIn: (moved: MovedTrees) => Hold): MovedTrees & { readonly hold: Hold } {
  const held = new Set<RepoPath>();
  for (;;) {
    const moved = moveFiles(input, held);
    const { base, ours, theirs } = moved;
    const hold = holdIn(moved);
    const more = [...base.keys()].filter(
      (path) => ours.has(path) && !theirs.has(path) && !held.has(path) && hold(path),
    );
    if (more.length === 0) return { ...moved, hold };
    for (const path of more) held.add(path);
  }
}

function withWish(file: MergedFile, wish: string | undefined): MergedFile {
  return wish !== undefined && file.outcome === 'kept' ? { ...file, note: joinNotes(file.note, wish) } : file;
}

const joinNotes = (...notes: readonly (string | undefined)[]) => notes.filter(Boolean).join('; ');

function asMoved(file: MergedFile, from: RepoPath | undefined): MergedFile {
  if (from === undefined || file.outcome === 'deleted by you') return file;
  const isPlain = ['unchanged', 'updated', 'kept'].includes(file.outcome);
  return {
    ...file,
    from,
    note: joinNotes(`from ${from}`, file.note),
    ...(isPlain ? { outcome: 'moved' as const } : {}),
  };
}

/**
 * The result for a file that cannot be made, because something of the team is in the way. Who replaced a folder with a
 * file deleted what was in it. What is behind a link may still be there, so that is a conflict.
 */
function blocked(
  path: RepoPath,
  obstacle: RepoPath,
  file: TreeFile,
  old: TreeFile | undefined,
  isLink: boolean,
): MergedFile {
  const isSame = old !== undefined && sameFile(old, file);
  if (isLink && isSame) return { path, outcome: 'kept', note: `${obstacle} is a link` };
  if (isSame) return { path, outcome: 'deleted by you' };
  if (old && !isLink) return { path, outcome: 'deleted by you', note: 'the template changed it' };
  const beside = besideFile(path, file, obstacle);
  return { path, outcome: 'conflict', note: `${obstacle} is in the way`, beside };
}

function treesOf(
  open: OpenFiles,
  candidates: Candidates,
  { base, ours, theirs }: Pick<MergeInput, 'base' | 'ours' | 'theirs'>,
): ThreeTrees | undefined {
  const trees = {
    base: new Map<RepoPath, TreeFile>(),
    ours: new Map<RepoPath, TreeFile>(),
    theirs: new Map(candidates.theirs),
  };
  const put = (tree: Map<RepoPath, TreeFile>, path: RepoPath, file: TreeFile | undefined): void => {
    if (file) tree.set(path, file);
  };
  for (const [path, verdict] of open) {
    if (verdict.kind === 'lines') {
      put(trees.base, path, verdict.lines.base);
      put(trees.ours, path, verdict.lines.ours);
      put(trees.theirs, path, verdict.lines.theirs);
    } else {
      put(trees.base, path, base.get(path));
      put(trees.theirs, path, theirs.get(path));
      if (verdict.kind === 'orphan') put(trees.ours, path, verdict.ours);
    }
  }
  for (const [path, { file }] of candidates.ours) trees.ours.set(path, file);
  // If both sides added a file, both may have renamed the same file.
  if ([...open.values()].some((verdict) => verdict.kind === 'lines' && !verdict.lines.base))
    for (const [path, file] of base) if (!ours.has(path) && !theirs.has(path)) trees.base.set(path, file);
  const isNeeded = [...open.values()].some(
    ({ kind }) => kind === 'lines' || (kind === 'missing' ? candidates.ours.size > 0 : candidates.theirs.size > 0),
  );
  return isNeeded ? trees : undefined;
}
