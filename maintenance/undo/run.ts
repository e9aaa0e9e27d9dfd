import { join, resolve } from 'node:path';
import type { Plan } from '../../engine/core/plan.ts';
import type { RepoPath } from '../../engine/core/repo-path.ts';
import { applyPlan } from '../../engine/io/apply/apply.ts';
import { recoverTarget, removeIfEmpty } from '../../engine/io/apply/undo.ts';
import { dropRecord, planUndo } from '../../engine/io/apply/undo-record.ts';
import { obstacleAt } from '../../engine/io/disk.ts';
import { findService } from '../../engine/io/service/service.ts';
import type { Outcome, RunOptions } from '../../generators/session.ts';

/**
 * Reverts the last run on the service around the working folder.
 * @throws {UserError} NOTHING_TO_UNDO, or EDITED_SINCE if a file is not as that run left it
 */
export async function undoLastRun(options: RunOptions): Promise<Outcome> {
  const root = findService(resolve(options.cwd, options.dir ?? '.'));
  const recovered = recoverTarget(root, options.planOnly);
  const { changes, folders } = planUndo(root);
  const plan: Plan = { changes, notes: [], next: [] };
  if (!options.planOnly) {
    await applyPlan(root, plan, options.beforeCommit, true);
    for (const folder of folders) if (!obstacleAt(root, `${folder}/-` as RepoPath)) removeIfEmpty(join(root, folder));
    dropRecord(root);
  }
  return { generator: 'undo', target: root, answers: {}, plan, applied: !options.planOnly, recovered };
}
