import { dirname, join, relative, sep } from 'node:path';
import { fs, kindOf } from './disk.ts';
import { hasCode } from './failure.ts';

/** What a new service would be part of, found in the folders above it. Nothing is executed. */
interface Surroundings {
  /** The folder of the git repository around the target, if any. */
  readonly repository?: string;
  /** The folder of the project of several packages around the target, if any. */
  readonly workspace?: string;
}

/** How a project of several packages is known. */
export interface WorkspaceSign {
  readonly file: string;
  /**
   * @param text of that file
   * @param location of a folder below it: `services/orders`
   * @returns whether the folder is one of its packages
   * @throws {SyntaxError} for a file that its tool could not read either
   */
  readonly isMember: (text: string, location: string) => boolean;
}

/** @param root the target's absolute path; it need not exist */
export function findSurroundings(root: string, sign: WorkspaceSign | undefined): Surroundings {
  const repository = findRepository(root);
  const workspace = sign && foldersAbove(root).find((folder) => folder !== root && hasMember(folder, root, sign));
  return { ...(repository === undefined ? {} : { repository }), ...(workspace === undefined ? {} : { workspace }) };
}

/** The folder of the git repository around a folder, which need not exist. */
export function findRepository(root: string): string | undefined {
  return foldersAbove(root).find((folder) => kindOf(join(folder, '.git')) !== 'missing');
}

/** A folder and those around it, the nearest first. */
function foldersAbove(root: string): string[] {
  const folders = [root];
  for (let folder = root; folder !== dirname(folder); ) {
    folder = dirname(folder);
    folders.push(folder);
  }
  return folders;
}

function hasMember(folder: string, root: string, { file, isMember }: WorkspaceSign): boolean {
  try {
    const location = relative(folder, root).split(sep).join('/');
    return isMember(fs.readFileSync(join(folder, file), 'utf8'), location);
  } catch (error) {
    // A file of that name above the target may have any content. Only one that can be read can be a workspace.
    if (error instanceof SyntaxError || hasCode(error, 'ENOENT', 'EACCES', 'EISDIR', 'ENOTDIR', 'ELOOP')) return false;
    throw error;
  }
}
