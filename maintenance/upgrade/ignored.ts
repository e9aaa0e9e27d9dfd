import type { MergedFile } from '../../engine/core/merge/merged-file.ts';
import { quote } from '../../engine/core/text/shell-word.ts';
import { findIgnored, isOwnRule } from '../../engine/io/git/unshared.ts';

/**
 * Says of which files git knows nothing because it ignores them. What is written and ignored is for a person: a commit of the upgrade
 * lacks it. What the last commit lacks was not deleted by the team if git ignores it.
 * @param isCommit whether the files are those of the last commit
 */
export function nameIgnored(root: string, files: readonly MergedFile[], isCommit: boolean): readonly MergedFile[] {
  const isLooked = ({ outcome, after }: MergedFile) => (isCommit ? outcome === 'deleted by you' : Boolean(after));
  const found = findIgnored(
    root,
    files.filter(isLooked).map(({ path }) => path),
  );
  const rules = new Map(found.map(({ path, by }) => [path, by]));
  return files.map((file) => {
    const by = rules.get(file.path);
    if (by === undefined) return file;
    const isMeant = isOwnRule(root, by);
    const mend = `git add -f ${quote(file.path)}`;
    if (!isCommit)
      return isMeant || file.attention !== undefined
        ? file
        : { ...file, attention: `git ignores ${file.path} (${by}), so a clone lacks it: ${mend}` };
    const note = `git ignores it (${by}), so the last commit lacks it`;
    const isNews = file.note !== undefined && !isMeant;
    return {
      ...file,
      outcome: 'kept',
      note,
      ...(isNews ? { attention: `${file.path} changed in the template; ${note}: ${mend}` } : {}),
    };
  });
}
