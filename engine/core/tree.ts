import { createHash } from 'node:crypto';
import type { RepoPath } from './repo-path.ts';

/** A regular file: its bytes, and its mode reduced to what git keeps. */
export interface TreeFile {
  readonly content: Uint8Array;
  readonly mode: FileMode;
}

export type FileMode = 0o644 | 0o755;

/** A folder as a value: everything the engine computes, it computes on trees. */
export type Tree = ReadonlyMap<RepoPath, TreeFile>;

/** `sha256-<base64>` of the bytes, the form that Subresource Integrity and npm write. */
export function hashContent(content: Uint8Array | string): string {
  return `sha256-${createHash('sha256').update(content).digest('base64')}`;
}

/** `sha256-<base64>` of everything in a tree: the one notion of integrity, wherever the files came from. */
export function hashTree(tree: Tree): string {
  const lines = [...tree].map(([path, { mode, content }]) => JSON.stringify([path, mode, hashContent(content)]));
  return hashContent(lines.sort().join('\n'));
}

export function sameFile(a: TreeFile, b: TreeFile): boolean {
  return a.mode === b.mode && Buffer.compare(a.content, b.content) === 0;
}

/**
 * Pairs of paths that would be one file on a disk which folds case or Unicode forms (macOS, Windows).
 * A file that has the path of another file's folder counts too.
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
