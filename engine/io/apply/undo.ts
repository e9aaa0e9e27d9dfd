import { join } from 'node:path';
import { UserError } from '../../core/errors.ts';
import type { RepoPath } from '../../core/repo-path.ts';
import { fs, kindOf, obstacleAt } from '../disk.ts';
import { hasCode } from '../failure.ts';
import { busy, type Entry, HELD, hashAt, isHeld, type Journal, readJournal, removeWaste } from './journal.ts';
import { isStale, stageName } from './stage.ts';

/**
 * Undoes a run that was killed half way. Call it before reading `root`.
 * @returns lines that say what was done
 * @throws {UserError} TARGET_BUSY if that run is still running
 */
export function recover(root: string): string[] {
  if (!isHeld(root)) return [];
  const held = join(root, HELD);
  const journal = readJournal(held);
  if (!isStale(journal.owner, held)) throw busy(root);
  const kept = undo(root, journal);
  return [
    `an interrupted run in ${root} was rolled back`,
    ...kept.map((path) => `${path} was edited since and is kept as it is`),
  ];
}

/**
 * Undoes a half-done run in the target before it is read. With `planOnly` nothing may be written, so it throws instead.
 */
export function recoverTarget(target: string, planOnly: boolean): string[] {
  if (kindOf(target) !== 'folder' || !isHeld(target)) return [];
  if (planOnly)
    throw new UserError(
      'TARGET_BUSY',
      `${target} has a half-done run that was interrupted`,
      'Run the command without --plan: it rolls that run back first.',
    );
  return recover(target);
}

/** Restores every file. @returns the paths that were edited after that run; these files are not changed */
function undo(root: string, journal: Journal): string[] {
  const kept = [...journal.entries].reverse().filter((entry) => !undoEntry(root, entry));
  for (const folder of [...journal.folders].reverse()) {
    // The check uses a name below the folder: the folder itself must then be a folder and not a link.
    if (!obstacleAt(root, `${folder}/-` as RepoPath)) removeIfEmpty(join(root, folder));
  }
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

/** @returns false if the file was edited after that run, and was therefore not changed */
function undoEntry(root: string, { kind, path, beforeHash, afterHash }: Entry): boolean {
  const target = join(root, path);
  const old = join(root, HELD, 'old', path);
  const staged = join(root, HELD, 'new', path);
  const ways = [path, `${HELD}/old/${path}`, `${HELD}/new/${path}`] as RepoPath[];
  if (ways.some((way) => obstacleAt(root, way))) return false;
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
