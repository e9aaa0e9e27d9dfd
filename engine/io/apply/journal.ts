import { join } from 'node:path';
import { UserError } from '../../core/errors.ts';
import type { FileChange } from '../../core/plan.ts';
import { parseRepoPath, type RepoPath } from '../../core/repo-path.ts';
import { hashContent } from '../../core/tree.ts';
import { fs, fsExtra, kindOf, readTreeFile } from '../disk.ts';
import { hasCode } from '../failure.ts';

/**
 * Changes to a folder that has content, all or nothing.
 *
 *   .<target>.twelve-stage-<who>/  new/ old/ journal.json      prepared; if killed here, nothing has changed
 *        | rename, which fails if another run holds the lock
 *   .twelve-stage/                                             locked; if killed here: the next run undoes it
 *        | each file is linked or renamed into place
 *   .<target>.twelve-stage-<who>/                              done; if killed here: all changed, next run cleans up
 */
export const HELD = '.twelve-stage';

export interface Entry {
  readonly kind: FileChange['kind'];
  readonly path: RepoPath;
  readonly beforeHash?: string;
  readonly afterHash?: string;
}

export interface Journal {
  readonly schema: 1;
  readonly owner: string;
  /** Folders that did not exist, parents first. */
  readonly folders: readonly RepoPath[];
  readonly entries: readonly Entry[];
}

/** Whether `root` has a half-done run. */
export function isHeld(root: string): boolean {
  return kindOf(join(root, HELD)) !== 'missing';
}

/** @throws {UserError} TARGET_UNUSABLE if the folder has no valid journal */
export function readJournal(folder: string): Journal {
  try {
    const journal = JSON.parse(fs.readFileSync(join(folder, 'journal.json'), 'utf8')) as Journal;
    // Others may be able to write to this folder, so the paths are not trusted.
    for (const path of [...journal.folders, ...journal.entries.map((entry) => entry.path)]) parseRepoPath(path);
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
export function writeJournal(root: string, stage: string, owner: string, changes: readonly FileChange[]): void {
  const journal: Journal = {
    schema: 1,
    owner,
    folders: missingFolders(root, changes),
    entries: changes.map((change) => ({
      kind: change.kind,
      path: change.path,
      ...('before' in change ? { beforeHash: hashContent(change.before.content) } : {}),
      ...('after' in change ? { afterHash: hashContent(change.after.content) } : {}),
    })),
  };
  fs.writeFileSync(join(stage, 'journal.json'), JSON.stringify(journal));
}

function missingFolders(root: string, changes: readonly FileChange[]): RepoPath[] {
  const folders = new Set<RepoPath>();
  for (const { path } of changes) {
    const segments = path.split('/').slice(0, -1);
    for (let depth = 1; depth <= segments.length; depth += 1) {
      const folder = parseRepoPath(segments.slice(0, depth).join('/'));
      if (kindOf(join(root, folder)) === 'missing') folders.add(folder);
    }
  }
  return [...folders].sort();
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
