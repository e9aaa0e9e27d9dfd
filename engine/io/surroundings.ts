import { dirname, join, relative } from 'node:path';
import { fs, kindOf } from './disk.ts';
import { hasCode } from './failure.ts';

/** What a new service would be part of, found in the folders above it. Nothing is executed. */
export interface Surroundings {
  /** The folder of the git repository around the target, if any. */
  readonly repository?: string;
  /** The folder of the npm workspace around the target, if any. */
  readonly workspace?: string;
}

/** @param root the target's absolute path; it need not exist */
export function findSurroundings(root: string): Surroundings {
  let repository: string | undefined;
  let workspace: string | undefined;
  for (let folder = root; ; folder = dirname(folder)) {
    repository ??= kindOf(join(folder, '.git')) !== 'missing' ? folder : undefined;
    if (folder !== root) workspace ??= hasWorkspaces(folder) ? folder : undefined;
    if (folder === dirname(folder)) break;
  }
  return { ...(repository === undefined ? {} : { repository }), ...(workspace === undefined ? {} : { workspace }) };
}

function hasWorkspaces(folder: string): boolean {
  try {
    const manifest = JSON.parse(fs.readFileSync(join(folder, 'package.json'), 'utf8')) as {
      workspaces?: unknown;
    } | null;
    return manifest?.workspaces !== undefined;
  } catch (error) {
    // A package.json above the target may have any content. Only one that can be read can be a workspace.
    if (error instanceof SyntaxError || hasCode(error, 'ENOENT', 'EACCES', 'EISDIR', 'ENOTDIR', 'ELOOP')) return false;
    throw error;
  }
}

/** `root` as a user in `cwd` would type it. */
export function displayPath(cwd: string, root: string): string {
  const path = relative(cwd, root);
  if (path === '') return '.';
  if (path.startsWith('..') || path.length > root.length) return root;
  return path.startsWith('-') ? `./${path}` : path;
}
