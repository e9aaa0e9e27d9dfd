import { relative, resolve, sep } from 'node:path';
import { serializePlan } from '../../engine/core/plan-file.ts';
import { parseRepoPath } from '../../engine/core/repo-path.ts';
import { fs } from '../../engine/io/disk.ts';
import { diskError } from '../../engine/io/failure.ts';
import type { Outcome } from '../../generators/outcome.ts';

/**
 * Keeps a plan for `apply`. The file is the caller's own: an older plan of that name is replaced.
 * @throws {UserError} DISK_*
 */
export function keepPlan(path: string, { generator, target, folder, answers, plan }: Outcome, cwd: string): void {
  const file = resolve(cwd, path);
  try {
    const inside = folder === undefined ? {} : { folder: parseRepoPath(relative(target, folder).split(sep).join('/')) };
    const head = { generator, target: relative(cwd, target) || '.', ...inside, answers };
    fs.writeFileSync(file, serializePlan(head, plan));
  } catch (error) {
    throw diskError(error, file);
  }
}
