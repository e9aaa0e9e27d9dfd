import type { Plan } from '../../engine/core/plan.ts';
import { applyPlan } from '../../engine/io/apply/apply.ts';
import type { BeforeCommit } from '../../engine/io/apply/in-place.ts';
import { planUndo } from '../../engine/io/apply/undo-record.ts';
import { unstage } from '../../engine/io/git/unstage.ts';

/**
 * Restores every byte and mode from before the last recorded run, takes that run out of git's index, and removes the
 * record.
 * @param evenIfEdited also restore files that were edited after that run
 * @returns the changes that were made, or with `planOnly` those that would be made; with `attention` if git's index
 *   still has files of that run
 * @throws {UserError} NOTHING_TO_UNDO, or EDITED_SINCE if a file was edited after that run
 */
export async function revertLastRun(
  root: string,
  {
    evenIfEdited = false,
    planOnly = false,
    beforeCommit,
  }: { evenIfEdited?: boolean; planOnly?: boolean; beforeCommit?: BeforeCommit | undefined } = {},
): Promise<{ readonly plan: Plan; readonly attention: readonly string[] }> {
  const undoing = planUndo(root, { evenIfEdited });
  const plan: Plan = { changes: undoing.changes, notes: [], next: [] };
  if (planOnly) return { plan, attention: [] };
  let left: ReturnType<typeof unstage>;
  // Before the files: if it is killed in between, the record is still there, and the next undo does the rest.
  const commit = async () => {
    await beforeCommit?.();
    left = unstage(root, undoing.paths, undoing.commit);
  };
  await applyPlan(root, plan, commit, { record: 'dropped', undoing });
  return left ? { plan: { ...plan, next: [left.command] }, attention: [left.reason] } : { plan, attention: [] };
}
