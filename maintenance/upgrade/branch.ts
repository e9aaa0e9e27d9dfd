import { join } from 'node:path';
import { printable, UserError } from '../../engine/core/errors.ts';
import type { FileChange } from '../../engine/core/plan.ts';
import { runCommand } from '../../engine/io/command.ts';
import { git, gitFailed } from '../../engine/io/git/git.ts';
import { withTemporaryFolder } from '../../engine/io/temporary.ts';

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
 * Commits changes to a new branch without changing the checkout. It writes objects with its own index, and the
 * reference comes last. If the run is killed before, only unused objects are left, which git removes.
 * @param branch the result of {@link newBranch}
 * @throws {UserError} NOT_POSSIBLE, e.g. because git has no name and email of the committer
 */
export async function commitToBranch(
  root: string,
  branch: string,
  changes: readonly FileChange[],
  message: string,
): Promise<string> {
  const head = git(root, ['rev-parse', '--verify', 'HEAD']);
  requireIdentity(root);
  const prefix = git(root, ['rev-parse', '--show-prefix']);
  return withTemporaryFolder(async (folder) => {
    const env = { GIT_INDEX_FILE: join(folder, 'index') };
    git(root, ['read-tree', head], { env });
    const lines = changes.map((change) => {
      if (change.kind === 'delete') return `0 ${'0'.repeat(40)}\t${prefix}${change.path}\0`;
      // This uses the repository's own filters, e.g. for line ends.
      const blob = git(root, ['hash-object', '-w', '--stdin', `--path=${change.path}`], {
        input: change.after.content,
      });
      return `100${change.after.mode.toString(8)} ${blob}\t${prefix}${change.path}\0`;
    });
    git(root, ['update-index', '-z', '--index-info'], { env, input: Buffer.from(lines.join('')) });
    const tree = git(root, ['write-tree'], { env });
    const commit = git(root, ['commit-tree', tree, '-p', head, '-F', '-'], { input: Buffer.from(message) });
    git(root, ['update-ref', `refs/heads/${branch}`, commit, '0'.repeat(40)]);
    return commit;
  });
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
