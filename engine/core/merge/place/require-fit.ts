import type { FileChange } from '../../plan.ts';
import { foldersAbove, type RepoPath } from '../../repo-path.ts';
import { isOdd, type TeamTree } from '../merged-file.ts';

/**
 * Checks that changes fit a team's tree, before anything carries them out. A change may only replace the file that it
 * names, and may only put a file where nothing of the team is, or where the changes delete what is there.
 * @throws {Error} a bug of the merge (INTERNAL), with the path
 */
export function requireFit(ours: TeamTree, changes: readonly FileChange[]): void {
  const after = new Map<RepoPath, 'a file' | 'a folder that stays' | 'something else'>();
  for (const [path, file] of ours)
    after.set(path, !isOdd(file) ? 'a file' : file.odd === 'a folder' ? 'a folder that stays' : 'something else');
  for (const { kind, path } of changes) {
    const is = after.get(path);
    if (kind === 'create') continue;
    if (is !== 'a file') throw unfit(path, `it is ${is ?? 'missing'}`);
    if (kind === 'delete') after.delete(path);
  }
  for (const { kind, path } of changes) {
    if (kind !== 'create') continue;
    if (after.has(path)) throw unfit(path, `it is ${after.get(path)}`);
    after.set(path, 'a file');
  }
  const written = changes.filter(({ kind }) => kind !== 'delete').map(({ path }) => path);
  const folders = new Set([...after.keys()].flatMap(foldersAbove));
  for (const path of written) {
    if (folders.has(path)) throw unfit(path, 'it is a folder');
    const above = foldersAbove(path).find(
      (folder) => (after.get(folder) ?? 'a folder that stays') !== 'a folder that stays',
    );
    if (above !== undefined) throw unfit(path, `${above} is ${after.get(above)}`);
  }
}

function unfit(path: RepoPath, why: string): Error {
  return new Error(`the plan does not fit the service at ${path}: ${why}`);
}
