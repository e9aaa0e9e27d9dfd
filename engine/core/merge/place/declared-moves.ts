import type { RepoPath } from '../../repo-path.ts';
import type { RenderedFile } from '../../template/template.ts';
import { sameFile, type TreeFile } from '../../tree.ts';
import { besideFile, isUnedited } from '../merge-file.ts';
import { isOdd, type MergedFile, type OddFile, type TeamTree } from '../merged-file.ts';
import type { MergeInput } from '../sides.ts';
import { type Places, placesOf } from './places.ts';

/** The trees after the declared moves. */
export interface MovedTrees {
  readonly base: MergeInput['base'];
  readonly ours: TeamTree;
  readonly theirs: MergeInput['theirs'];
  /** The path of a file of the team before its move, by the path after it. */
  readonly from: ReadonlyMap<RepoPath, RepoPath>;
  /** What becomes of moves that something of the team is in the way of. */
  readonly settled: readonly MergedFile[];
  readonly places: Places;
}

/** The paths of a move, and the template's file before and after it. */
interface Pair {
  readonly old: RepoPath;
  readonly young: RepoPath;
  readonly before: RenderedFile;
  readonly after: RenderedFile;
}

/** A move of a file that the team has, too. */
interface Move extends Pair {
  readonly own: TreeFile;
}

/**
 * Carries out the declared moves at once, in the base and in the team's tree. So files can swap their names.
 *
 * If something of the team is at the new place, the team's file does not move: if the team edited it, it stays where it
 * is. The template's file goes beside what is in the way.
 * @param held files that stay although the template removes them
 */
export function moveFiles(input: MergeInput, held: ReadonlySet<RepoPath>): MovedTrees {
  const { base, ours, theirs } = input;
  const movedBase = new Map(base);
  const declared = possibleMoves(input);
  for (const [old] of declared) movedBase.delete(old);
  for (const [old, young] of declared) movedBase.set(young, { ...(base.get(old) as RenderedFile), path: young });
  const { isFolder } = placesOf(ours, () => false);
  const replaced: (Pair & { readonly odd: OddFile['odd'] })[] = [];
  let moves: Move[] = [];
  for (const [old, young] of declared) {
    const [before, after] = [base.get(old) as RenderedFile, theirs.get(young) as RenderedFile];
    const own: TreeFile | OddFile | undefined = isFolder(old) ? { odd: 'a folder' } : ours.get(old);
    if (isOdd(own)) replaced.push({ old, young, before, after, odd: own.odd });
    else if (own) moves.push({ old, young, before, after, own });
  }
  const isRemoved = (path: RepoPath): boolean => {
    const [before, own] = [base.get(path), ours.get(path)];
    if (before === undefined || own === undefined || isOdd(own) || theirs.has(path) || held.has(path)) return false;
    return isUnedited(before, own);
  };
  const stuck: (Move & { readonly obstacle: RepoPath })[] = [];
  let places: Places;
  // A move that cannot be made may leave a file in the way of another one.
  for (;;) {
    const sources = new Set(moves.map(({ old }) => old));
    places = placesOf(ours, (path) => sources.has(path) || isRemoved(path));
    const { obstacle } = places;
    const found = moves.flatMap((move) => {
      const inTheWay = obstacle(move.young);
      return inTheWay === undefined ? [] : [{ ...move, obstacle: inTheWay }];
    });
    if (found.length === 0) break;
    stuck.push(...found);
    moves = moves.filter(({ old }) => !found.some((one) => one.old === old));
  }
  const settled: MergedFile[] = [];
  for (const one of replaced) {
    movedBase.delete(one.young);
    settled.push(replacedByTeam(one, places));
  }
  for (const one of stuck) {
    movedBase.delete(one.young);
    const isKept = !theirs.has(one.old) && !isUnedited(one.before, one.own);
    if (!isKept) movedBase.set(one.old, one.before);
    if (!isAlready(ours, one)) settled.push(...leftBehind(one, isKept));
    else if (isKept) settled.push({ path: one.old, outcome: 'kept', note: `you have ${one.young} too` });
  }
  const movedOurs = new Map(ours);
  for (const { old } of moves) movedOurs.delete(old);
  for (const { young, own } of moves) movedOurs.set(young, own);
  const from = new Map(moves.map(({ old, young }) => [young, old]));
  return { base: movedBase, ours: movedOurs, theirs, from, settled, places };
}

/** The moves of files that both versions have: of two to one place the first, and none onto a file that stays. */
function possibleMoves({ base, theirs, moves }: MergeInput): [old: RepoPath, young: RepoPath][] {
  const targets = new Set<RepoPath>();
  let possible = [...moves].filter(([old, young]) => {
    if (old === young || !base.has(old) || !theirs.has(young) || targets.has(young)) return false;
    targets.add(young);
    return true;
  });
  for (;;) {
    const sources = new Set(possible.map(([old]) => old));
    const left = possible.filter(([, young]) => !base.has(young) || sources.has(young));
    if (left.length === possible.length) return left;
    possible = left;
  }
}

/** Whether the team already has the very file at the new place. */
function isAlready(ours: TeamTree, { young, after }: Pair): boolean {
  const there = ours.get(young);
  return there !== undefined && !isOdd(there) && sameFile(there, after);
}

/** The result for a file that moves, where the team has a link or a folder in place of the file. */
function replacedByTeam({ old, young, before, after, odd }: Pair & OddFile, { obstacle }: Places): MergedFile {
  const note = `${old} is ${odd}; the template moves the file to ${young}`;
  if (sameFile(before, after)) return { path: young, outcome: 'kept', note };
  const beside = besideFile(young, after, obstacle(young));
  return { path: young, outcome: 'conflict', note: `${note}, and changes it`, beside };
}

/** The result for a file that cannot move, because something of the team is in the way. */
function leftBehind(
  { old, young, after, obstacle }: Pair & { readonly obstacle: RepoPath },
  isKept: boolean,
): MergedFile[] {
  const stays = isKept ? `; your edited ${old} stays where it is` : '';
  const conflict: MergedFile = {
    path: young,
    outcome: 'conflict',
    note: `${obstacle} is in the way${stays}`,
    beside: besideFile(young, after, obstacle),
  };
  return isKept ? [conflict, { path: old, outcome: 'kept', note: `the template moves it to ${young}` }] : [conflict];
}
