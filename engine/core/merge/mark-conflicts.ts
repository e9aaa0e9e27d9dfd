import type { ParseError } from 'jsonc-parser';
import type { RepoPath } from '../repo-path.ts';
import { decodeText } from '../text/text.ts';
import type { TreeFile } from '../tree.ts';
import { hasMarkers, markSides } from './merge-finish.ts';
import type { MarkedMerge, SideNames, ThreeTrees, TreeMerge } from './sides.ts';

/**
 * Marks the whole file as a conflict in two cases that git does not mark:
 *
 *   the merged file cannot be parsed, e.g. YAML with a duplicate key, although the team's file could be
 *   both sides added the file and one of them left it empty: git calls that a conflict, but writes no markers
 */
export async function markConflicts(
  merged: TreeMerge,
  { ours, base, theirs }: ThreeTrees,
  names: SideNames,
): Promise<MarkedMerge> {
  const tree = new Map(merged.tree);
  const unreadable = new Set<RepoPath>();
  // If a side has no file of this name, because of a rename, the merged file is used for it.
  const mark = (path: RepoPath, file: TreeFile): void => {
    const sides = { ours: ours.get(path) ?? file, base: base.get(path), theirs: theirs.get(path) ?? file };
    tree.set(path, { ...file, content: markSides(sides, names) });
  };
  for (const [path, file] of merged.tree) {
    const own = ours.get(path) ?? theirs.get(path);
    if (merged.conflicts.has(path)) {
      if (ours.has(path) && theirs.has(path) && !hasMarkers(file, names)) mark(path, file);
      continue;
    }
    if (!own || Buffer.compare(own.content, file.content) === 0) continue;
    if (!(await canRead(path, own)) || (await canRead(path, file))) continue;
    mark(path, file);
    unreadable.add(path);
  }
  return { tree, conflicts: new Set([...merged.conflicts, ...unreadable]), unreadable };
}

/** Whether a JSON or YAML file can be parsed. True for any other kind of file. */
async function canRead(path: RepoPath, { content }: TreeFile): Promise<boolean> {
  const text = decodeText(content);
  if (/\.ya?ml$/.test(path)) {
    const { parseAllDocuments } = await import('yaml');
    return [...parseAllDocuments(text)].every(({ errors }) => errors.length === 0);
  }
  if (!/\.jsonc?$/.test(path)) return true;
  const { parse } = await import('jsonc-parser');
  const errors: ParseError[] = [];
  parse(text, errors, { allowTrailingComma: true });
  return errors.length === 0;
}
