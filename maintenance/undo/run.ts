import { dirname, join, resolve } from 'node:path';
import { printable, UserError } from '../../engine/core/errors.ts';
import { MANIFEST_PATH } from '../../engine/core/service/manifest.ts';
import { quote } from '../../engine/core/text/shell-word.ts';
import { isHeld } from '../../engine/io/apply/journal.ts';
import { recoverTarget } from '../../engine/io/apply/undo.ts';
import { hasRecord } from '../../engine/io/apply/undo-record.ts';
import { kindOf } from '../../engine/io/disk.ts';
import { findService } from '../../engine/io/service/service.ts';
import type { Outcome, RunOptions } from '../../generators/outcome.ts';
import { workspaceAround } from '../../generators/workspace/find-workspace.ts';
import { refuseGrown } from './joined.ts';
import { revertLastRun } from './revert.ts';

/**
 * The folder that `start` is in and that `undo` can do something about: the nearest one, upwards, with a manifest, a
 * recorded run or an interrupted one. The undo of an adoption removes the manifest.
 * @throws {UserError} SERVICE_NOT_FOUND
 */
function findRun(start: string): string {
  for (let folder = start; ; folder = dirname(folder)) {
    if (kindOf(join(folder, MANIFEST_PATH)) === 'file' || isHeld(folder) || hasRecord(folder)) return folder;
    if (folder === dirname(folder)) return findService(start);
  }
}

/**
 * What made a service in a workspace changed the workspace too, and is recorded there.
 * @throws {UserError} NOTHING_TO_UNDO for a service without a run of its own in a workspace with one
 */
function refuseJoined(root: string): void {
  const around = hasRecord(root) ? undefined : workspaceAround(root);
  if (around === undefined || !hasRecord(around)) return;
  throw new UserError(
    'NOTHING_TO_UNDO',
    `there is nothing to undo in ${printable(root)}: no run is recorded`,
    `The last run on the workspace around it is undone there: npx create-twelve-service undo --dir ${quote(around)}`,
  );
}

/**
 * Reverts the last run on the service around the working folder.
 * @throws {UserError} NOTHING_TO_UNDO, or EDITED_SINCE if a file was edited after that run, or made in a service that it made
 */
export async function undoLastRun(options: RunOptions): Promise<Outcome> {
  const root = findRun(resolve(options.cwd, options.dir ?? '.'));
  const recovered = recoverTarget(root, options.planOnly);
  refuseJoined(root);
  const notes = refuseGrown(root);
  const { planOnly, beforeCommit } = options;
  const { plan: reverted, attention } = await revertLastRun(root, { planOnly, beforeCommit });
  const plan = { ...reverted, notes: [...reverted.notes, ...notes] };
  return { generator: 'undo', target: root, answers: {}, plan, applied: !planOnly, attention, recovered };
}
