import { foldersAbove } from '../../engine/core/repo-path.ts';

/** A file, or a folder that stands for several files. */
interface Folded {
  /** A folder ends with a slash. */
  readonly path: string;
  /** How many files it stands for: 1 for a file. */
  readonly files: number;
}

/** This many files of one folder are listed one by one. */
const MAX_SINGLE = 3;

/**
 * Folds a list of paths, so that a reader sees folders instead of all their files: a folder whose files are all alike,
 * the uppermost first, and then folders with many files of the list.
 * @param paths what to list
 * @param isAlike whether a path below the same folders belongs to the list, though it need not be in it
 * @param all every path that is known
 */
export function foldPaths(
  paths: readonly string[],
  isAlike: (path: string) => boolean,
  all: readonly string[],
): Folded[] {
  const mixed = new Set<string>();
  for (const path of all) if (!isAlike(path)) for (const folder of foldersAbove(path)) mixed.add(folder);
  const below = new Map<string, number>();
  const direct = new Map<string, number>();
  const add = (counts: Map<string, number>, folder: string) => counts.set(folder, (counts.get(folder) ?? 0) + 1);
  for (const path of paths) {
    const folders = foldersAbove(path);
    for (const folder of folders) add(below, folder);
    add(direct, folders.at(-1) ?? '');
  }
  const folded = new Map<string, number>();
  for (const path of paths) {
    const folders = foldersAbove(path);
    const whole = folders.find((folder) => !mixed.has(folder) && (below.get(folder) ?? 0) > MAX_SINGLE);
    const parent = folders.at(-1);
    const many = parent !== undefined && (direct.get(parent) ?? 0) > MAX_SINGLE ? parent : undefined;
    const folder = whole ?? many;
    add(folded, folder === undefined ? path : `${folder}/`);
  }
  return [...folded].map(([path, files]) => ({ path, files }));
}
