import { UserError } from '../../core/errors.ts';
import { hashTree, type Tree } from '../../core/tree.ts';
import { gitBytes } from '../git/git.ts';
import { parseBatch, parseListing } from '../git/git-objects.ts';

/** How many changes of a folder are looked through: years of a preset. */
const MAX_COMMITS = 500;

/** The repository may be anybody's: nothing is fetched for it, with whatever command its settings name. */
const QUIET = { GIT_ALLOW_PROTOCOL: 'none', GIT_NO_LAZY_FETCH: '1' };

/**
 * What a folder once held, out of the history of the repository that it is in.
 * @param integrity {@link hashTree} of what is looked for
 * @returns nothing where there is no git, no repository, or no such commit
 */
export function findInHistory(folder: string, integrity: string): Tree | undefined {
  try {
    const commits = gitBytes(folder, ['rev-list', `--max-count=${MAX_COMMITS}`, 'HEAD', '--', '.'], { env: QUIET });
    for (const commit of commits.toString('latin1').split('\n').filter(Boolean)) {
      const tree = treeAt(folder, commit);
      if (tree && hashTree(tree) === integrity) return tree;
    }
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
  }
  return undefined;
}

function treeAt(folder: string, commit: string): Tree | undefined {
  try {
    const files = parseListing(gitBytes(folder, ['ls-tree', '-r', '-z', '--long', commit], { env: QUIET }));
    return parseBatch(
      files,
      gitBytes(folder, ['cat-file', '--batch'], {
        env: QUIET,
        input: files.map(({ object }) => `${object}\n`).join(''),
      }),
    );
  } catch (error) {
    if (error instanceof UserError) return undefined; // Of its time, or hostile: not what was recorded.
    throw error;
  }
}
