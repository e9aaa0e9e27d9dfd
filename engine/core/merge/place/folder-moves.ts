import { foldersAbove } from '../../repo-path.ts';
import { hashContent } from '../../tree.ts';

/** A folder that the team moved as a whole. */
export interface FolderMove {
  readonly from: string;
  /** Empty if its files are in the root now. */
  readonly to: string;
  /** How many of its files are at the new place. */
  readonly files: number;
}

/** What the team has. */
interface TeamFiles {
  /** Its files that no version has at that path. One may be a file that was moved. */
  readonly own: () => Iterable<string>;
  readonly has: (path: string) => boolean;
  /** Whether a file has the recorded content. Line ends do not count. */
  readonly isSame: (path: string, hash: string) => boolean;
}

/** Empty files are alike everywhere. */
const EMPTY = hashContent('');

/**
 * Finds folders that moved as a whole: none of their files is at its old place, more than half have the same name below
 * the new folder, and at least one of these has the same content. Git sees the rename of a folder in the same way.
 * @param recorded hash by path, of all files of the old version
 * @returns outer folders first, without those that moved along with an outer one
 */
export function findFolderMoves(recorded: ReadonlyMap<string, string>, team: TeamFiles): FolderMove[] {
  const totals = new Map<string, number>();
  const lost: string[] = [];
  const stays = new Set<string>();
  for (const path of recorded.keys()) {
    for (const folder of foldersAbove(path)) {
      totals.set(folder, (totals.get(folder) ?? 0) + 1);
      if (team.has(path)) stays.add(folder);
    }
    if (!team.has(path)) lost.push(path);
  }
  if (![...totals.keys()].some((folder) => !stays.has(folder))) return [];
  const byName = new Map<string, string[]>();
  for (const path of team.own()) byName.set(nameOf(path), [...(byName.get(nameOf(path)) ?? []), path]);
  const pairs = new Map<string, Set<string>>();
  for (const path of lost)
    for (const found of byName.get(nameOf(path)) ?? []) {
      const folders = commonMoves(path, found).filter(({ from }) => !stays.has(from));
      const hash = recorded.get(path) ?? EMPTY;
      if (folders.length === 0 || hash === EMPTY || !team.isSame(found, hash)) continue;
      for (const { from, to } of folders) pairs.set(from, new Set([...(pairs.get(from) ?? []), to]));
    }
  const moves = [...pairs].flatMap(([from, targets]): FolderMove[] => {
    const counted = [...targets].map((to) => ({ from, to, files: countAt(from, to, lost, team.has) }));
    const [best] = counted.sort((a, b) => b.files - a.files || (a.to < b.to ? -1 : 1));
    return best && best.files * 2 > (totals.get(from) ?? 0) ? [best] : [];
  });
  const told: FolderMove[] = [];
  for (const move of moves.sort((a, b) => (a.from < b.from ? -1 : 1))) {
    const outer = moveOf(move.from, told);
    if (!outer || movedPath(move.from, outer) !== move.to) told.push(move);
  }
  return told;
}

/** The move of the innermost folder that a path was in. */
export function moveOf(path: string, moves: readonly FolderMove[]): FolderMove | undefined {
  const around = moves.filter(({ from }) => path.startsWith(`${from}/`));
  return around.sort((a, b) => b.from.length - a.from.length)[0];
}

/** Where a path below a moved folder is now. */
export function movedPath(path: string, { from, to }: FolderMove): string {
  return to === '' ? path.slice(from.length + 1) : `${to}${path.slice(from.length)}`;
}

/** The moves of folders that bring a file from one path to another: `a/b/c` to `x/b/c` is `a` to `x`, or `a/b` to `x/b`. */
function commonMoves(path: string, found: string): { from: string; to: string }[] {
  const [before, after] = [path.split('/'), found.split('/')];
  const moves: { from: string; to: string }[] = [];
  for (let depth = 1; depth < before.length && depth <= after.length; depth += 1) {
    if (before.at(-depth) !== after.at(-depth)) break;
    moves.push({ from: before.slice(0, -depth).join('/'), to: after.slice(0, -depth).join('/') });
  }
  return moves;
}

function countAt(from: string, to: string, lost: readonly string[], has: (path: string) => boolean): number {
  const move = { from, to, files: 0 };
  return lost.filter((path) => path.startsWith(`${from}/`) && has(movedPath(path, move))).length;
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
