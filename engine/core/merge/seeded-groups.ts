import { matchesGlob } from '../glob.ts';
import type { RepoPath } from '../repo-path.ts';
import type { Groups } from '../template/source-template.ts';
import type { RenderedFile, RenderedTree } from '../template/template.ts';
import { sameFile } from '../tree.ts';
import { toLf } from './merge-file.ts';
import { isOdd, type MergedFile, type TeamTree } from './merged-file.ts';

interface Sides {
  readonly base: RenderedTree;
  readonly ours: TeamTree;
  readonly theirs: RenderedTree;
}

/**
 * Seeded files that belong together change together: all of a group, or none. So a handler never meets the test of
 * another version. A group is what the template names as one; of the other seeded files, those below the same folder.
 * That is the uppermost folder with a seeded file in it. Files in the root are alone.
 * @param origins the template's path of each file that the team has elsewhere
 * @returns the outcome of a file that stays as it is because the team changed another one of its group
 */
export function holdGroups(
  sides: Sides,
  named: Groups,
  origins: ReadonlyMap<RepoPath, RepoPath>,
): (path: RepoPath) => MergedFile | undefined {
  const { base, ours, theirs } = sides;
  const seeded = [...new Set([...theirs.keys(), ...base.keys()])].filter(
    (path) => (theirs.get(path) ?? base.get(path))?.owner === 'seeded',
  );
  const originOf = (path: RepoPath) => origins.get(path) ?? path;
  const folders = new Set(seeded.map((path) => folderOf(originOf(path))).filter((folder) => folder !== ''));
  const groups = new Map<string, RepoPath[]>();
  const keys = new Map<RepoPath, string>();
  for (const path of seeded) {
    const key = groupOf(originOf(path), folders, named);
    if (key === undefined) continue;
    keys.set(path, key);
    groups.set(key, [...(groups.get(key) ?? []), path]);
  }
  const reasons = new Map(
    [...groups].map(([key, paths]) => {
      const touched = paths.flatMap((path) => {
        const how = touch(path, sides);
        return how === undefined ? [] : [{ path, how }];
      });
      return [key, touched.find(({ how }) => how !== 'deleted') ?? touched[0]];
    }),
  );
  return (path) => {
    const key = keys.get(path);
    const reason = key === undefined ? undefined : reasons.get(key);
    const [b, t] = [base.get(path), theirs.get(path)];
    if (!reason || (groups.get(key ?? '')?.length ?? 0) < 2 || !isChanged(b, t)) return undefined;
    const how = touch(path, sides);
    // Git could find its new name, and would merge into it.
    if (how === 'deleted') return { path, outcome: 'deleted by you', note: 'the template changed it' };
    if (how !== undefined || (!t && !ours.has(path))) return undefined;
    const because = `you ${reason.how} ${reason.path}, which belongs with it`;
    const what = !b ? 'not created: ' : !t ? 'the template no longer has it; ' : '';
    return { path, outcome: 'kept', note: `${what}${because}` };
  };
}

function groupOf(path: RepoPath, folders: ReadonlySet<string>, named: Groups): string | undefined {
  const index = named.findIndex((globs) => globs.some((glob) => matchesGlob(glob, path)));
  if (index !== -1) return `#${index}`;
  const segments = path.split('/').slice(0, -1);
  return segments.map((_, depth) => segments.slice(0, depth + 1).join('/')).find((folder) => folders.has(folder));
}

function folderOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')));
}

/** What the team did to a seeded file. Nothing if the file is as one of both versions has it. */
function touch(path: RepoPath, { base, ours, theirs }: Sides): 'edited' | 'deleted' | 'replaced' | 'wrote' | undefined {
  const [b, own, t] = [base.get(path), ours.get(path), theirs.get(path)];
  if (!own) return b && t ? 'deleted' : undefined;
  if (isOdd(own)) return 'replaced';
  const texts = [own.content, toLf(own.content)];
  const isKnown = [b, t].some((file) => file && texts.some((text) => Buffer.compare(text, file.content) === 0));
  return isKnown ? undefined : b ? 'edited' : 'wrote';
}

function isChanged(base: RenderedFile | undefined, theirs: RenderedFile | undefined): boolean {
  return base && theirs ? !sameFile(base, theirs) : base !== theirs;
}
