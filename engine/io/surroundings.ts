import { dirname, join } from 'node:path';
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
   * @throws {SyntaxError} for a file that its tool could not read either
   */
  readonly isOne: (text: string) => boolean;
}

/** @param root the target's absolute path; it need not exist */
export function findSurroundings(root: string, sign: WorkspaceSign): Surroundings {
  let repository: string | undefined;
  let workspace: string | undefined;
  for (let folder = root; ; folder = dirname(folder)) {
    repository ??= kindOf(join(folder, '.git')) !== 'missing' ? folder : undefined;
    if (folder !== root) workspace ??= isWorkspace(folder, sign) ? folder : undefined;
    if (folder === dirname(folder)) break;
  }
  return { ...(repository === undefined ? {} : { repository }), ...(workspace === undefined ? {} : { workspace }) };
}

function isWorkspace(folder: string, { file, isOne }: WorkspaceSign): boolean {
  try {
    return isOne(fs.readFileSync(join(folder, file), 'utf8'));
  } catch (error) {
    // A file of that name above the target may have any content. Only one that can be read can be a workspace.
    if (error instanceof SyntaxError || hasCode(error, 'ENOENT', 'EACCES', 'EISDIR', 'ENOTDIR', 'ELOOP')) return false;
    throw error;
  }
}
