import { basename, dirname, join } from 'node:path';
import { UserError } from '../../core/errors.ts';
import type { FileChange } from '../../core/plan.ts';
import { isRecordPath } from '../../core/record/addition-record.ts';
import type { RepoPath } from '../../core/repo-path.ts';
import { MANIFEST_PATH } from '../../core/service/manifest.ts';
import { hashContent } from '../../core/tree.ts';
import { fs, fsExtra, kindOf, obstacleAt, writeTreeFile } from '../disk.ts';
import { hasCode } from '../failure.ts';
import { completeRun } from './complete.ts';
import { emptiedFolders, type Folder, missingFolders } from './folders.ts';
import { AMENDED, busy, HELD, hashAt, markDone, readJournal, removeWaste, writeJournal } from './journal.ts';
import { stageName } from './stage.ts';
import { recoverTarget, removeIfEmpty, undoOrSay } from './undo.ts';
import { amendedJournal, leavingPaths, type Undoing } from './undo-record.ts';

/** Errors of a file system that has no hard links, or refuses this one. */
const NO_LINKS = ['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'EMLINK', 'ENOSYS', 'EXDEV'] as const;

/** Called before the first change. It throws to cancel the run, e.g. because of a signal. */
export type BeforeCommit = () => Promise<void>;

/** How a run ends that is not a usual one. The record of a usual run on a service replaces the one of the run before. */
export interface Ending {
  /** What becomes of the record of the last run. */
  readonly record: 'replaced' | 'dropped' | 'amended';
  /** The commit that the work tree is equal to. */
  readonly commit?: string | undefined;
  /** Set if the run takes the last one back. */
  readonly undoing?: Undoing;
}

/** @throws {UserError} TARGET_BUSY or TARGET_CHANGED. Either all changes are made, or none. */
export async function applyInPlace(
  root: string,
  changes: readonly FileChange[],
  beforeCommit?: BeforeCommit,
  ending?: Ending,
): Promise<string[]> {
  const cleaned = recoverTarget(root, false);
  const own = join(root, stageName(''));
  const held = join(root, HELD);
  const emptied = emptiedFolders(root, changes, ending?.undoing?.folders);
  try {
    prepare(root, own, changes, emptied, ending);
    await beforeCommit?.();
    fs.renameSync(own, held);
  } catch (error) {
    fsExtra().removeSync(own);
    if (hasCode(error, 'ENOTEMPTY', 'EEXIST')) throw busy(root, error);
    // If another process just removed a file of the plan, report that and not an error of the disk.
    if (hasCode(error, 'ENOENT')) checkUnchanged(root, changes, emptied);
    throw error;
  }
  try {
    checkUnchanged(root, changes, emptied);
  } catch (error) {
    // No change was made yet, so there is nothing to undo.
    fs.renameSync(held, own);
    removeWaste(own);
    throw error;
  }
  try {
    carryOut(root, held, changes, emptied, ending?.undoing?.removed ?? []);
    markDone(root);
  } catch (error) {
    undoOrSay(root, readJournal(held));
    throw error;
  }
  return [...cleaned, ...completeRun(root)];
}

function prepare(
  root: string,
  stage: string,
  changes: readonly FileChange[],
  emptied: readonly Folder[],
  ending: Ending | undefined,
): void {
  fs.mkdirSync(stage);
  // Git must not see a stage, whatever becomes of it.
  fs.writeFileSync(join(stage, '.gitignore'), '*\n');
  for (const change of changes) {
    const path = join(stage, 'new', change.path);
    const old = join(stage, 'old', change.path);
    if ('after' in change) {
      fs.mkdirSync(dirname(path), { recursive: true });
      writeTreeFile(path, change.after);
      const mode = ending?.undoing?.modes.get(change.path) ?? keptMode(root, change);
      if (mode !== undefined) fs.chmodSync(path, mode);
    }
    if ('before' in change) {
      fs.mkdirSync(dirname(old), { recursive: true });
      keepOriginal(join(root, change.path), old);
    }
  }
  const folders = missingFolders(root, changes, ending?.undoing?.removed);
  const isAmending = ending?.record === 'amended';
  const amended = isAmending ? amendedJournal(root, changes, { folders, removed: emptied }) : undefined;
  if (amended) fs.writeFileSync(join(stage, AMENDED), JSON.stringify(amended));
  writeJournal(stage, changes, {
    owner: basename(stage),
    folders,
    removed: emptied,
    record: ending?.record ?? (isGrowth(changes) ? 'replaced' : 'kept'),
    ...(ending?.commit === undefined ? {} : { commit: ending.commit }),
  });
}

/** Whether a run changes a generated service: only such a run can be undone. */
function isGrowth(changes: readonly FileChange[]): boolean {
  return changes.some(({ kind, path }) => isRecordPath(path) || (kind === 'update' && path === MANIFEST_PATH));
}

/** Git keeps only the execute bit. If a change does not touch it, a file keeps its permissions: 0600 stays 0600. */
function keptMode(root: string, change: FileChange): number | undefined {
  const isKept = change.kind === 'update' && change.before.mode === change.after.mode;
  return isKept ? fs.lstatSync(join(root, change.path)).mode & 0o777 : undefined;
}

/** Links the file instead of copying it, so that a restored file has its old mode, owner and times. */
function keepOriginal(from: string, to: string): void {
  try {
    fs.linkSync(from, to);
  } catch (error) {
    if (!hasCode(error, ...NO_LINKS)) throw error;
    fs.copyFileSync(from, to);
  }
}

/** Checks that no file changed after it was read for the plan and before this run took the lock. */
function checkUnchanged(root: string, changes: readonly FileChange[], emptied: readonly Folder[]): void {
  const leaving = leavingPaths(changes, emptied);
  for (const change of changes) {
    const obstacle = obstacleAt(root, change.path, change.kind === 'create' ? leaving : undefined);
    const exists = kindOf(join(root, change.path)) === 'file';
    const same =
      change.kind === 'create'
        ? !exists
        : exists && hashAt(join(root, change.path)) === hashContent(change.before.content);
    if (obstacle || !same)
      throw new UserError(
        'TARGET_CHANGED',
        obstacle
          ? `${change.path} cannot be written: ${obstacle} is in the way`
          : `${change.path} changed while the plan was made`,
        'Check it, then run the command again.',
      );
  }
}

/** Deletes, then removes the folders that are empty now, and only then writes: a new file may stand in the same place. */
function carryOut(
  root: string,
  held: string,
  changes: readonly FileChange[],
  emptied: readonly Folder[],
  made: readonly Folder[],
): void {
  for (const { kind, path } of changes) if (kind === 'delete') fs.unlinkSync(join(root, path));
  for (const { path } of [...emptied].reverse()) removeIfEmpty(join(root, path));
  const isFree = (path: RepoPath) =>
    kindOf(join(root, path)) === 'missing' && !obstacleAt(root, `${path}/-` as RepoPath);
  const missing = made.filter(({ path }) => isFree(path));
  for (const { path } of missing) fs.mkdirSync(join(root, path), { recursive: true });
  for (const change of changes) if (change.kind !== 'delete') put(root, held, change);
  for (const { path, mode } of missing) fs.chmodSync(join(root, path), mode & 0o777);
}

function put(root: string, held: string, { kind, path }: FileChange): void {
  const target = join(root, path);
  const staged = join(held, 'new', path);
  fs.mkdirSync(dirname(target), { recursive: true });
  if (kind === 'update') {
    fs.renameSync(staged, target);
    return;
  }
  try {
    // A link, unlike a rename, never replaces a file that another process has just made.
    fs.linkSync(staged, target);
  } catch (error) {
    if (!hasCode(error, ...NO_LINKS)) throw error;
    fs.renameSync(staged, target);
  }
}
