import { join } from 'node:path';
import { printable, UserError } from '../../core/errors.ts';
import { runCommand } from '../command.ts';
import { fs } from '../disk.ts';
import { gitFailed } from './git.ts';

/** Files in `.git` that exist while an operation is under way -> that operation. */
const UNDER_WAY: Readonly<Record<string, string>> = {
  'rebase-merge': 'a rebase',
  'rebase-apply': 'a rebase',
  MERGE_HEAD: 'a merge',
  CHERRY_PICK_HEAD: 'a cherry-pick',
  REVERT_HEAD: 'a revert',
};

const REMEDY = 'Commit, stash or finish that first. Then git can always undo the upgrade.';

/**
 * Refuses to change a service if git could not restore its present state.
 * @param root its folder, which may be a folder of a larger repository
 * @throws {UserError} NOT_POSSIBLE without git, NOT_CLEAN with changes, untracked files, or an operation under way
 */
export function requireCleanTree(root: string): void {
  const folder = runCommand('git', ['rev-parse', '--absolute-git-dir'], root);
  if (!folder.ok)
    throw new UserError(
      'NOT_POSSIBLE',
      `an upgrade needs git: ${printable(folder.reason)}`,
      folder.reason === 'git is not installed'
        ? 'Install git 2.38 or newer.'
        : 'Make the service a git repository and commit it first (git init && git add -A && git commit).',
    );
  const gitDir = folder.stdout.trim();
  const doing = Object.keys(UNDER_WAY).find((name) => fs.existsSync(join(gitDir, name)));
  if (doing !== undefined) throw new UserError('NOT_CLEAN', `${UNDER_WAY[doing]} is under way in ${root}`, REMEDY);
  const status = runCommand('git', ['status', '--porcelain', '-z', '--untracked-files=all', '--', '.'], root);
  if (!status.ok) throw gitFailed('status', status.reason);
  const changed = status.stdout.split('\0').filter((line) => /^.. /.test(line));
  if (changed.length === 0) return;
  const shown = changed.slice(0, 8).map((line) => `${line.slice(3)}${line.startsWith('??') ? ' (not in git)' : ''}`);
  const more = changed.length > 8 ? ` and ${changed.length - 8} more` : '';
  throw new UserError('NOT_CLEAN', `${root} has changes: ${printable(shown.join(', '))}${more}`, REMEDY);
}

/**
 * Refuses a sparse checkout without files of the template: the team would seem to have deleted them.
 * @param missing paths that the template has and the checkout does not have
 * @param isGitOptional true for a plan, which needs no repository
 * @throws {UserError} NOT_CLEAN; NOT_POSSIBLE if git fails
 */
export function requireWholeCheckout(root: string, missing: readonly string[], isGitOptional: boolean): void {
  if (missing.length === 0) return;
  const env = { GIT_LITERAL_PATHSPECS: '1' };
  const listed = runCommand('git', ['ls-files', '-t', '-z', '--', ...missing], root, { env });
  if (!listed.ok) {
    if (isGitOptional) return;
    throw gitFailed('ls-files', listed.reason);
  }
  const skipped = listed.stdout.split('\0').filter((line) => line.startsWith('S '));
  if (skipped.length === 0) return;
  throw new UserError(
    'NOT_CLEAN',
    `the sparse checkout does not have these files of the template: ${printable(skipped.map((line) => line.slice(2)).join(', '))}`,
    'Check everything out (git sparse-checkout disable), or upgrade on a branch (--branch), which needs no checkout.',
  );
}
