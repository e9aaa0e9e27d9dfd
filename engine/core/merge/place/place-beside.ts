import type { RepoPath } from '../../repo-path.ts';
import { BESIDE } from '../merge-file.ts';
import type { MergedFile, TeamTree } from '../merged-file.ts';
import { placesOf } from './places.ts';

/** Gives each file beside another one a free name: `a.md.twelve-theirs`, or else `a.md.2.twelve-theirs`, and so on. */
export function placeBeside(ours: TeamTree, files: readonly MergedFile[]): MergedFile[] {
  if (!files.some(({ beside }) => beside)) return [...files];
  const taken = new Map(ours);
  for (const { path, after, from } of files)
    for (const gone of after === null ? [path] : [from]) if (gone) taken.delete(gone);
  for (const { path, after, from } of files) if (after || from !== undefined) taken.set(path, NEW);
  return files.map((file) => {
    if (!file.beside) return file;
    const { path } = file.beside;
    const at = path.lastIndexOf(BESIDE);
    const { obstacle } = placesOf(taken, () => false);
    let free = path;
    for (let number = 2; obstacle(free) !== undefined && number < MAX_NUMBER; number += 1)
      free = `${path.slice(0, at)}.${number}${path.slice(at)}` as RepoPath;
    taken.set(free, NEW);
    return { ...file, beside: { ...file.beside, path: free } };
  });
}

/** No service has as many. If there is one, the check of the whole plan refuses it. */
const MAX_NUMBER = 1000;

const NEW = { content: new Uint8Array(), mode: 0o644 } as const;
