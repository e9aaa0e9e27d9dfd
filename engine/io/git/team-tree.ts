import { join } from 'node:path';
import { UserError } from '../../core/errors.ts';
import type { OddFile, TeamTree } from '../../core/merge/merged-file.ts';
import type { RepoPath } from '../../core/repo-path.ts';
import type { TreeFile } from '../../core/tree.ts';
import { fs, isSafe } from '../disk.ts';
import { lazyFile } from '../service/service.ts';
import { gitIgnored } from './ignored.ts';

/** What this program keeps for itself in the root. */
const OWN = /^(\.twelve-.*|\..*\.twelve-stage-.*)$/;

/** Folders that tools fill and in which no person writes. */
export interface IgnoredFolders {
  readonly inRoot: readonly string[];
  readonly anywhere: readonly string[];
}

/** More than any service has. */
const MAX_FILES = 20_000;

/**
 * The files of a service on disk. Each is read on first use. Follows no link, runs nothing of the service.
 * @param ignored folders to leave out; of a folder with very many files, those that git ignores too
 * @throws {UserError} TARGET_UNUSABLE
 */
export function readTeamTree(
  root: string,
  ignored: IgnoredFolders,
  skipped: ReadonlySet<string> = new Set(),
): TeamTree {
  const tree = listFiles(root, ignored, skipped) ?? listFiles(root, ignored, gitIgnored(root));
  if (tree) return tree;
  throw new UserError(
    'TARGET_UNUSABLE',
    `${root} has more than ${MAX_FILES} files that git does not ignore`,
    'Run it in the folder of one service. Name what tools fill in .gitignore.',
  );
}

/** @returns nothing if there are too many files */
function listFiles(root: string, ignored: IgnoredFolders, skipped: ReadonlySet<string>): TeamTree | undefined {
  const anywhere = new Set(['.git', ...ignored.anywhere]);
  const inRoot = new Set(ignored.inRoot);
  const tree = new Map<RepoPath, TreeFile | OddFile>();
  const list = (folder: string): void => {
    for (const entry of fs.readdirSync(join(root, folder), { withFileTypes: true })) {
      if (tree.size > MAX_FILES) return;
      if (anywhere.has(entry.name)) continue;
      if (folder === '' && (inRoot.has(entry.name) || OWN.test(entry.name))) continue;
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
      if (skipped.has(path)) continue;
      if (entry.isDirectory()) list(path);
      else if (isSafe(path))
        tree.set(path, entry.isFile() ? lazyFile(join(root, path)) : oddFile(entry, join(root, path)));
    }
  };
  list('');
  return tree.size > MAX_FILES ? undefined : tree;
}

function oddFile(entry: { isSymbolicLink(): boolean }, path: string): OddFile {
  return entry.isSymbolicLink() ? { odd: 'a link', target: fs.readlinkSync(path) } : { odd: 'a device' };
}
