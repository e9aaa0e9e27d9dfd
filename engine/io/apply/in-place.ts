import { dirname, join } from 'node:path';
import { UserError } from '../../core/errors.ts';
import type { FileChange } from '../../core/plan.ts';
import { isRecordPath } from '../../core/record/addition-record.ts';
import type { RepoPath } from '../../core/repo-path.ts';
import { MANIFEST_PATH } from '../../core/service/manifest.ts';
import { hashContent } from '../../core/tree.ts';
import { fs, fsExtra, kindOf, obstacleAt, writeTreeFile } from '../disk.ts';
import { hasCode } from '../failure.ts';
import { busy, HELD, hashAt, readJournal, removeWaste, writeJournal } from './journal.ts';
import { stageName, sweepStages } from './stage.ts';
import { recover, undoOrSay } from './undo.ts';
import { keepRecord } from './undo-record.ts';

/** Errors of a file system that has no hard links, or refuses this one. */
const NO_LINKS = ['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'EMLINK', 'ENOSYS', 'EXDEV'] as const;

/** Called before the first change. It throws to cancel the run, e.g. because of a signal. */
export type BeforeCommit = () => Promise<void>;

/** What a run needs that undoes or finishes an earlier run. */
export interface Revert {
  /** The permissions that files had before the earlier run. A tree knows only whether a file is executable. */
  readonly modes?: ReadonlyMap<RepoPath, number>;
}

/** @throws {UserError} TARGET_BUSY or TARGET_CHANGED. Either all changes are made, or none. */
export async function applyInPlace(
  root: string,
  changes: readonly FileChange[],
  beforeCommit?: BeforeCommit,
  revert?: Revert,
): Promise<string[]> {
  const cleaned = [...recover(root), ...sweepStages(root)];
  const owner = stageName('');
  const own = join(root, owner);
  const held = join(root, HELD);
  try {
    prepare(root, own, owner, changes, revert?.modes);
    await beforeCommit?.();
    fs.renameSync(own, held);
  } catch (error) {
    fsExtra().removeSync(own);
    if (hasCode(error, 'ENOTEMPTY', 'EEXIST')) throw busy(root, error);
    // If another process just removed a file of the plan, report that and not an error of the disk.
    if (hasCode(error, 'ENOENT')) checkUnchanged(root, changes);
    throw error;
  }
  try {
    checkUnchanged(root, changes);
  } catch (error) {
    // No change was made yet, so there is nothing to undo.
    fs.renameSync(held, own);
    removeWaste(own);
    throw error;
  }
  try {
    for (const change of changes) carryOut(root, held, change);
    fs.renameSync(held, own);
  } catch (error) {
    undoOrSay(root, readJournal(held));
    throw error;
  }
  if (revert || !isGrowth(changes) || !keepRecord(root, own)) removeWaste(own);
  return cleaned;
}

/** Whether a run changes a generated service: only such a run can be undone. */
function isGrowth(changes: readonly FileChange[]): boolean {
  return changes.some(({ kind, path }) => isRecordPath(path) || (kind === 'update' && path === MANIFEST_PATH));
}

function prepare(
  root: string,
  stage: string,
  owner: string,
  changes: readonly FileChange[],
  modes: Revert['modes'],
): void {
  fs.mkdirSync(stage);
  for (const change of changes) {
    const path = join(stage, 'new', change.path);
    const old = join(stage, 'old', change.path);
    if ('after' in change) {
      fs.mkdirSync(dirname(path), { recursive: true });
      writeTreeFile(path, change.after);
      const mode = modes?.get(change.path) ?? keptMode(root, change);
      if (mode !== undefined) fs.chmodSync(path, mode);
    }
    if ('before' in change) {
      fs.mkdirSync(dirname(old), { recursive: true });
      keepOriginal(join(root, change.path), old);
    }
  }
  writeJournal(root, stage, owner, changes);
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
function checkUnchanged(root: string, changes: readonly FileChange[]): void {
  for (const change of changes) {
    const obstacle = obstacleAt(root, change.path);
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

function carryOut(root: string, held: string, change: FileChange): void {
  const target = join(root, change.path);
  const staged = join(held, 'new', change.path);
  if (change.kind === 'delete') {
    fs.unlinkSync(target);
    return;
  }
  fs.mkdirSync(dirname(target), { recursive: true });
  if (change.kind === 'update') {
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
