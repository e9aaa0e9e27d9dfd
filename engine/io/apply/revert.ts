import type { Plan } from '../../core/plan.ts';
import { applyPlan } from './apply.ts';
import type { BeforeCommit } from './in-place.ts';
import { planUndo } from './undo-record.ts';

/**
 * Restores every byte and mode from before the last recorded run, and removes the record.
 * @param evenIfEdited also restore files that were edited after that run
 * @returns the changes that were made, or with `planOnly` those that would be made
 * @throws {UserError} NOTHING_TO_UNDO, or EDITED_SINCE if a file was edited after that run
 */
export async function revertLastRun(
  root: string,
  {
    evenIfEdited = false,
    planOnly = false,
    beforeCommit,
  }: { evenIfEdited?: boolean; planOnly?: boolean; beforeCommit?: BeforeCommit | undefined } = {},
): Promise<Plan> {
  const undoing = planUndo(root, { evenIfEdited });
  const plan: Plan = { changes: undoing.changes, notes: [], next: [] };
  if (!planOnly) await applyPlan(root, plan, beforeCommit, { record: 'dropped', undoing });
  return plan;
}
