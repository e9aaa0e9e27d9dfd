import { isOdd, type MergedFile, type OddFile, type TeamTree } from '../../engine/core/merge/merged-file.ts';
import { parseRepoPath, type RepoPath } from '../../engine/core/repo-path.ts';
import type { Tree, TreeFile } from '../../engine/core/tree.ts';
import { type Upgraded, upgradeAll, type Version } from './merging.ts';

/** Texts by path. */
type Files = Readonly<Record<string, string>>;

interface SmallUpgrade {
  readonly old?: Files;
  readonly next?: Files;
  readonly team?: Files;
  /** Links of the team, with what they point to. */
  readonly links?: Readonly<Record<string, string>>;
  /** More keys of `preset.yaml` in both versions, and in the new one. */
  readonly preset?: NonNullable<Version['preset']>;
  readonly presetNext?: NonNullable<Version['preset']>;
}

/** Every version has this file, because a layer may not be empty. */
const ALWAYS: Files = { 'always.txt': 'a\n' };

/** Upgrades one service whose files are written in the test. */
export async function upgradeSmall(small: SmallUpgrade): Promise<Upgraded> {
  const { old = {}, next = {}, team = {}, links = {}, preset = {}, presetNext = {} } = small;
  const odd = Object.entries(links).map(([path, target]): [RepoPath, OddFile] => [
    parseRepoPath(path),
    { odd: 'a link', target },
  ]);
  const ours: TeamTree = new Map<RepoPath, TreeFile | OddFile>([...treeOf({ ...ALWAYS, ...team }), ...odd]);
  const [upgraded] = await upgradeAll([
    {
      old: { files: treeOf({ ...ALWAYS, ...old }), preset },
      next: { files: treeOf({ ...ALWAYS, ...next }), preset: { ...preset, ...presetNext } },
      team: () => ours,
    },
  ]);
  return upgraded as Upgraded;
}

function treeOf(files: Files): Tree {
  const entries = Object.entries(files).map(([path, text]): [RepoPath, TreeFile] => [
    parseRepoPath(path),
    { mode: 0o644, content: Buffer.from(text) },
  ]);
  return new Map(entries);
}

/** The text of a file after the upgrade. */
export function textAfter({ tree }: Upgraded, path: string): string | undefined {
  const file = tree.get(path as RepoPath);
  return file && !isOdd(file) ? Buffer.from(file.content).toString('utf8') : undefined;
}

/** What the upgrade says about a file. */
export function told({ files }: Upgraded, path: string): MergedFile | undefined {
  return files.find((file) => file.path === path);
}
