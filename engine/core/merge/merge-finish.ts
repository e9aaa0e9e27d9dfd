import type { RepoPath } from '../repo-path.ts';
import type { RenderedTree } from '../template/template.ts';
import type { TreeFile } from '../tree.ts';
import { isText, toCrlf, type Verdict } from './merge-file.ts';
import type { MergedFile, TeamTree } from './merged-file.ts';
import type { Candidates, OpenFiles } from './rename-candidates.ts';
import type { MarkedMerge, SideNames } from './sides.ts';

const SAME_LINES = 'both sides changed the same lines';
const UNREADABLE = 'the merged file cannot be parsed';

/** Turns git's merge of the open files into an outcome for each file. */
export function* finishFiles(
  open: OpenFiles,
  candidates: Candidates,
  merged: MarkedMerge | undefined,
  { names, ours, base }: { names: SideNames; ours: TeamTree; base: RenderedTree },
): Generator<MergedFile> {
  const isConflict = (path: RepoPath) => merged?.conflicts.has(path) === true;
  // Git reports a conflict if one file got two new names, even if its lines were merged. Both names are kept.
  const outcomeOf = (path: RepoPath, file: TreeFile) =>
    isConflict(path) && hasMarkers(file, names) ? 'conflict' : 'merged';
  const orphans = new Set<RepoPath>();
  for (const [path, verdict] of open) {
    if (verdict.kind === 'lines') {
      const conflict = merged?.unreadable.has(path) ? UNREADABLE : isConflict(path) ? SAME_LINES : undefined;
      yield finishLines(path, verdict, merged?.tree.get(path), conflict);
    } else if (verdict.kind === 'missing') {
      if (!merged || isConflict(path)) yield { path, outcome: 'deleted by you', note: 'the template changed it' };
    } else if (merged && !isConflict(path) && !merged.tree.has(path)) orphans.add(path);
    else yield markWhole(path, verdict, base.get(path), names);
  }
  for (const [path, { file, isCrlf }] of candidates.ours) {
    const result = merged?.tree.get(path);
    if (!result || Buffer.compare(result.content, file.content) === 0) continue;
    const after = isCrlf ? { ...result, content: toCrlf(result.content) } : result;
    const note = 'you renamed it';
    yield { path, outcome: outcomeOf(path, result), after, note };
  }
  for (const [path, file] of candidates.theirs) {
    const result = merged?.tree.get(path);
    if (!result || Buffer.compare(result.content, file.content) === 0) continue;
    const note = 'the template renamed it';
    yield { path, outcome: outcomeOf(path, result), after: result, note };
  }
  for (const path of orphans) if (ours.has(path)) yield { path, outcome: 'removed', after: null, note: 'renamed' };
}

function finishLines(
  path: RepoPath,
  { lines, isCrlf, isDerived, note }: Extract<Verdict, { kind: 'lines' }>,
  result: TreeFile | undefined,
  conflict: string | undefined,
): MergedFile {
  if (conflict !== undefined && isDerived)
    return { path, outcome: 'kept', attention: `${path} is derived from other files: generate it again` };
  const file = result ?? lines.ours;
  const after = isCrlf ? { ...file, content: toCrlf(file.content) } : file;
  const notes = [conflict, note].filter((one) => one !== undefined).join('; ');
  return { path, outcome: conflict === undefined ? 'merged' : 'conflict', after, ...(notes ? { note: notes } : {}) };
}

/** The template removes a file that the team edited. A person has to decide. */
function markWhole(
  path: RepoPath,
  { ours, isCrlf }: { ours: TreeFile; isCrlf: boolean },
  base: TreeFile | undefined,
  names: SideNames,
): MergedFile {
  const note = 'you edited it; the template removes it';
  if (!isText(ours.content)) return { path, outcome: 'kept', note, attention: `${path}: ${note}` };
  const content = markSides({ ours, base }, { ...names, theirs: `${names.theirs} (removes this file)` });
  return { path, outcome: 'conflict', note, after: { mode: ours.mode, content: isCrlf ? toCrlf(content) : content } };
}

export const hasMarkers = ({ content }: TreeFile, names: SideNames): boolean =>
  Buffer.from(content).includes(`<<<<<<< ${names.ours}`);

/** A conflict of a whole file, as git would write it. */
export function markSides(
  { ours, base, theirs }: { ours: TreeFile; base: TreeFile | undefined; theirs?: TreeFile },
  names: SideNames,
): Buffer {
  const whole = (file: TreeFile | undefined): Uint8Array[] => {
    const content = file?.content ?? new Uint8Array();
    return content.length === 0 || content.at(-1) === NEWLINE ? [content] : [content, Buffer.from('\n')];
  };
  const parts = [
    [`<<<<<<< ${names.ours}\n`, whole(ours)],
    [`||||||| ${names.base}\n`, whole(base)],
    ['=======\n', whole(theirs)],
  ] as const;
  const end = Buffer.from(`>>>>>>> ${names.theirs}\n`);
  return Buffer.concat([...parts.flatMap(([marker, content]) => [Buffer.from(marker), ...content]), end]);
}

const NEWLINE = 0x0a;
