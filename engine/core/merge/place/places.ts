import { foldersAbove, type RepoPath } from '../../repo-path.ts';
import { isOdd, type TeamTree } from '../merged-file.ts';

/** Where new files fit into a team's tree. */
export interface Places {
  /**
   * The path of what is in the way of a new file: a file, link or folder of the team at its path, above it or below it.
   * Names that differ only by case or Unicode form are in the way too, because they are one file on some disks.
   */
  readonly obstacle: (path: RepoPath) => RepoPath | undefined;
  /** Whether the team has a folder at a path, with something in it that stays. */
  readonly isFolder: (path: RepoPath) => boolean;
}

/** @param leaves whether the upgrade takes a file of the team away, so that its place is free */
export function placesOf(ours: TeamTree, leaves: (path: RepoPath) => boolean): Places {
  const at = new Map<string, RepoPath[]>();
  const below = new Map<string, RepoPath[]>();
  const add = (index: Map<string, RepoPath[]>, key: string, path: RepoPath): void => {
    const known = index.get(key);
    if (known) known.push(path);
    else index.set(key, [path]);
  };
  for (const path of ours.keys()) {
    const key = foldedPath(path);
    add(at, key, path);
    for (const folder of foldersAbove(key)) add(below, folder, path);
  }
  const stays = (path: RepoPath): boolean => !leaves(path);
  const admitsFiles = (path: RepoPath): boolean => {
    const file = ours.get(path);
    return isOdd(file) && file.odd === 'a folder';
  };
  return {
    obstacle: (path) => {
      const key = foldedPath(path);
      const here = at.get(key)?.find(stays);
      if (here !== undefined) return here;
      if (below.get(key)?.some(stays)) return path;
      for (const folder of foldersAbove(key)) {
        const found = at.get(folder)?.find((one) => !admitsFiles(one) && stays(one));
        if (found !== undefined) return found;
      }
      return undefined;
    },
    isFolder: (path) =>
      admitsFiles(path) ||
      (below.get(foldedPath(path))?.some((one) => one.startsWith(`${path}/`) && stays(one)) ?? false),
  };
}

function foldedPath(path: string): string {
  return path.normalize('NFC').toLowerCase();
}
