import { join } from 'node:path';
import { UserError } from '../../core/errors.ts';
import type { OddFile, TeamTree } from '../../core/merge/merged-file.ts';
import type { RepoPath } from '../../core/repo-path.ts';
import type { TreeFile } from '../../core/tree.ts';
import { fs, isSafe } from '../disk.ts';
import { lazyFile } from '../service/service.ts';

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
 * The files of a service on disk. Each is read on first use. Follows no link, runs nothing.
 * @throws {UserError} TARGET_UNUSABLE
 */
export function readTeamTree(root: string, ignored: IgnoredFolders): TeamTree {
  const anywhere = new Set(['.git', ...ignored.anywhere]);
  const inRoot = new Set(ignored.inRoot);
  const tree = new Map<RepoPath, TreeFile | OddFile>();
  const list = (folder: string): void => {
    for (const entry of fs.readdirSync(join(root, folder), { withFileTypes: true })) {
      if (anywhere.has(entry.name)) continue;
      if (folder === '' && (inRoot.has(entry.name) || OWN.test(entry.name))) continue;
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
      if (entry.isDirectory()) list(path);
      else if (isSafe(path))
        tree.set(path, entry.isFile() ? lazyFile(join(root, path)) : oddFile(entry, join(root, path)));
      if (tree.size > MAX_FILES)
        throw new UserError('TARGET_UNUSABLE', `${root} has more than ${MAX_FILES} files`, 'Is it a service?');
    }
  };
  list('');
  return tree;
}

function oddFile(entry: { isSymbolicLink(): boolean }, path: string): OddFile {
  return entry.isSymbolicLink() ? { odd: 'a link', target: fs.readlinkSync(path) } : { odd: 'a device' };
}
