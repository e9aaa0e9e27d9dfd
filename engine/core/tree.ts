import { createHash } from 'node:crypto';
import type { RepoPath } from './repo-path.ts';

/** A regular file: its bytes, and the part of its mode that git keeps. */
export interface TreeFile {
  readonly content: Uint8Array;
  readonly mode: FileMode;
}

export type FileMode = 0o644 | 0o755;

/** The files of a folder as a value. The engine computes only with trees. */
export type Tree = ReadonlyMap<RepoPath, TreeFile>;

/** The hash of the bytes as `sha256-<base64>`, the form of Subresource Integrity. */
export function hashContent(content: Uint8Array | string): string {
  return `sha256-${createHash('sha256').update(content).digest('base64')}`;
}

/** The hash of all files of a tree as `sha256-<base64>`. Every integrity in this program is this hash. */
export function hashTree(tree: Tree): string {
  const lines = [...tree].map(([path, { mode, content }]) => JSON.stringify([path, mode, hashContent(content)]));
  return hashContent(lines.sort().join('\n'));
}

export function sameFile(a: TreeFile, b: TreeFile): boolean {
  return a.mode === b.mode && Buffer.compare(a.content, b.content) === 0;
}

/**
 * Pairs of paths that are the same file on a disk that ignores case or Unicode forms (macOS, Windows).
 * It also finds a file whose path is the folder of another file.
 */
export function collidingPaths(paths: Iterable<string>): [string, string][] {
  const seen = new Map<string, { path: string; file: boolean }>();
  const collisions: [string, string][] = [];
  for (const path of paths) {
    const segments = path.split('/');
    for (let depth = 1; depth <= segments.length; depth += 1) {
      const prefix = segments.slice(0, depth).join('/');
      const file = depth === segments.length;
      const key = prefix.normalize('NFC').toLowerCase();
      const other = seen.get(key);
      if (!other) seen.set(key, { path: prefix, file });
      else if (other.path !== prefix || other.file || file) collisions.push([other.path, prefix]);
    }
  }
  return collisions;
}
