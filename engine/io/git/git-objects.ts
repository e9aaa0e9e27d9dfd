import { isUtf8 } from 'node:buffer';
import { admitFiles, SOURCE_LIMITS } from '../../core/preset/source-limits.ts';
import type { RepoPath } from '../../core/repo-path.ts';
import { templateError } from '../../core/template/template.ts';
import type { FileMode, Tree } from '../../core/tree.ts';

/** A file of a commit, before its bytes are read. */
export interface GitFile {
  readonly path: RepoPath;
  readonly mode: FileMode;
  readonly object: string;
  readonly bytes: number;
}

const KINDS: Readonly<Record<string, string>> = { '120000': 'is a symbolic link', '160000': 'is a submodule' };

/**
 * Reads the output of `git ls-tree -r -z --long`.
 * @throws {UserError} TEMPLATE_UNSAFE (links, submodules, paths, sizes)
 */
export function parseListing(output: Buffer): GitFile[] {
  if (!isUtf8(output)) throw templateError('TEMPLATE_UNSAFE', 'from git', 'has a path that is not UTF-8');
  const admit = admitFiles(SOURCE_LIMITS);
  const lines = output.toString('utf8').split('\0').filter(Boolean);
  return lines.map((line) => {
    const tab = line.indexOf('\t');
    const [mode = '', , object = '', size = ''] = line.slice(0, tab).split(/ +/);
    const path = line.slice(tab + 1);
    const isFile = mode === '100644' || mode === '100755' || mode === '100664';
    if (!isFile) throw templateError('TEMPLATE_UNSAFE', path, KINDS[mode] ?? 'is not a regular file');
    return { path: admit(path, Number(size)), mode: mode === '100755' ? 0o755 : 0o644, object, bytes: Number(size) };
  });
}

/** Reads the output of `git cat-file --batch` for the objects of these files, in their order. */
export function parseBatch(files: readonly GitFile[], output: Buffer): Tree {
  let at = 0;
  return new Map(
    files.map(({ path, mode, object, bytes }) => {
      const start = output.indexOf('\n', at) + 1;
      const head = output.toString('latin1', at, start - 1);
      if (head !== `${object} blob ${bytes}`) throw new Error(`git cat-file answered "${head}" for ${object}`);
      at = start + bytes + 1;
      return [path, { mode, content: Buffer.from(output.subarray(start, start + bytes)) }];
    }),
  );
}
