import { resolve } from 'node:path';
import { recoverTarget } from '../../engine/io/apply/undo.ts';
import { findService } from '../../engine/io/service/service.ts';
import type { Outcome, RunOptions } from '../../generators/outcome.ts';
import { revertLastRun } from './revert.ts';

/**
 * Reverts the last run on the service around the working folder.
 * @throws {UserError} NOTHING_TO_UNDO, or EDITED_SINCE if a file was edited after that run
 */
export async function undoLastRun(options: RunOptions): Promise<Outcome> {
  const root = findService(resolve(options.cwd, options.dir ?? '.'));
  const recovered = recoverTarget(root, options.planOnly);
  const { planOnly, beforeCommit } = options;
  const { plan, attention } = await revertLastRun(root, { planOnly, beforeCommit });
  return { generator: 'undo', target: root, answers: {}, plan, applied: !planOnly, attention, recovered };
}
