import { join } from 'node:path';
import { admitFiles, SOURCE_LIMITS, type SourceLimits } from '../../core/preset/source-limits.ts';
import type { RepoPath } from '../../core/repo-path.ts';
import { templateError } from '../../core/template/template.ts';
import type { Tree, TreeFile } from '../../core/tree.ts';
import { fs, kindOf, readTreeFile } from '../disk.ts';

/** Ignored at the top, where they belong to the working copy. Deeper in a template they are errors. */
const LEFT_OUT = new Set(['.git', 'node_modules']);

/**
 * All files below a folder, sorted by path. `.git` and `node_modules` at its top are ignored.
 * @throws {UserError} TEMPLATE_UNSAFE (links, devices, paths, sizes)
 */
export function readFolderTree(folder: string, limits: SourceLimits = SOURCE_LIMITS): Tree {
  const admit = admitFiles(limits);
  const tree = new Map<RepoPath, TreeFile>();
  const visit = (below: string): void => {
    for (const name of fs.readdirSync(join(folder, below)).sort()) {
      if (below === '' && LEFT_OUT.has(name)) continue;
      const path = below === '' ? name : `${below}/${name}`;
      const absolute = join(folder, path);
      const kind = kindOf(absolute);
      if (kind === 'folder') visit(path);
      else if (kind === 'file') tree.set(admit(path, fs.lstatSync(absolute).size), readTreeFile(absolute));
      else
        throw templateError('TEMPLATE_UNSAFE', path, kind === 'link' ? 'is a symbolic link' : 'is not a regular file');
    }
  };
  visit('');
  return tree;
}
