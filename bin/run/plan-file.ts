import { relative, resolve } from 'node:path';
import { serializePlan } from '../../engine/core/plan-file.ts';
import { fs } from '../../engine/io/disk.ts';
import { diskError } from '../../engine/io/failure.ts';
import type { Outcome } from '../../generators/outcome.ts';

/**
 * Keeps a plan for `apply`. The file is the caller's own: an older plan of that name is replaced.
 * @throws {UserError} DISK_*
 */
export function keepPlan(path: string, { generator, target, answers, plan }: Outcome, cwd: string): void {
  const file = resolve(cwd, path);
  try {
    fs.writeFileSync(file, serializePlan({ generator, target: relative(cwd, target) || '.', answers }, plan));
  } catch (error) {
    throw diskError(error, file);
  }
}
