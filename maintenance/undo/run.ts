import { dirname, join, resolve } from 'node:path';
import { MANIFEST_PATH } from '../../engine/core/service/manifest.ts';
import { isHeld } from '../../engine/io/apply/journal.ts';
import { recoverTarget } from '../../engine/io/apply/undo.ts';
import { hasRecord } from '../../engine/io/apply/undo-record.ts';
import { kindOf } from '../../engine/io/disk.ts';
import { findService } from '../../engine/io/service/service.ts';
import type { Outcome, RunOptions } from '../../generators/outcome.ts';
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
 * Reverts the last run on the service around the working folder.
 * @throws {UserError} NOTHING_TO_UNDO, or EDITED_SINCE if a file was edited after that run
 */
export async function undoLastRun(options: RunOptions): Promise<Outcome> {
  const root = findRun(resolve(options.cwd, options.dir ?? '.'));
  const recovered = recoverTarget(root, options.planOnly);
  const { planOnly, beforeCommit } = options;
  const { plan, attention } = await revertLastRun(root, { planOnly, beforeCommit });
  return { generator: 'undo', target: root, answers: {}, plan, applied: !planOnly, attention, recovered };
}
