import { join } from 'node:path';
import { UserError } from '../../core/errors.ts';
import type { FileChange } from '../../core/plan.ts';
import { parseRepoPath, type RepoPath } from '../../core/repo-path.ts';
import { fs, kindOf, obstacleAt, readTreeFile } from '../disk.ts';
import { hashAt, readJournal } from './journal.ts';

/**
 * The record with which the last run on a service can be undone: its journal and the files that it replaced. It is kept
 * in `.git`, outside of the work tree. Without a `.git`, it is kept in a folder with a `.gitignore` for itself.
 */
const FOLDERS = ['.git/twelve-undo', '.twelve-undo'] as RepoPath[];

function newRecord(root: string): string {
  return join(root, kindOf(join(root, '.git')) === 'folder' ? '.git/twelve-undo' : '.twelve-undo');
}

/** Keeps the stage of a finished run as its record. @returns false if that failed; the caller then removes the stage */
export function keepRecord(root: string, stage: string): boolean {
  try {
    dropRecord(root);
    fs.rmSync(join(stage, 'new'), { recursive: true, force: true });
    fs.writeFileSync(join(stage, '.gitignore'), '*\n');
    fs.renameSync(stage, newRecord(root));
    return true;
  } catch (error) {
    // The run itself is done. Without a record it cannot be undone, and a later undo says so.
    if ((error as NodeJS.ErrnoException).syscall === undefined) throw error;
    return false;
  }
}

export function dropRecord(root: string): void {
  // Not fs-extra: nothing else in this run loads it.
  for (const folder of FOLDERS)
    if (!obstacleAt(root, `${folder}/-` as RepoPath)) fs.rmSync(join(root, folder), { recursive: true, force: true });
}

/** The changes that undo the last run. */
interface Undoing {
  readonly changes: readonly FileChange[];
  /** Folders that the run made, the deepest first. */
  readonly folders: readonly RepoPath[];
  /** The full permissions of the restored files. A tree knows only whether a file is executable. */
  readonly modes: ReadonlyMap<RepoPath, number>;
}

/**
 * @param evenIfEdited also restore files that were edited after the run
 * @throws {UserError} NOTHING_TO_UNDO, or EDITED_SINCE listing the files that were edited after the run
 */
export function planUndo(root: string, { evenIfEdited = false } = {}): Undoing {
  const record = FOLDERS.find(
    (folder) => !obstacleAt(root, `${folder}/journal.json` as RepoPath) && kindOf(join(root, folder)) === 'folder',
  );
  if (record === undefined)
    throw new UserError(
      'NOTHING_TO_UNDO',
      `no run in ${root} is recorded`,
      'Only the last run can be undone, and only once. Use git for earlier runs.',
    );
  const journal = readJournal(join(root, record));
  const edited: string[] = [];
  const modes = new Map<RepoPath, number>();
  const changes = journal.entries.flatMap(({ kind, path, afterHash }): FileChange[] => {
    const target = join(root, path);
    const old = `${record}/old/${path}` as RepoPath;
    // Links are not followed, not even in the record. A file that the record has lost cannot be restored.
    if (
      obstacleAt(root, path) ||
      (kind !== 'create' && (obstacleAt(root, old) || kindOf(join(root, old)) !== 'file'))
    ) {
      edited.push(path);
      return [];
    }
    const isThere = kindOf(target) === 'file';
    const isAsLeft = kind === 'delete' ? kindOf(target) === 'missing' : isThere && hashAt(target) === afterHash;
    // A file that the run made and that was deleted later needs no undo.
    if (kind === 'create' && kindOf(target) === 'missing') return [];
    if (!isAsLeft && !evenIfEdited) {
      edited.push(path);
      return [];
    }
    if (kind !== 'create') modes.set(path, fs.lstatSync(join(root, old)).mode & 0o777);
    const after = kind === 'create' ? undefined : readTreeFile(join(root, old));
    if (after === undefined) return [{ kind: 'delete', path, before: readTreeFile(target) }];
    return [!isThere ? { kind: 'create', path, after } : { kind: 'update', path, before: readTreeFile(target), after }];
  });
  if (edited.length > 0)
    throw new UserError(
      'EDITED_SINCE',
      `edited since: ${edited.join(', ')}`,
      'Nothing was changed. Undo the run by hand, or with git.',
    );
  return { changes, folders: journal.folders.map((path) => parseRepoPath(path)).reverse(), modes };
}
