import { join } from 'node:path';
import type { FileChange } from '../../core/plan.ts';
import { fs } from '../disk.ts';
import { gitBytes, NO_HOOKS } from './git.ts';

/** The last commit of a repository in a folder of its own, as git would check it out. */
interface Checkout {
  /** The name of that commit. */
  readonly commit: string;
  /** Absolute path of the service in it. */
  readonly folder: string;
  /**
   * Adds files of the folder to the commit's tree, as `git add` does: with the repository's own line ends, encodings and
   * filters. Files that the changes delete are removed from the tree.
   * @returns the name of the new tree
   */
  readonly store: (changes: readonly Pick<FileChange, 'kind' | 'path'>[]) => string;
}

/** So an own index stays whole, and nothing but filters of the user's runs. */
const SETTINGS = ['-c', 'core.sparseCheckout=false', '-c', 'index.sparse=false', '-c', 'core.fsmonitor=false'];

/**
 * Checks out the files of a service from the last commit. Neither the user's checkout nor index changes, and no hook
 * runs.
 * @param root the service, in its repository
 * @param folder an empty folder, outside of the repository
 * @throws {UserError} NOT_POSSIBLE with what git said
 */
export function checkOut(root: string, folder: string): Checkout {
  const known = gitBytes(root, ['rev-parse', '--show-prefix', '--absolute-git-dir', 'HEAD']).toString('utf8');
  const [prefix = '', gitDir = '', commit = ''] = known.split('\n');
  const tree = join(folder, 'tree');
  fs.mkdirSync(join(tree, prefix), { recursive: true });
  const env = {
    GIT_DIR: gitDir,
    GIT_WORK_TREE: tree,
    GIT_INDEX_FILE: join(folder, 'index'),
    GIT_LITERAL_PATHSPECS: '1',
  };
  const git = (args: readonly string[], input?: Buffer): Buffer =>
    gitBytes(tree, [...NO_HOOKS, ...SETTINGS, ...args], {
      env,
      ...(input ? { input } : {}),
    });
  git(['read-tree', commit]);
  const entries = splitAtNul(git(['ls-files', '-s', '-z', '--', ...(prefix === '' ? [] : [prefix])]));
  const paths = (list: readonly Buffer[]) => list.flatMap((entry) => [entry.subarray(entry.indexOf('\t') + 1), NUL]);
  const isRepository = (entry: Buffer) => entry.toString('latin1', 0, 6) === '160000';
  git(['checkout-index', '-q', '-z', '--stdin'], Buffer.concat(paths(entries.filter((entry) => !isRepository(entry)))));
  for (const path of paths(entries.filter(isRepository))) if (path !== NUL) markRepository(tree, path);
  const update = (options: readonly string[], changes: readonly { path: string }[]): void => {
    if (changes.length === 0) return;
    git(
      ['update-index', ...options, '-z', '--stdin'],
      Buffer.from(changes.map(({ path }) => `${prefix}${path}\0`).join('')),
    );
  };
  return {
    commit,
    folder: join(tree, prefix),
    store: (changes) => {
      const written = changes.filter(({ kind }) => kind !== 'delete');
      const isRun = ({ path }: { path: string }) => (fs.lstatSync(join(tree, prefix, path)).mode & 0o100) !== 0;
      update(
        ['--force-remove'],
        changes.filter(({ kind }) => kind === 'delete'),
      );
      update(['--add', '--chmod=+x'], written.filter(isRun));
      update(
        ['--add', '--chmod=-x'],
        written.filter((change) => !isRun(change)),
      );
      return git(['write-tree']).toString('latin1').trim();
    },
  };
}

const NUL = Buffer.from([0]);

function splitAtNul(output: Buffer): Buffer[] {
  const parts: Buffer[] = [];
  for (let at = 0; at < output.length; ) {
    const end = output.indexOf(0, at);
    parts.push(output.subarray(at, end));
    at = end + 1;
  }
  return parts;
}

/** A repository in the repository is not checked out, but what is in it is not ours. */
function markRepository(tree: string, path: Buffer): void {
  const folder = Buffer.concat([Buffer.from(`${tree}/`), path]);
  fs.mkdirSync(folder, { recursive: true });
  fs.writeFileSync(Buffer.concat([folder, Buffer.from('/.git')]), '');
}
