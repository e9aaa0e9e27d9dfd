import { isRecordPath } from '../record/addition-record.ts';
import type { RepoPath } from '../repo-path.ts';
import type { RenderedTree } from '../template/template.ts';
import type { Tree, TreeFile } from '../tree.ts';
import { hasCrlf, isText, toLf, type Verdict } from './merge-file.ts';
import { isOdd, type MergedFile, type TeamTree } from './merged-file.ts';

/** Files that cannot be decided without the others. */
export type OpenFiles = ReadonlyMap<RepoPath, OpenVerdict>;

export type OpenVerdict = Exclude<Verdict, { kind: 'settled' }>;

/** Files that may be the new name of a missing file. */
export interface Candidates {
  /** The team's own files. One may be the new name of a file that the template changed and the team no longer has. */
  readonly ours: ReadonlyMap<RepoPath, { file: TreeFile; isCrlf: boolean }>;
  /**
   * New files of the template. One may be the new name of a file that the team edited and the template no longer has.
   */
  readonly theirs: Tree;
}

/** No file of a template is larger. */
const MAX_CANDIDATE_BYTES = 1024 * 1024;

export function renameCandidates(
  { base, ours, theirs }: { base: RenderedTree; ours: TeamTree; theirs: RenderedTree },
  open: OpenFiles,
  settled: ReadonlyMap<RepoPath, MergedFile>,
): Candidates {
  const kinds = new Set([...open.values()].map(({ kind }) => kind));
  const extensions = new Set([...open].filter(([, { kind }]) => kind === 'missing').map(([path]) => extensionOf(path)));
  const own = new Map<RepoPath, { file: TreeFile; isCrlf: boolean }>();
  if (kinds.has('missing'))
    for (const [path, file] of ours) {
      if (isRecordPath(path)) continue;
      if (isOdd(file) || base.has(path) || theirs.has(path) || !extensions.has(extensionOf(path))) continue;
      if (file.content.length > MAX_CANDIDATE_BYTES || !isText(file.content)) continue;
      const isCrlf = hasCrlf(file, undefined);
      own.set(path, { isCrlf, file: isCrlf ? { ...file, content: toLf(file.content) } : file });
    }
  const created = kinds.has('orphan')
    ? [...theirs].filter(([path, { content }]) => settled.get(path)?.outcome === 'created' && isText(content))
    : [];
  return { ours: own, theirs: new Map(created) };
}

function extensionOf(path: string): string {
  return /\.[^./]+$/.exec(path)?.[0] ?? '';
}
