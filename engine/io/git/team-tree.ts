import { join } from 'node:path';
import { UserError } from '../../core/errors.ts';
import type { OddFile, TeamTree } from '../../core/merge/merged-file.ts';
import type { RepoPath } from '../../core/repo-path.ts';
import type { TreeFile } from '../../core/tree.ts';
import { fs, isSafe } from '../disk.ts';
import { lazyFile } from '../service/service.ts';

/** Files that tools make and no person writes. */
const LEFT_OUT = /^(\.git|node_modules|dist|coverage|\.twelve-.*|\..*\.twelve-stage-.*)$/;
const LEFT_OUT_DEEPER = /^(\.git|node_modules)$/;

/** More than any service has. */
const MAX_FILES = 20_000;

/**
 * The files of a service on disk. Each is read on first use. Follows no link, runs nothing.
 * @throws {UserError} TARGET_UNUSABLE
 */
export function readTeamTree(root: string): TeamTree {
  const tree = new Map<RepoPath, TreeFile | OddFile>();
  const list = (folder: string): void => {
    for (const entry of fs.readdirSync(join(root, folder), { withFileTypes: true })) {
      if ((folder === '' ? LEFT_OUT : LEFT_OUT_DEEPER).test(entry.name)) continue;
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
      if (entry.isDirectory()) list(path);
      else if (isSafe(path)) tree.set(path, entry.isFile() ? lazyFile(join(root, path)) : oddFile(entry));
      if (tree.size > MAX_FILES)
        throw new UserError('TARGET_UNUSABLE', `${root} has more than ${MAX_FILES} files`, 'Is it a service?');
    }
  };
  list('');
  return tree;
}

function oddFile(entry: { isSymbolicLink(): boolean }): OddFile {
  return { odd: entry.isSymbolicLink() ? 'a link' : 'a device' };
}
