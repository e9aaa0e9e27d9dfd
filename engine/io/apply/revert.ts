import { join } from 'node:path';
import type { Plan } from '../../core/plan.ts';
import type { RepoPath } from '../../core/repo-path.ts';
import { obstacleAt } from '../disk.ts';
import { applyPlan } from './apply.ts';
import type { BeforeCommit } from './in-place.ts';
import { removeIfEmpty } from './undo.ts';
import { dropRecord, planUndo } from './undo-record.ts';

/**
 * Puts every byte and mode back as it was before the last recorded run, and forgets the record.
 * @param evenIfEdited put back what was edited since, too
 * @returns what was put back, or with `planOnly` what would be
 * @throws {UserError} NOTHING_TO_UNDO, or EDITED_SINCE if a file is not as that run left it
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
