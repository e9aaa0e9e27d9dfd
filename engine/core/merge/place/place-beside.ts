import type { RepoPath } from '../../repo-path.ts';
import { BESIDE } from '../merge-file.ts';
import type { MergedFile, TeamTree } from '../merged-file.ts';
import { placesOf } from './places.ts';

/** Gives each file beside another one a free name: `a.md.twelve-theirs`, or else `a.md.2.twelve-theirs`, and so on. */
export function placeBeside(ours: TeamTree, files: readonly MergedFile[]): MergedFile[] {
  if (!files.some(({ beside }) => beside)) return [...files];
  const written = files.flatMap(({ path, after }) => (after ? [path] : []));
  const { obstacle } = placesOf(new Map([...ours, ...written.map((path) => [path, NEW] as const)]), () => false);
  return files.map((file) => {
    if (!file.beside) return file;
    const { path } = file.beside;
    const at = path.lastIndexOf(BESIDE);
    let free = path;
    for (let number = 2; obstacle(free) !== undefined; number += 1)
      free = `${path.slice(0, at)}.${number}${path.slice(at)}` as RepoPath;
    return { ...file, beside: { ...file.beside, path: free } };
  });
}

const NEW = { content: new Uint8Array(), mode: 0o644 } as const;
