import type { OddFile, TeamTree } from '../../core/merge/merged-file.ts';
import { isSafe, type RepoPath } from '../../core/repo-path.ts';
import type { FileMode, TreeFile } from '../../core/tree.ts';
import { gitBytes } from './git.ts';
import { type GitFile, parseBatch } from './git-objects.ts';

const ODD: Readonly<Record<string, OddFile['odd']>> = { '120000': 'a link', '160000': 'a repository' };

/** Files up to this size are read together. Larger ones are read one by one, on first use. */
const AT_ONCE_BYTES = 256 * 1024;

/**
 * The files of a service in a commit, the last one if none is named. The checkout does not matter (ignored files, a sparse checkout, line
 * ends). Contents are read on first use.
 * @throws {UserError} NOT_POSSIBLE without a commit
 */
export function readCommittedTree(root: string, commit = 'HEAD'): TeamTree {
  const tree = new Map<RepoPath, TreeFile | OddFile>();
  const small: GitFile[] = [];
  let contents: ReadonlyMap<string, TreeFile> | undefined;
  const contentOf = (file: GitFile): Uint8Array => {
    if (file.bytes > AT_ONCE_BYTES) return gitBytes(root, ['cat-file', 'blob', file.object]);
    contents ??= parseBatch(
      small,
      gitBytes(root, ['cat-file', '--batch'], { input: small.map(({ object }) => `${object}\n`).join('') }),
    );
    return contents.get(file.path)?.content ?? new Uint8Array();
  };
  // In a folder of a larger repository git lists only that folder, with paths relative to it.
  const listing = gitBytes(root, ['ls-tree', '-r', '-z', '--long', commit]).toString('utf8');
  for (const line of listing.split('\0').filter(Boolean)) {
    const tab = line.indexOf('\t');
    const [kind = '', , object = '', size] = line.slice(0, tab).split(/ +/);
    const path = line.slice(tab + 1);
    if (!isSafe(path)) continue;
    const odd = ODD[kind];
    if (odd) {
      const target = odd === 'a link' ? gitBytes(root, ['cat-file', 'blob', object]).toString('utf8') : undefined;
      tree.set(path, { odd, ...(target === undefined ? {} : { target }) });
      continue;
    }
    const mode: FileMode = kind === '100755' ? 0o755 : 0o644;
    const file: GitFile = { path, mode, object, bytes: Number(size) };
    if (file.bytes <= AT_ONCE_BYTES) small.push(file);
    let content: Uint8Array | undefined;
    tree.set(path, {
      mode,
      get content() {
        content ??= contentOf(file);
        return content;
      },
    });
  }
  return tree;
}
