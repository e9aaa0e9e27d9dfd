import { join } from 'node:path';
import { UserError } from '../../engine/core/errors.ts';
import type { FileChange } from '../../engine/core/plan.ts';
import { git } from '../../engine/io/repository.ts';
import { withTemporaryFolder } from '../../engine/io/temporary.ts';

/**
 * Commits changes to a new branch without touching the checkout: objects, an index of its own, and at the very end one
 * reference. Killed before, nothing is there but objects that git sweeps.
 * @throws {UserError} NOT_POSSIBLE, e.g. because there is such a branch, or git does not know who commits
 */
export async function commitToBranch(
  root: string,
  branch: string,
  changes: readonly FileChange[],
  message: string,
): Promise<string> {
  const reference = `refs/heads/${branch}`;
  git(root, ['check-ref-format', reference]);
  const head = git(root, ['rev-parse', '--verify', 'HEAD']);
  const known = git(root, ['for-each-ref', '--format=%(objectname)', reference]);
  if (known !== '')
    throw new UserError(
      'NOT_POSSIBLE',
      `there is a branch ${branch} already`,
      'Merge or delete it, or name another with --branch=NAME.',
    );
  const prefix = git(root, ['rev-parse', '--show-prefix']);
  return withTemporaryFolder(async (folder) => {
    const env = { GIT_INDEX_FILE: join(folder, 'index') };
    git(root, ['read-tree', head], { env });
    const lines = changes.map((change) => {
      if (change.kind === 'delete') return `0 ${'0'.repeat(40)}\t${prefix}${change.path}\0`;
      // With the repository's own filters, e.g. for line ends.
      const blob = git(root, ['hash-object', '-w', '--stdin', `--path=${change.path}`], {
        input: change.after.content,
      });
      return `100${change.after.mode.toString(8)} ${blob}\t${prefix}${change.path}\0`;
    });
    git(root, ['update-index', '-z', '--index-info'], { env, input: Buffer.from(lines.join('')) });
    const tree = git(root, ['write-tree'], { env });
    const commit = git(root, ['commit-tree', tree, '-p', head, '-F', '-'], { input: Buffer.from(message) });
    git(root, ['update-ref', reference, commit, '0'.repeat(40)]);
    return commit;
  });
}
