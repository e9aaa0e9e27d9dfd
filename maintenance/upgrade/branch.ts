import { printable, UserError } from '../../engine/core/errors.ts';
import { runCommand } from '../../engine/io/command.ts';
import { git, gitFailed, NO_HOOKS } from '../../engine/io/git/git.ts';

/**
 * The branch for the commit of an upgrade. Each service of a repository has its own branch.
 * @param wanted its name, or `true` for the default: `twelve/upgrade`, or `twelve/upgrade-services-orders`
 * @throws {UserError} INPUT_INVALID for a name that git does not allow; NOT_POSSIBLE if there is such a branch
 */
export function newBranch(root: string, wanted: string | true): string {
  const folder = git(root, ['rev-parse', '--show-prefix'])
    .replace(/\/$/, '')
    .replace(/[^A-Za-z0-9]+/g, '-');
  const branch = wanted === true ? ['twelve/upgrade', folder].filter(Boolean).join('-') : wanted;
  const checked = runCommand('git', ['check-ref-format', '--branch', branch], root);
  if (!checked.ok && checked.code === undefined) throw gitFailed('check-ref-format', checked.reason);
  // Git expands names such as @{-1} to another branch.
  if (!checked.ok || checked.stdout.trim() !== branch)
    throw new UserError(
      'INPUT_INVALID',
      `--branch: git does not allow the name "${printable(branch)}" for a branch`,
      'Name it with letters, digits, "-" and "/", e.g. --branch=twelve/upgrade.',
    );
  if (git(root, ['for-each-ref', '--format=%(objectname)', `refs/heads/${branch}`]) !== '')
    throw new UserError(
      'NOT_POSSIBLE',
      `the branch ${branch} already exists`,
      'Merge or delete it, or choose another name with --branch=NAME.',
    );
  return branch;
}

/**
 * Commits a tree to a new branch. The reference comes last: if the run is killed before, only unused objects are left,
 * which git removes. No hook runs. The commit is signed if the user's git signs commits.
 * @param branch the result of {@link newBranch}
 * @param commit the names of the commit that it follows, and of its tree
 * @throws {UserError} NOT_POSSIBLE, e.g. because git has no name and email of the committer, or cannot sign
 */
export function commitToBranch(
  root: string,
  branch: string,
  { parent, tree }: { readonly parent: string; readonly tree: string },
  message: string,
): void {
  requireIdentity(root);
  const sign = isSigned(root);
  const args = ['commit-tree', tree, '-p', parent, ...(sign ? ['-S'] : []), '-F', '-'];
  let commit: string;
  try {
    commit = git(root, args, { input: Buffer.from(message) });
  } catch (error) {
    if (!sign || !(error instanceof UserError)) throw error;
    const remedy = 'See why with git commit -S, or turn signing off for this run: git config commit.gpgsign false.';
    throw new UserError('NOT_POSSIBLE', error.message, remedy, { cause: error });
  }
  git(root, [...NO_HOOKS, 'update-ref', `refs/heads/${branch}`, commit, '0'.repeat(40)]);
}

/** Whether `git commit` would sign. `git commit-tree` itself does not look at that setting. */
function isSigned(root: string): boolean {
  const setting = runCommand('git', ['config', '--type=bool', '--get', 'commit.gpgSign'], root);
  if (!setting.ok && setting.code !== 1) throw gitFailed('config', setting.reason);
  return setting.ok && setting.stdout.trim() === 'true';
}

function requireIdentity(root: string): void {
  const known = runCommand('git', ['var', 'GIT_COMMITTER_IDENT'], root);
  if (known.ok) return;
  if (known.code === undefined) throw gitFailed('var', known.reason);
  throw new UserError(
    'NOT_POSSIBLE',
    'git has no name and email of the committer',
    'Set them: git config user.name "..." && git config user.email "...".',
  );
}
