import type { RepoPath } from './repo-path.ts';
import { hashContent, sameFile, type Tree, type TreeFile } from './tree.ts';

/** One file's way from what is on disk to what shall be there. Discriminated on `kind`. */
export type FileChange =
  | { readonly kind: 'create'; readonly path: RepoPath; readonly after: TreeFile }
  | { readonly kind: 'update'; readonly path: RepoPath; readonly before: TreeFile; readonly after: TreeFile }
  | { readonly kind: 'delete'; readonly path: RepoPath; readonly before: TreeFile };

/**
 * What a generator decided, as data: printed by `--plan`, carried out by `applyPlan`, and by nothing else.
 * `notes` tell what was left alone and why; `next` are commands for the user.
 */
export interface Plan {
  readonly changes: readonly FileChange[];
  readonly notes: readonly string[];
  readonly next: readonly string[];
}

/** The changes that turn `before` into `after`, sorted by path. A path of `before` that `after` lacks is left alone. */
export function diffTrees(before: Tree, after: Tree): FileChange[] {
  const changes: FileChange[] = [];
  for (const [path, file] of after) {
    const existing = before.get(path);
    if (!existing) changes.push({ kind: 'create', path, after: file });
    else if (!sameFile(existing, file)) changes.push({ kind: 'update', path, before: existing, after: file });
  }
  return changes.sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** A change as it is written to JSON: hashes stand for bytes. */
export function describeChange(change: FileChange): Record<string, unknown> {
  const side = (file: TreeFile) => ({
    hash: hashContent(file.content),
    bytes: file.content.length,
    mode: file.mode.toString(8).padStart(4, '0'),
  });
  return {
    kind: change.kind,
    path: change.path,
    ...('before' in change ? { before: side(change.before) } : {}),
    ...('after' in change ? { after: side(change.after) } : {}),
  };
}
