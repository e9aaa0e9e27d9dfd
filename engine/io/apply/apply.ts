import { basename, dirname, join, relative, sep } from 'node:path';
import { UserError } from '../../core/errors.ts';
import type { FileChange, Plan } from '../../core/plan.ts';
import { fs, fsExtra, nearestFolder, writeTreeFile } from '../disk.ts';
import { diskError, hasCode } from '../failure.ts';
import { applyInPlace, type BeforeCommit, type Ending } from './in-place.ts';
import { stageName, sweepStages } from './stage.ts';

/**
 * The one place where a plan becomes files (law 2: all or nothing).
 *
 *   target missing or empty:  fill a sibling stage -> one rename
 *   target with content:      stage inside it -> journal -> rename file by file, undone on failure or by the next run
 *
 * @param root absolute path of the target
 * @param beforeCommit called once, when everything is staged and nothing has changed; it throws to cancel the run
 * @param ending set by a run that undoes or finishes an earlier one
 * @returns lines that say what was cleaned up after earlier, killed runs
 * @throws {UserError} TARGET_BUSY, TARGET_CHANGED or DISK_*; the target is then as it was before
 */
export async function applyPlan(
  root: string,
  plan: Plan,
  beforeCommit?: BeforeCommit,
  ending?: Ending,
): Promise<string[]> {
  try {
    const { folder, missing } = nearestFolder(root);
    if (missing.length > 0) return await applyFresh(folder, missing, plan.changes, beforeCommit);
    if (isReplaceable(root)) {
      try {
        const { mode } = fs.statSync(root);
        return await applyFresh(dirname(root), [basename(root)], plan.changes, beforeCommit, mode & 0o7777);
      } catch (error) {
        // A mount point, or a parent that is not writable. The folder itself may still be writable.
        if (!hasCode(error, 'EBUSY', 'EXDEV', 'EACCES', 'EPERM', 'EROFS')) throw error;
      }
    }
    return await applyInPlace(root, plan.changes, beforeCommit, ending);
  } catch (error) {
    throw diskError(error, root);
  }
}

/** Whether the folder may be replaced by a rename: it is empty, ours, and not the current folder or above it. */
function isReplaceable(root: string): boolean {
  const { uid, gid } = fs.lstatSync(root);
  if (process.getuid !== undefined && (uid !== process.getuid() || gid !== process.getgid?.())) return false;
  const inside = relative(fs.realpathSync(root), fs.realpathSync(process.cwd()));
  const stoodIn = inside === '' || (!inside.startsWith(`..${sep}`) && inside !== '..');
  return !stoodIn && fs.readdirSync(root).length === 0;
}

/** Builds `folder/<missing...>` in a stage beside it; the rename of the topmost missing folder is the commit. */
async function applyFresh(
  folder: string,
  missing: readonly string[],
  changes: readonly FileChange[],
  beforeCommit?: BeforeCommit,
  mode?: number,
): Promise<string[]> {
  const cleaned = sweepStages(folder);
  const [top = '', ...rest] = missing;
  const stage = join(folder, stageName(top.slice(0, 80)));
  const inner = join(stage, ...rest);
  fs.mkdirSync(stage);
  try {
    if (mode !== undefined) fs.chmodSync(stage, mode);
    fillStage(inner, changes);
    await beforeCommit?.();
    fs.renameSync(stage, join(folder, top));
  } catch (error) {
    fsExtra().removeSync(stage);
    if (hasCode(error, 'ENOTEMPTY', 'EEXIST', 'ENOTDIR'))
      throw new UserError(
        'TARGET_BUSY',
        `another process made ${join(folder, top)} in the meantime`,
        'Check it, then choose another folder with --dir.',
        { cause: error },
      );
    throw error;
  }
  return cleaned;
}

function fillStage(stage: string, changes: readonly FileChange[]): void {
  const made = new Set<string>();
  for (const change of changes) {
    if (change.kind !== 'create') throw new Error(`a fresh target cannot ${change.kind} ${change.path}`);
    // A RepoPath has `/`, which every system accepts. `join` would cost as much time as the write itself.
    const path = `${stage}/${change.path}`;
    const folder = path.slice(0, path.lastIndexOf('/'));
    if (!made.has(folder)) {
      fs.mkdirSync(folder, { recursive: true });
      made.add(folder);
    }
    writeTreeFile(path, change.after);
  }
}
