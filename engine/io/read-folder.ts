import { join } from 'node:path';
import { parseRepoPath, type RepoPath } from '../core/repo-path.ts';
import { templateError } from '../core/template.ts';
import type { Tree, TreeFile } from '../core/tree.ts';
import { fs, kindOf, readTreeFile } from './disk.ts';

/** Limits on a template from elsewhere: larger than any service, smaller than an archive bomb. */
export const MAX_FILE_BYTES = 10 * 1024 * 1024;
export const MAX_FILES = 5_000;

/** At the top of a folder that somebody works in; deeper, they are refused or read like any other. */
const LEFT_OUT = new Set(['.git', 'node_modules']);

/**
 * Reads a folder of templates, a preset's or our own. Follows no link.
 * @throws {UserError} TEMPLATE_UNSAFE (links, devices, paths, sizes), or TEMPLATE_BROKEN if there is no such folder
 */
export function readFolderTree(folder: string): Tree {
  const tree = new Map<RepoPath, TreeFile>();
  if (kindOf(folder) === 'missing') throw templateError('TEMPLATE_BROKEN', folder, 'is not there');
  const list = (prefix: string): void => {
    for (const name of fs.readdirSync(join(folder, prefix)).sort()) {
      if (prefix === '' && LEFT_OUT.has(name)) continue;
      const path = prefix === '' ? name : `${prefix}/${name}`;
      const kind = kindOf(join(folder, path));
      if (kind === 'folder') list(path);
      else if (kind === 'file') tree.set(checkPath(path), readSmallFile(join(folder, path), path));
      else
        throw templateError('TEMPLATE_UNSAFE', path, kind === 'link' ? 'is a symbolic link' : 'is not a regular file');
      if (tree.size > MAX_FILES) throw templateError('TEMPLATE_UNSAFE', path, `is one of more than ${MAX_FILES} files`);
    }
  };
  list('');
  return tree;
}

function readSmallFile(absolute: string, path: string): TreeFile {
  if (fs.lstatSync(absolute).size > MAX_FILE_BYTES)
    throw templateError('TEMPLATE_UNSAFE', path, `is larger than ${MAX_FILE_BYTES} bytes`);
  return readTreeFile(absolute);
}

function checkPath(path: string): RepoPath {
  try {
    return parseRepoPath(path);
  } catch (error) {
    throw templateError('TEMPLATE_UNSAFE', path, (error as RangeError).message, error);
  }
}
