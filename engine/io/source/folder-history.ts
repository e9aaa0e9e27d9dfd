import { UserError } from '../../core/errors.ts';
import type { Tree } from '../../core/tree.ts';
import { gitBytes } from '../git/git.ts';
import { parseBatch, parseListing } from '../git/git-objects.ts';

/** How many commits of a folder are searched: enough for years of changes to a preset. */
const MAX_COMMITS = 500;

/** The repository is not trusted. Its settings can name a command that fetches objects; that command must not run. */
const QUIET = { GIT_ALLOW_PROTOCOL: 'none', GIT_NO_LAZY_FETCH: '1' };

/**
 * Searches the git history of a folder for an earlier state of it.
 * @param isWanted whether these files are that state
 * @returns nothing if there is no git, no repository, or no such commit
 */
export async function findInHistory(
  folder: string,
  isWanted: (files: Tree) => Promise<boolean>,
): Promise<Tree | undefined> {
  try {
    const commits = gitBytes(folder, ['rev-list', `--max-count=${MAX_COMMITS}`, 'HEAD', '--', '.'], { env: QUIET });
    for (const commit of commits.toString('latin1').split('\n').filter(Boolean)) {
      const tree = treeAt(folder, commit);
      if (tree && (await isWanted(tree))) return tree;
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
    if (error instanceof UserError) return undefined; // This commit is not a valid preset, so it is not the recorded one.
    throw error;
  }
}
