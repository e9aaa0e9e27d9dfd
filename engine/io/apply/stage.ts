import { hostname } from 'node:os';
import { join } from 'node:path';
import { fs, fsExtra } from '../disk.ts';
import { hasCode } from '../failure.ts';

/**
 * Stages are sibling folders in which a tree is built before it is renamed into place. Their names say which process
 * made them. So a later run can tell a stage that is in use from one whose run was killed.
 */

const STAGE = /^\.(?<target>.*)\.twelve-stage-(?<host>[0-9a-z]+)-(?<pid>\d+)-[0-9a-f]{8}$/;

/**
 * Stages older than this are removed in any case, because no run takes a day. A process id alone does not decide: the
 * run may be on another machine or in another container, and after a restart another process may have the same id.
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
 * Whether the run that made this stage has certainly ended.
 * @param path where the stage is now, under `name` or another name
 */
export function isStale(name: string, path: string): boolean {
  const { host, pid } = STAGE.exec(name)?.groups ?? {};
  if (host === undefined || pid === undefined) return false;
  // A stage with our own process id is from an earlier process: applying is synchronous, and in a container ids repeat.
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
 * Removes the stages of killed runs in `folder`.
 * @returns lines that say what was removed
 */
export function sweepStages(folder: string): string[] {
  let entries: string[];
  try {
    entries = fs.readdirSync(folder);
  } catch (error) {
    // A folder that cannot be listed cannot be cleaned up, but it may still be writable.
    if (hasCode(error, 'EACCES', 'EPERM', 'ENOENT', 'ENOTDIR')) return [];
    throw error;
  }
  return entries
    .filter((name) => isStale(name, join(folder, name)) && removeStage(join(folder, name)))
    .map((name) => `${name}, left by a killed run, was removed`);
}

/** @returns false for a stage of another user in a shared folder: only that user can remove it */
function removeStage(path: string): boolean {
  try {
    fsExtra().removeSync(path);
    return true;
  } catch (error) {
    if (hasCode(error, 'EACCES', 'EPERM')) return false;
    throw error;
  }
}
