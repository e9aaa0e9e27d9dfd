import { foldersAbove, type RepoPath } from '../../repo-path.ts';
import type { RenderedFile, RenderedTree } from '../../template/template.ts';
import { count } from '../../text/count.ts';
import { hashContent, sameFile, type TreeFile } from '../../tree.ts';
import { toLf } from '../merge-file.ts';
import { isOdd, type OddFile } from '../merged-file.ts';
import type { MergeInput } from '../sides.ts';
import { type FolderMove, findFolderMoves, movedPath, moveOf } from './folder-moves.ts';
import { linkResolver } from './follow-links.ts';

/** A merge input whose paths are those that the team gave to the template's files. */
interface Followed {
  readonly input: MergeInput;
  /** The template's path of each file that is elsewhere, by the path that the team gave it. */
  readonly origins: ReadonlyMap<RepoPath, RepoPath>;
  /** What the reader has to know. */
  readonly notes: readonly string[];
}

/**
 * Finds the template's files where the team has them: behind a link that stays in the service (`docs -> real`), or in a
 * folder that moved as a whole (`src` to `app/src`). Both are renames that the team made. Edits of the template, and its
 * new files, go there.
 */
export function followTeam(input: MergeInput): Followed {
  const { base, ours, theirs } = input;
  const fixed = new Set([...base.keys(), ...theirs.keys()]);
  const paths = new Map<RepoPath, RepoPath>();
  const origins = new Map<RepoPath, RepoPath>();
  const notes = new Set<string>();
  const follow = (path: RepoPath, found: RepoPath, why: string): void => {
    if (found === path || fixed.has(found) || origins.has(found)) return;
    paths.set(path, found);
    origins.set(found, path);
    if (isChanged(base.get(path), theirs.get(path))) notes.add(`${why}: changes of the template go there`);
  };
  const folders = new Set([...ours.keys()].flatMap(foldersAbove));
  const resolve = linkResolver({
    targetOf: (path) => {
      const file = ours.get(path as RepoPath);
      return isOdd(file) && file.odd === 'a link' ? file.target : undefined;
    },
    isFolder: (path) => folders.has(path as RepoPath),
  });
  for (const path of fixed) {
    const { found, link, target } = resolve(path);
    if (!isRecord(found)) follow(path, found as RepoPath, `${link} is a link to ${target}`);
  }
  const linked = new Set(paths.keys());
  const moves = movedFolders(input, (path) => linked.has(path) || origins.has(path));
  for (const path of moves.length > 0 ? fixed : []) {
    const move = linked.has(path) ? undefined : moveOf(path, moves);
    if (!move) continue;
    const where = move.to === '' ? 'the root' : `${move.to}/`;
    follow(
      path,
      movedPath(path, move) as RepoPath,
      `you moved ${move.from}/ to ${where} (${count(move.files, 'file')})`,
    );
  }
  if (paths.size === 0) return { input, origins, notes: [] };
  const here = (path: RepoPath) => paths.get(path) ?? path;
  const rename = (tree: RenderedTree): RenderedTree =>
    new Map([...tree].map(([path, file]) => [here(path), { ...file, path: here(path) }]));
  const declared = new Map([...input.moves].map(([old, young]) => [here(old), here(young)]));
  return {
    input: { ...input, base: rename(base), theirs: rename(theirs), moves: declared },
    origins,
    notes: [...notes].sort(),
  };
}

function movedFolders({ base, ours, theirs }: MergeInput, isLinked: (path: RepoPath) => boolean): FolderMove[] {
  const recorded = new Map([...base].flatMap(([path, file]) => (isLinked(path) ? [] : [[path, hashOf(file)]])));
  const known = new Map<string, string[]>();
  return findFolderMoves(recorded, {
    own: () =>
      [...ours].flatMap(([path, file]) =>
        isOdd(file) || base.has(path) || theirs.has(path) || isLinked(path) || isRecord(path) ? [] : [path],
      ),
    has: (path) => ours.has(path as RepoPath),
    isSame: (path, hash) => {
      const hashes = known.get(path) ?? hashesOf(ours.get(path as RepoPath));
      known.set(path, hashes);
      return hashes.includes(hash);
    },
  });
}

/** What this program keeps for itself. */
function isRecord(path: string): boolean {
  return path.startsWith('.twelve');
}

function hashOf({ hash, content }: RenderedFile): string {
  return hash ?? hashContent(content);
}

/** The hashes of a file as it is, and with LF. */
function hashesOf(file: TreeFile | OddFile | undefined): string[] {
  return !file || isOdd(file) ? [] : [hashContent(file.content), hashContent(toLf(file.content))];
}

function isChanged(base: RenderedFile | undefined, theirs: RenderedFile | undefined): boolean {
  return base && theirs ? !sameFile(base, theirs) : base !== theirs;
}
