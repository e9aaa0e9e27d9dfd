import { join } from 'node:path';
import { UserError } from '../../core/errors.ts';
import type { FileChange } from '../../core/plan.ts';
import { parseRepoPath, type RepoPath } from '../../core/repo-path.ts';
import { hashContent } from '../../core/tree.ts';
import { fs, fsExtra, kindOf, obstacleAt, readTreeFile } from '../disk.ts';
import { hasCode } from '../failure.ts';
import type { Folder } from './folders.ts';

/**
 * Changes to a folder that has content, all or nothing.
 *
 *   .<target>.twelve-stage-<who>/  new/ old/ journal.json      prepared; if killed here, nothing has changed
 *        | rename, which fails if another run holds the lock
 *   .twelve-stage/                                             locked; if killed here: the next run undoes it
 *        | files are deleted, linked or renamed into place
 *   .twelve-stage/done                                         all changed; if killed here: the next run completes it
 *        | rename
 *   .git/twelve-undo/                                          the record of the run, with which it can be undone
 */
export const HELD = '.twelve-stage';

export const JOURNAL = 'journal.json';

/** In a stage: everything is changed. From here on a run is completed and no longer undone. */
const DONE = 'done';

/** In a stage: the new journal of the record of the last run. */
export const AMENDED = 'record.json';

export interface Entry {
  readonly kind: FileChange['kind'];
  readonly path: RepoPath;
  readonly beforeHash?: string;
  readonly afterHash?: string;
}

export interface Journal {
  readonly schema: 1;
  readonly owner: string;
  /** Folders that the run made, parents first. */
  readonly folders: readonly RepoPath[];
  /** Folders that the run removed, parents first. */
  readonly removed: readonly Folder[];
  readonly entries: readonly Entry[];
  /** What becomes of the record of the last run, at the end. */
  readonly record?: RecordFate;
  /** The commit that the work tree was equal to before the run, if the run made sure of that. */
  readonly commit?: string;
}

/** `replaced` by this run; `dropped`; `amended` by the journal in {@link AMENDED}; `kept` as it is. */
type RecordFate = 'replaced' | 'dropped' | 'amended' | 'kept';

/** Whether `root` has a run that has not ended. */
export function isHeld(root: string): boolean {
  return kindOf(join(root, HELD)) !== 'missing';
}

/** Whether the run in `root` that has not ended has made all its changes. */
export function isDone(root: string): boolean {
  return isFileIn(root, `${HELD}/${DONE}`);
}

/** Whether there is a file at a path in `root`, and no link on the way. */
export function isFileIn(root: string, path: string): boolean {
  return !obstacleAt(root, path as RepoPath) && kindOf(join(root, path)) === 'file';
}

export function markDone(root: string): void {
  fs.writeFileSync(join(root, HELD, DONE), '');
}

/** @throws {UserError} TARGET_UNUSABLE if the folder has no valid journal */
export function readJournal(folder: string, name = JOURNAL): Journal {
  try {
    const read = JSON.parse(fs.readFileSync(join(folder, name), 'utf8')) as Journal;
    const journal: Journal = { ...read, removed: read.removed ?? [] };
    // Others may be able to write to this folder, so the paths are not trusted.
    const paths = [...journal.removed, ...journal.entries].map(({ path }) => path);
    for (const path of [...journal.folders, ...paths]) parseRepoPath(path);
    return journal;
  } catch (error) {
    const isForeign = error instanceof SyntaxError || error instanceof RangeError || error instanceof TypeError;
    if (!isForeign && !hasCode(error, 'ENOENT', 'ENOTDIR', 'EISDIR')) throw error;
    throw new UserError(
      'TARGET_UNUSABLE',
      `${folder} is in the way, and no interrupted run left it: ${(error as Error).message}`,
      'Check it, and move it away.',
      { cause: error },
    );
  }
}

/** Writes down what is about to change, so that it can be undone. */
export function writeJournal(
  stage: string,
  changes: readonly FileChange[],
  more: Omit<Journal, 'schema' | 'entries'>,
): void {
  const journal: Journal = { schema: 1, ...more, entries: changes.map(entryOf) };
  fs.writeFileSync(join(stage, JOURNAL), JSON.stringify(journal));
}

export function entryOf(change: FileChange): Entry {
  return {
    kind: change.kind,
    path: change.path,
    ...('before' in change ? { beforeHash: hashContent(change.before.content) } : {}),
    ...('after' in change ? { afterHash: hashContent(change.after.content) } : {}),
  };
}

export function busy(root: string, cause?: unknown): UserError {
  return new UserError(
    'TARGET_BUSY',
    `another run is at work in ${root}`,
    'Wait until it ends, then check the folder.',
    {
      cause,
    },
  );
}

/** The hash of a file on disk, to compare with a journal's. */
export function hashAt(path: string): string {
  return hashContent(readTreeFile(path).content);
}

/** Removes a stage that is no longer needed. If that fails, the next run removes it. */
export function removeWaste(path: string): void {
  try {
    fsExtra().removeSync(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).syscall === undefined) throw error;
  }
}
