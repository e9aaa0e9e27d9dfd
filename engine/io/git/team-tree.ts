import { join } from 'node:path';
import { UserError } from '../../core/errors.ts';
import { isOdd, type OddFile, type TeamTree } from '../../core/merge/merged-file.ts';
import { foldersAbove, isSafe, type RepoPath } from '../../core/repo-path.ts';
import { MANIFEST_PATH } from '../../core/service/manifest.ts';
import type { TreeFile } from '../../core/tree.ts';
import { fs } from '../disk.ts';
import { lazyFile } from '../service/service.ts';
import { gitIgnored } from './ignored.ts';

/** What this program keeps for itself in the root. */
const OWN = /^(\.twelve-.*|\..*\.twelve-stage-.*)$/;

/** Folders that tools fill and in which no person writes. */
export interface IgnoredFolders {
  readonly inRoot: readonly string[];
  readonly anywhere: readonly string[];
  /** Whether folders below the root that are services of their own are left out too. */
  readonly services?: true;
}

/** More than any service has. */
const MAX_FILES = 20_000;

/** What else decides which files of a folder are read. */
interface Selection {
  /** Paths to leave out. Of a folder with very many files, those that git ignores are left out. */
  readonly skipped?: ReadonlySet<string>;
  /** Paths that are never left out, because the template writes them. */
  readonly written?: Iterable<RepoPath>;
}

/**
 * The files of a service on disk. Each is read on first use. Follows no link, runs nothing of the service. A folder is
 * `odd` if there is something in it that is not in the tree: what is left out, or a name that we would never write.
 * @param ignored folders to leave out
 * @throws {UserError} TARGET_UNUSABLE
 */
export function readTeamTree(
  root: string,
  ignored: IgnoredFolders,
  { skipped = new Set(), written = [] }: Selection = {},
): TeamTree {
  const needed = new Set([...written].flatMap((path) => [path, ...foldersAbove(path)]));
  const tree =
    listFiles(root, ignored, { skipped, needed }) ?? listFiles(root, ignored, { skipped: gitIgnored(root), needed });
  if (tree) return tree;
  throw new UserError(
    'TARGET_UNUSABLE',
    `${root} has more than ${MAX_FILES} files that git does not ignore`,
    'Run it in the folder of one service. Name what tools fill in .gitignore.',
  );
}

/** @returns nothing if there are too many files */
function listFiles(
  root: string,
  ignored: IgnoredFolders,
  { skipped, needed }: { readonly skipped: ReadonlySet<string>; readonly needed: ReadonlySet<string> },
): TeamTree | undefined {
  const anywhere = new Set(ignored.anywhere);
  const inRoot = new Set(ignored.inRoot);
  const tree = new Map<RepoPath, TreeFile | OddFile>();
  const list = (folder: RepoPath | ''): void => {
    const entries = fs.readdirSync(join(root, folder), { withFileTypes: true });
    if (folder !== '' && entries.some(({ name }) => name === '.git')) {
      tree.set(folder, { odd: 'a repository' });
      return;
    }
    if (folder !== '' && ignored.services && entries.some(({ name }) => name === MANIFEST_PATH)) {
      tree.set(folder, { odd: 'a folder' });
      return;
    }
    for (const entry of entries) {
      if (tree.size > MAX_FILES) return;
      const { name } = entry;
      if (folder === '' && (name === '.git' || OWN.test(name))) continue;
      const path = folder === '' ? name : `${folder}/${name}`;
      const isLeftOut = skipped.has(path) || anywhere.has(name) || (folder === '' && inRoot.has(name));
      if (!isSafe(path)) {
        if (folder !== '') tree.set(folder, { odd: 'a folder' });
      } else if (isLeftOut && !needed.has(path)) {
        if (entry.isDirectory()) tree.set(path, { odd: 'a folder' });
      } else if (entry.isDirectory()) list(path);
      else tree.set(path, entry.isFile() ? lazyFile(join(root, path)) : oddFile(entry, join(root, path)));
    }
  };
  list('');
  for (const path of submodules(tree)) if (!tree.has(path)) tree.set(path, { odd: 'a repository' });
  return tree.size > MAX_FILES ? undefined : tree;
}

/** The folders of other repositories, which are empty until somebody fetches them. */
function submodules(tree: TeamTree): RepoPath[] {
  const file = tree.get('.gitmodules' as RepoPath);
  if (!file || isOdd(file)) return [];
  const lines = Buffer.from(file.content)
    .toString('utf8')
    .matchAll(/^[ \t]*path[ \t]*=[ \t]*"?([^"\n]+?)"?[ \t\r]*$/gm);
  return [...lines].flatMap(([, path = '']) => (isSafe(path) ? [path] : []));
}

function oddFile(entry: { isSymbolicLink(): boolean }, path: string): OddFile {
  return entry.isSymbolicLink() ? { odd: 'a link', target: fs.readlinkSync(path) } : { odd: 'a device' };
}
