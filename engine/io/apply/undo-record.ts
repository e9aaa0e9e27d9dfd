import { dirname, join } from 'node:path';
import { UserError } from '../../core/errors.ts';
import type { FileChange } from '../../core/plan.ts';
import { parseRepoPath, type RepoPath } from '../../core/repo-path.ts';
import { MANIFEST_PATH } from '../../core/service/manifest.ts';
import type { TreeFile } from '../../core/tree.ts';
import { fs, kindOf, obstacleAt, readTreeFile } from '../disk.ts';
import { emptiedFolders, type Folder } from './folders.ts';
import { AMENDED, type Entry, entryOf, HELD, hashAt, isFileIn, JOURNAL, type Journal, readJournal } from './journal.ts';

/**
 * The record with which the last run on a service can be undone: its journal and the files that it replaced. It is kept
 * in `.git`, outside of the work tree. Where that is not possible, it is kept in a folder with a `.gitignore` for itself.
 */
const IN_GIT = '.git/twelve-undo' as RepoPath;
const BESIDE = '.twelve-undo' as RepoPath;

function findRecord(root: string): RepoPath | undefined {
  // A record in `.git` is made only when there is no other one.
  return [BESIDE, IN_GIT].find((place) => isFileIn(root, `${place}/${JOURNAL}`));
}

/** Whether the last run in a folder is recorded. */
export function hasRecord(root: string): boolean {
  return findRecord(root) !== undefined;
}

/** Makes a folder with a journal the only record. After the old one is gone, it is one rename. */
export function placeRecord(root: string, folder: string): void {
  drop(root, BESIDE);
  try {
    drop(root, IN_GIT);
    if (kindOf(join(root, '.git')) === 'folder') {
      fs.renameSync(folder, join(root, IN_GIT));
      return;
    }
  } catch (error) {
    // E.g. `.git` is on another device, or the old record belongs to somebody else.
    if ((error as NodeJS.ErrnoException).syscall === undefined) throw error;
  }
  fs.renameSync(folder, join(root, BESIDE));
}

/**
 * Adds the stage of a run to the record: first the files that the run replaced and that the record does not have, then
 * the new journal of the record, {@link amendedJournal}.
 */
export function amendRecord(root: string): void {
  const record = findRecord(root);
  if (record === undefined || !isFileIn(root, `${HELD}/${AMENDED}`)) return;
  for (const { kind, path } of readJournal(join(root, HELD), AMENDED).entries) {
    const to = `${record}/old/${path}` as RepoPath;
    if (kind === 'create' || !isFileIn(root, `${HELD}/old/${path}`)) continue;
    if (obstacleAt(root, to) || kindOf(join(root, to)) !== 'missing') continue;
    fs.mkdirSync(dirname(join(root, to)), { recursive: true });
    fs.renameSync(join(root, HELD, 'old', path), join(root, to));
  }
  fs.renameSync(join(root, HELD, AMENDED), join(root, record, JOURNAL));
}

export function dropRecord(root: string): void {
  drop(root, BESIDE);
  drop(root, IN_GIT);
}

function drop(root: string, place: RepoPath): void {
  if (obstacleAt(root, `${place}/-` as RepoPath)) return;
  // The journal goes first: a folder without one is no record. Not fs-extra: nothing else in this run loads it.
  fs.rmSync(join(root, place, JOURNAL), { force: true });
  fs.rmSync(join(root, place), { recursive: true, force: true });
}

/** What the last recorded run replaced at a path, and the hash of what it left there. */
export function recordedChange(
  root: string,
  path: RepoPath,
): { readonly before: TreeFile; readonly afterHash?: string } | undefined {
  const record = findRecord(root);
  if (record === undefined) return undefined;
  const old = `${record}/old/${path}`;
  const entry = readJournal(join(root, record)).entries.find((one) => one.path === path);
  if (!entry || !isFileIn(root, old)) return undefined;
  return { before: readTreeFile(join(root, old)), ...(entry.afterHash ? { afterHash: entry.afterHash } : {}) };
}

/** The folders with a record of their own that the last recorded run made in `root`: services that joined a workspace. */
export interface MadeFolder {
  readonly path: string;
  /** Whether nothing was in it before. */
  readonly isNew: boolean;
  /** The paths in `root` that the run wrote. */
  readonly written: ReadonlySet<string>;
  /** When the run began, in milliseconds. */
  readonly since: number;
}

export function madeFolders(root: string): readonly MadeFolder[] {
  const record = findRecord(root);
  if (record === undefined) return [];
  const { entries, folders } = readJournal(join(root, record));
  const written = new Set<string>(entries.map(({ path }) => path));
  const since = fs.lstatSync(join(root, record, JOURNAL)).mtimeMs;
  const isNew = (path: string) => folders.some((folder) => folder === path);
  return [...written]
    .filter((path) => path.endsWith(`/${MANIFEST_PATH}`))
    .map(dirname)
    .map((path) => ({ path, isNew: isNew(path), written, since }));
}

