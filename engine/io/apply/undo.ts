import { join } from 'node:path';
import { UserError } from '../../core/errors.ts';
import type { RepoPath } from '../../core/repo-path.ts';
import { fs, kindOf, obstacleAt } from '../disk.ts';
import { hasCode } from '../failure.ts';
import { busy, type Entry, HELD, hashAt, isHeld, type Journal, readJournal, removeWaste } from './journal.ts';
import { isStale, stageName } from './stage.ts';

/**
 * Undoes what a killed run left half done. Call it before reading `root`.
 * @returns lines that say what was done
 * @throws {UserError} TARGET_BUSY if that run is alive
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

/** A half-done run in the target is undone before anything is read; a plan writes nothing, so it can only say so. */
export function recoverTarget(target: string, planOnly: boolean): string[] {
  if (kindOf(target) !== 'folder' || !isHeld(target)) return [];
  if (planOnly)
    throw new UserError(
      'TARGET_BUSY',
      `an interrupted run stands half done in ${target}`,
      'Run the command without --plan: it rolls that run back first.',
    );
  return recover(target);
}

/** Puts everything back. @returns paths that somebody edited since, which are left alone */
function undo(root: string, journal: Journal): string[] {
  const kept = [...journal.entries].reverse().filter((entry) => !undoEntry(root, entry));
  for (const folder of [...journal.folders].reverse()) {
    // Asked for a name below it, so that the folder itself has to be a folder, and no link.
    if (!obstacleAt(root, `${folder}/-` as RepoPath)) removeIfEmpty(join(root, folder));
  }
  const waste = join(root, stageName(''));
  fs.renameSync(join(root, HELD), waste);
  removeWaste(waste);
  return kept.map(({ path }) => path);
}

/** Undoing can fail like anything else; then the next run does it, and nobody is told that nothing happened. */
export function undoOrSay(root: string, journal: Journal): void {
  try {
    undo(root, journal);
  } catch (error) {
    throw new UserError(
      'DISK_FAILED',
      `the disk failed, and failed again while ${root} was put back: ${(error as Error).message}`,
      'Look at the disk, then run the command again: it puts the folder back first.',
      { cause: error },
    );
  }
}

/** @returns false if the file was edited since, and is therefore left alone */
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
      // A file that was linked into place is the staged file; one that is not was there before us.
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
