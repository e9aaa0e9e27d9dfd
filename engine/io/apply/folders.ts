import { join, relative, sep } from 'node:path';
import type { FileChange } from '../../core/plan.ts';
import { foldersAbove, isSafe, parseRepoPath, type RepoPath } from '../../core/repo-path.ts';
import { fs, kindOf, obstacleAt } from '../disk.ts';

/** A folder, with the permissions that it had. */
export interface Folder {
  readonly path: RepoPath;
  readonly mode: number;
}

/** The folders that do not exist, or stand where the changes delete a file, and that the new files need; parents first. */
export function missingFolders(root: string, changes: readonly FileChange[], more: readonly Folder[] = []): RepoPath[] {
  const deleted = new Set<string>(changes.flatMap(({ kind, path }) => (kind === 'delete' ? [path] : [])));
  const needed = changes.flatMap(({ kind, path }) => (kind === 'delete' ? [] : foldersAbove(path)));
  const folders = new Set([...needed, ...more.map(({ path }) => path)]);
  const isMissing = (folder: RepoPath) =>
    [...foldersAbove(folder), folder].some((one) => deleted.has(one)) || kindOf(join(root, folder)) === 'missing';
  return [...folders].filter(isMissing).sort();
}

/**
 * The folders in which nothing is left after the deletions, with their permissions, parents first. A folder with anything
 * else in it stays, and so does one that a new file needs, or in which the program was started. An empty folder counts
 * as something, except where a new file replaces the whole folder.
 * @param only the folders that may go; by default those of the deleted files
 */
export function emptiedFolders(root: string, changes: readonly FileChange[], only?: readonly RepoPath[]): Folder[] {
  const deleted = new Set<string>(changes.flatMap(({ kind, path }) => (kind === 'delete' ? [path] : [])));
  const written = changes.flatMap(({ kind, path }) => (kind === 'delete' ? [] : [path]));
  const replaced = new Set<string>(written.filter((path) => kindOf(join(root, path)) === 'folder'));
  const candidates = new Set([...(only ?? [...deleted].flatMap(foldersAbove)), ...replaced]) as Set<RepoPath>;
  if (candidates.size === 0) return [];
  const needed = new Set<string>(written.flatMap(foldersAbove));
  const stoodIn = relative(fs.realpathSync(root), fs.realpathSync(process.cwd())).split(sep).join('/');
  const isReplaced = (folder: RepoPath) => [folder, ...foldersAbove(folder)].some((one) => replaced.has(one));
  const known = new Map<string, boolean>();
  const isEmptied = (folder: RepoPath): boolean => {
    const found = known.get(folder);
    if (found !== undefined) return found;
    // A link on the way is not followed.
    const isFolder = kindOf(join(root, folder)) === 'folder' && !obstacleAt(root, `${folder}/-` as RepoPath);
    const isLeft = !isFolder || needed.has(folder) || `${stoodIn}/`.startsWith(`${folder}/`);
    const result =
      !isLeft &&
      fs.readdirSync(join(root, folder), { withFileTypes: true }).every((entry) => {
        const path = `${folder}/${entry.name}`;
        if (deleted.has(path)) return true;
        return entry.isDirectory() && isSafe(path) && (candidates.has(path) || isReplaced(path)) && isEmptied(path);
      });
    known.set(folder, result);
    return result;
  };
  for (const folder of candidates) isEmptied(folder);
  return [...known]
    .flatMap(([path, isGone]) => (isGone ? [parseRepoPath(path)] : []))
    .sort()
    .map((path) => ({ path, mode: fs.lstatSync(join(root, path)).mode & 0o777 }));
}