/**
 * The journal of the last recorded run, as if that run had also made these changes, and all other edits of its files
 * since. Undoing it takes all of them back.
 * @param more the folders that these changes make and remove
 */
export function amendedJournal(
  root: string,
  changes: readonly FileChange[],
  more: Pick<Journal, 'folders' | 'removed'>,
): Journal | undefined {
  const record = findRecord(root);
  if (record === undefined) return undefined;
  const journal = readJournal(join(root, record));
  const entries = journal.entries.flatMap((entry): Entry[] => {
    const { path, kind, beforeHash } = entry;
    if (obstacleAt(root, path)) return [entry];
    const change = changes.find((one) => one.path === path);
    const isThere = kindOf(join(root, path)) === 'file';
    const left = change ? entryOf(change).afterHash : isThere ? hashAt(join(root, path)) : undefined;
    const before = beforeHash === undefined ? {} : { beforeHash };
    if (left === undefined) return kind === 'create' ? [] : [{ kind: 'delete', path, ...before }];
    return [{ kind: kind === 'create' ? 'create' : 'update', path, ...before, afterHash: left }];
  });
  const known = new Set(journal.entries.map(({ path }) => path));
  return {
    ...journal,
    folders: [...journal.folders, ...more.folders],
    removed: [...journal.removed, ...more.removed],
    entries: [...entries, ...changes.filter(({ path }) => !known.has(path)).map(entryOf)],
  };
}

/** What undoes the last run. */
export interface Undoing {
  readonly changes: readonly FileChange[];
  /** Folders that the run made. They go, if nothing else is in them. */
  readonly folders: readonly RepoPath[];
  /** Folders that the run removed, parents first. They are made again. */
  readonly removed: readonly Folder[];
  /** The full permissions of the restored files. A tree knows only whether a file is executable. */
  readonly modes: ReadonlyMap<RepoPath, number>;
  /** All paths that the run changed. */
  readonly paths: readonly RepoPath[];
  /** The commit that the work tree was equal to before the run, if that is known. */
  readonly commit?: string | undefined;
}

/**
 * @param evenIfEdited also restore files that were edited after the run
 * @throws {UserError} NOTHING_TO_UNDO, or EDITED_SINCE listing the files that were edited after the run
 */
export function planUndo(root: string, { evenIfEdited = false } = {}): Undoing {
  const record = findRecord(root);
  if (record === undefined)
    throw new UserError(
      'NOTHING_TO_UNDO',
      `there is nothing to undo in ${root}: no run is recorded`,
      'Only the last run can be undone, and only once. Use git for earlier runs.',
    );
  const { entries, folders, removed, commit } = readJournal(join(root, record));
  const edited = new Set<string>();
  const modes = new Map<RepoPath, number>();
  // Where the run put a folder in place of a file, or a file in place of a folder, the new one is not in the way.
  const made = new Set<string>([...folders, ...entries.flatMap(({ kind, path }) => (kind === 'create' ? [path] : []))]);
  const changes = entries.flatMap(({ kind, path, afterHash }): FileChange[] => {
    const target = join(root, path);
    const old = `${record}/old/${path}`;
    // Links are not followed, not even in the record. A file that the record has lost cannot be restored.
    if (obstacleAt(root, path, kind === 'delete' ? made : undefined) || (kind !== 'create' && !isFileIn(root, old))) {
      edited.add(path);
      return [];
    }
    const isThere = kindOf(target) === 'file';
    const isAsLeft = kind === 'delete' ? !isThere : isThere && hashAt(target) === afterHash;
    // A file that the run made and that was deleted later needs no undo.
    if (kind === 'create' && !isThere) return [];
    if (!isAsLeft && !evenIfEdited) {
      edited.add(path);
      return [];
    }
    if (kind !== 'create') modes.set(path, fs.lstatSync(join(root, old)).mode & 0o777);
    const after = kind === 'create' ? undefined : readTreeFile(join(root, old));
    if (after === undefined) return [{ kind: 'delete', path, before: readTreeFile(target) }];
    return [!isThere ? { kind: 'create', path, after } : { kind: 'update', path, before: readTreeFile(target), after }];
  });
  const leaving = leavingPaths(changes, emptiedFolders(root, changes, folders));
  for (const { kind, path } of changes) if (kind === 'create' && obstacleAt(root, path, leaving)) edited.add(path);
  if (edited.size > 0)
    throw new UserError(
      'EDITED_SINCE',
      `files were edited after that run: ${[...edited].join(', ')}`,
      'Nothing was changed. Undo that run by hand, or with git.',
    );
  const paths = entries.map(({ path }) => path);
  return { changes, folders: folders.map((path) => parseRepoPath(path)), removed, modes, paths, commit };
}

/** What is gone before new files are written. */
export function leavingPaths(changes: readonly FileChange[], emptied: readonly Folder[]): Set<string> {
  const deleted = changes.flatMap(({ kind, path }) => (kind === 'delete' ? [path] : []));
  return new Set<string>([...deleted, ...emptied.map(({ path }) => path)]);
}
