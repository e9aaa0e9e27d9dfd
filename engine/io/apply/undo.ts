import { dirname, join } from 'node:path';
import { UserError } from '../../core/errors.ts';
import type { RepoPath } from '../../core/repo-path.ts';
import { fs, kindOf, obstacleAt } from '../disk.ts';
import { hasCode } from '../failure.ts';
import { completeRun } from './complete.ts';
import { busy, type Entry, HELD, hashAt, isDone, isHeld, type Journal, readJournal, removeWaste } from './journal.ts';
import { isStale, stageName, sweepStages } from './stage.ts';

/**
 * Undoes a run that was killed half way, or completes it if it had made all its changes. Call it before reading `root`.
 * @returns lines that say what was done
 * @throws {UserError} TARGET_BUSY if that run is still running
 */
export function recover(root: string): string[] {
  if (!isHeld(root)) return [];
  const held = join(root, HELD);
  const journal = readJournal(held);
  if (!isStale(journal.owner, held)) throw busy(root);
  if (isDone(root)) return [`an interrupted run in ${root} was done, and is complete now`, ...completeRun(root)];
  const kept = undo(root, journal);
  return [
    `an interrupted run in ${root} was rolled back`,
    ...kept.map((path) => `${path} was edited since and is kept as it is`),
  ];
}

/**
 * Undoes or completes what killed runs left in the target, before it is read, and removes the stages that they left in it or beside
 * it. With `planOnly` nothing may be written, so it throws instead.
 */
export function recoverTarget(target: string, planOnly: boolean): string[] {
  const beside = planOnly ? [] : sweepStages(dirname(target));
  if (kindOf(target) !== 'folder') return beside;
  if (!planOnly) return [...beside, ...recover(target), ...sweepStages(target)];
  if (!isHeld(target)) return [];
  throw new UserError(
    'TARGET_BUSY',
    `${target} has a half-done run that was interrupted`,
    'Run the command without --plan: it first rolls that run back, or completes it.',
  );
}

/**
 * Restores every file and folder. What the run made goes first: it may stand in place of what it deleted.
 * @returns the paths that were edited after that run; these files are not changed
 */
function undo(root: string, journal: Journal): string[] {
  const { entries, folders, removed } = journal;
  const isDelete = ({ kind }: Entry) => kind === 'delete';
  // A file or folder that the run had not yet removed when it was killed.
  const leaving = new Set<string>([...entries.filter(isDelete), ...removed].map(({ path }) => path));
  const restore = (some: readonly Entry[]) => [...some].reverse().filter((entry) => !undoEntry(root, entry, leaving));
  const kept = restore(entries.filter((entry) => !isDelete(entry)));
  for (const folder of [...folders].reverse()) {
    // The check uses a name below the folder: the folder itself must then be a folder and not a link.
    if (!obstacleAt(root, `${folder}/-` as RepoPath)) removeIfEmpty(join(root, folder));
  }
  const made = removed.filter(({ path }) => !obstacleAt(root, `${path}/-` as RepoPath));
  for (const { path } of made) fs.mkdirSync(join(root, path), { recursive: true });
  kept.push(...restore(entries.filter(isDelete)));
  for (const { path, mode } of made) fs.chmodSync(join(root, path), mode & 0o777);
  const waste = join(root, stageName(''));
  fs.renameSync(join(root, HELD), waste);
  removeWaste(waste);
  return kept.map(({ path }) => path);
}

/** Undoes a run. If that fails too, the error says so, and the next run undoes it. */
export function undoOrSay(root: string, journal: Journal): void {
  try {
    undo(root, journal);
  } catch (error) {
    throw new UserError(
      'DISK_FAILED',
      `the disk failed, and failed again while ${root} was restored: ${(error as Error).message}`,
      'Check the disk, then run the command again: it restores the folder first.',
      { cause: error },
    );
  }
}

/**
 * @param leaving paths of files and folders that the run removes
 * @returns false if the file was edited after that run, and was therefore not changed
 */
function undoEntry(root: string, { kind, path, beforeHash, afterHash }: Entry, leaving: ReadonlySet<string>): boolean {
  const target = join(root, path);
  const old = join(root, HELD, 'old', path);
  const staged = join(root, HELD, 'new', path);
  // In the stage, too, a file and a folder of one name may stand side by side: one is old, one is new.
  const ways = [kind !== 'create' && `${HELD}/old/${path}`, kind !== 'delete' && `${HELD}/new/${path}`];
  if (ways.some((way) => way && obstacleAt(root, way as RepoPath))) return false;
  // What was to leave is still there, so the file was not made.
  if (obstacleAt(root, path)) return kind === 'create' && obstacleAt(root, path, leaving) === undefined;
  const present = kindOf(target) === 'file';
  const hash = present ? hashAt(target) : undefined;
  switch (kind) {
    case 'create': {
      // If our run made the file, it is a link to the staged file. Any other file is not ours.
      if (!present || (fs.existsSync(staged) && fs.statSync(staged).ino !== fs.statSync(target).ino)) return true;
      if (hash !== afterHash) return false;
      fs.unlinkSync(target);
      return true;
    }
    case 'update': {
      if (fs.existsSync(staged) || hash === beforeHash) return true;
      if (hash !== afterHash || kindOf(old) !== 'file') return false;
      fs.renameSync(old, target);
      return true;
    }
    case 'delete': {
      if (present) return true;
      if (kindOf(old) !== 'file') return false;
      fs.renameSync(old, target);
      return true;
    }
  }
}

export function removeIfEmpty(folder: string): void {
  try {
    fs.rmdirSync(folder);
  } catch (error) {
    if (!hasCode(error, 'ENOTEMPTY', 'EEXIST', 'ENOENT', 'ENOTDIR')) throw error;
  }
}
