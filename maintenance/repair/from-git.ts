import { ADDITIONS_FOLDER } from '../../engine/core/record/addition-record.ts';
import type { RepoPath } from '../../engine/core/repo-path.ts';
import { MANIFEST_PATH } from '../../engine/core/service/manifest.ts';
import { runCommand } from '../../engine/io/command.ts';

/**
 * The text of a file as git has it. Nothing if there is no git, no repository, no commit or no such file.
 * @param where a commit, or `:1` for what was there before both sides of a merge
 */
export function fromGit(root: string, where: 'HEAD' | ':1', path: RepoPath): string | undefined {
  const found = runCommand('git', ['show', `${where}:./${path}`], root);
  return found.ok ? found.stdout : undefined;
}

/** Whether a merge with a conflict in what is recorded is open. */
export function isUnmerged(root: string): boolean {
  const found = runCommand('git', ['ls-files', '--unmerged', '--', MANIFEST_PATH, ADDITIONS_FOLDER], root);
  return found.ok && found.stdout.trim() !== '';
}
