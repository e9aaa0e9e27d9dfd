import { dirname, join, relative, resolve } from 'node:path';
import { UserError } from '../core/errors.ts';
import type { RepoPath } from '../core/repo-path.ts';
import type { FileMode, Tree, TreeFile } from '../core/tree.ts';
import { hasCode } from './failure.ts';
import { fsExtra } from './fs-extra.ts';

/** Not an import: in a bundle, an import copies every property of the module. */
const fs = process.getBuiltinModule('node:fs');

/** All access to the file system goes through these two. */
export { fs, fsExtra };

/** The kind of what is at a path. Links are not followed. */
export function kindOf(path: string): 'missing' | 'file' | 'folder' | 'link' | 'other' {
  try {
    const stat = fs.lstatSync(path);
    if (stat.isSymbolicLink()) return 'link';
    if (stat.isDirectory()) return 'folder';
    return stat.isFile() ? 'file' : 'other';
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return 'missing';
    if (hasCode(error, 'ENOTDIR')) return 'other';
    throw error;
  }
}

/** Reads a regular file as a tree's file. */
export function readTreeFile(path: string): TreeFile {
  const mode: FileMode = fs.lstatSync(path).mode & 0o100 ? 0o755 : 0o644;
  return { content: fs.readFileSync(path), mode };
}

/** The nearest folder above `path` that exists, and the missing names below it. */
export function nearestFolder(path: string): { folder: string; missing: string[] } {
  const missing: string[] = [];
  let folder = resolve(path);
  while (kindOf(folder) === 'missing') {
    missing.unshift(relative(dirname(folder), folder));
    folder = dirname(folder);
  }
  return { folder, missing };
}

/** Where a path leads: links of the folders that are there are followed. */
export function realPath(path: string): string {
  for (let folder = path; ; folder = dirname(folder)) {
    try {
      return join(fs.realpathSync(folder), relative(folder, path));
    } catch (error) {
      if (!hasCode(error, 'ENOENT', 'ENOTDIR', 'EACCES', 'ELOOP')) throw error;
      if (folder === dirname(folder)) return path;
    }
  }
}

/** What a target folder contains. */
interface TargetState {
  readonly kind: 'missing' | 'folder';
  readonly entries: readonly string[];
  readonly tree: Tree;
  readonly obstacles: readonly string[];
}

/** Names that this program itself makes in a target. */
const OWN_ENTRY = /^\.twelve-(stage|backup)$|^\..*\.twelve-stage-/;

/**
 * Reads the files at the paths that will be written, and no other file. Follows no link out of `root`.
 * @throws {UserError} TARGET_UNUSABLE if `root` is a file, a link or a device
 */
export function readTarget(root: string, paths: Iterable<RepoPath>): TargetState {
  const kind = kindOf(root);
  if (kind === 'missing') return { kind, entries: [], tree: new Map(), obstacles: [] };
  if (kind !== 'folder') {
    const what = { file: 'a file', link: 'a symbolic link', other: 'below a file, or a device' }[kind];
    throw new UserError('TARGET_UNUSABLE', `${root} is ${what}`, 'Choose another folder with --dir.');
  }
  const entries = fs
    .readdirSync(root)
    .filter((name) => !OWN_ENTRY.test(name))
    .sort();
  const tree = new Map<RepoPath, TreeFile>();
  const obstacles = new Set<string>();
  if (entries.length > 0) {
    for (const path of paths) {
      const obstacle = obstacleAt(root, path);
      if (obstacle) obstacles.add(obstacle);
      else if (kindOf(join(root, path)) === 'file') tree.set(path, readTreeFile(join(root, path)));
    }
  }
  return { kind: 'folder', entries, tree, obstacles: [...obstacles] };
}

/**
 * The first part of `path` that is not a plain folder, or the path itself if it is not a plain file.
 * @param leaving files and folders that are gone before `path` is written. A link is always an obstacle.
 */
export function obstacleAt(root: string, path: RepoPath, leaving?: ReadonlySet<string>): string | undefined {
  const segments = path.split('/');
  for (let depth = 1; depth <= segments.length; depth += 1) {
    const prefix = segments.slice(0, depth).join('/');
    const kind = kindOf(join(root, prefix));
    if (kind === 'missing') return undefined;
    if (leaving?.has(prefix) && (kind === 'file' || kind === 'folder')) return undefined;
    if (kind !== (depth === segments.length ? 'file' : 'folder'))
      return `${prefix} (${kind === 'other' ? 'a device' : `a ${kind}`})`;
  }
  return undefined;
}

/** Writes a new file. The user's umask reduces its mode. */
export function writeTreeFile(path: string, file: TreeFile): void {
  fs.writeFileSync(path, file.content, { flag: 'wx', mode: file.mode === 0o755 ? 0o777 : 0o666 });
}
