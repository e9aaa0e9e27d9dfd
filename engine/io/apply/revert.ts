import { join } from 'node:path';
import type { Plan } from '../../core/plan.ts';
import type { RepoPath } from '../../core/repo-path.ts';
import { obstacleAt } from '../disk.ts';
import { applyPlan } from './apply.ts';
import type { BeforeCommit } from './in-place.ts';
import { removeIfEmpty } from './undo.ts';
import { dropRecord, planUndo } from './undo-record.ts';

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
  const { changes, folders, modes } = planUndo(root, { evenIfEdited });
  const plan: Plan = { changes, notes: [], next: [] };
  if (planOnly) return plan;
  await applyPlan(root, plan, beforeCommit, { modes });
  for (const folder of folders) if (!obstacleAt(root, `${folder}/-` as RepoPath)) removeIfEmpty(join(root, folder));
  dropRecord(root);
  return plan;
}
