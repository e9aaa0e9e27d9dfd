import type { RepoPath } from '../repo-path.ts';
import type { KeySetting, Migration } from '../template/migration.ts';
import type { RenderedFile, RenderedTree } from '../template/template.ts';
import { hashContent } from '../tree.ts';
import { isOdd, type TeamTree } from './merged-file.ts';

/** Both sides of a merge, with the declared migrations applied. */
interface MigratedSides {
  readonly base: RenderedTree;
  readonly theirs: RenderedTree;
  readonly moves: ReadonlyMap<RepoPath, RepoPath>;
}

/**
 * Applies declared moves, deletions and settings to both sides, so that they take part in the normal merge.
 * @param recorded hash by path, of files that additions made
 */
export async function migrateSides(
  sides: { base: RenderedTree; theirs: RenderedTree; ours: TeamTree },
  migrations: readonly Migration[],
  recorded: (path: string) => string | undefined,
): Promise<MigratedSides> {
  const [base, theirs] = [new Map(sides.base), new Map(sides.theirs)];
  const moves = new Map<RepoPath, RepoPath>();
  /** A file of the team that no version renders. It takes part in the merge as it is. */
  const teamFile = (path: RepoPath): RenderedFile | undefined => {
    const file = sides.ours.get(path);
    return file && !isOdd(file)
      ? { path, content: file.content, mode: file.mode, owner: 'merged', source: 'your own' }
      : undefined;
  };
  for (const { move = {}, delete: gone = [], set = [] } of migrations) {
    for (const [from, to] of Object.entries(move)) {
      // A file that an earlier migration moved is moved again from its first path.
      const first = [...moves].find(([, young]) => young === from)?.[0];
      moves.set(first ?? (from as RepoPath), to as RepoPath);
    }
    for (const path of gone as RepoPath[]) {
      theirs.delete(path);
      const own = base.has(path) ? undefined : teamFile(path);
      if (own && recorded(path) === hashContent(own.content)) base.set(path, own);
    }
    for (const setting of set) await setKey(base, theirs, setting, teamFile);
  }
  return { base, theirs, moves };
}

async function setKey(
  base: Map<RepoPath, RenderedFile>,
  theirs: Map<RepoPath, RenderedFile>,
  { file, key, value }: KeySetting,
  teamFile: (path: RepoPath) => RenderedFile | undefined,
): Promise<void> {
  const path = file as RepoPath;
  const before = theirs.get(path) ?? teamFile(path);
  if (!before) return;
  if (!theirs.has(path) && !base.has(path)) base.set(path, before);
  const text = Buffer.from(before.content).toString('utf8');
  const { hash: _stale, ...rest } = before;
  theirs.set(path, { ...rest, content: Buffer.from(await withKey(path, text, key, value)) });
}

async function withKey(path: string, text: string, key: readonly string[], value: unknown): Promise<string> {
  if (/\.jsonc?$/.test(path)) {
    const { applyEdits, modify } = await import('jsonc-parser');
    return applyEdits(text, modify(text, [...key], value, { formattingOptions: { insertSpaces: true, tabSize: 2 } }));
  }
  const { parseDocument } = await import('yaml');
  const document = parseDocument(text);
  document.setIn(key, value);
  return document.toString({ lineWidth: 0 });
}
