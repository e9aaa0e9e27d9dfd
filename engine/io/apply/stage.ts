import { hostname } from 'node:os';
import { join } from 'node:path';
import { fs, fsExtra } from '../disk.ts';
import { hasCode } from '../failure.ts';

/**
 * Stages: sibling folders in which a tree is built before it is renamed into place. Their names say whose they are, so
 * that a later run can tell a stage that is being filled from one whose run was killed.
 */

const STAGE = /^\.(?<target>.*)\.twelve-stage-(?<host>[0-9a-z]+)-(?<pid>\d+)-[0-9a-f]{8}$/;

/**
 * A stage of a run on another machine or in another container cannot be asked, and after a restart its process id may be
 * somebody else's: no run takes a day.
 */
const STALE_MS = 24 * 60 * 60 * 1000;

function hostLabel(): string {
  return (
    hostname()
      .toLowerCase()
      .replace(/[^0-9a-z]/g, '')
      .slice(0, 20) || 'host'
  );
}

/** A name for a stage of this process beside (or, for a folder that exists, inside) the target. */
export function stageName(target: string): string {
  return `.${target}.twelve-stage-${hostLabel()}-${process.pid}-${Math.random().toString(16).slice(2).padEnd(8, '0').slice(0, 8)}`;
}

/**
 * Whether the run that made this stage is certainly over.
 * @param path where it stands now, under `name` or another one
 */
export function isStale(name: string, path: string): boolean {
  const { host, pid } = STAGE.exec(name)?.groups ?? {};
  if (host === undefined || pid === undefined) return false;
  // Applying is synchronous, so a stage with our own process id is of an earlier process: in a container ids repeat.
  if (host === hostLabel() && (Number(pid) === process.pid || !isRunning(Number(pid)))) return true;
  try {
    return Date.now() - fs.lstatSync(path).mtimeMs > STALE_MS;
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return false;
    throw error;
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return hasCode(error, 'EPERM');
  }
}

/**
 * Removes what killed runs left in `folder`.
 * @returns the names that were removed
 */
export function sweepStages(folder: string): string[] {
  let entries: string[];
  try {
    entries = fs.readdirSync(folder);
  } catch (error) {
    // A folder that may be searched but not listed cannot be swept, and may still be written to.
    if (hasCode(error, 'EACCES', 'EPERM', 'ENOENT')) return [];
    throw error;
  }
  return entries.filter((name) => isStale(name, join(folder, name)) && removeStage(join(folder, name)));
}

/** @returns false for the stage of another user in a shared folder, which is theirs to remove */
function removeStage(path: string): boolean {
  try {
    fsExtra().removeSync(path);
    return true;
  } catch (error) {
    if (hasCode(error, 'EACCES', 'EPERM')) return false;
    throw error;
  }
}
