import { join, resolve } from 'node:path';
import { printable, UserError } from '../../engine/core/errors.ts';
import type { Plan } from '../../engine/core/plan.ts';
import { parsePlan, replan } from '../../engine/core/plan-file.ts';
import { parseRepoPath, type RepoPath } from '../../engine/core/repo-path.ts';
import { applyPlan } from '../../engine/io/apply/apply.ts';
import { recoverTarget } from '../../engine/io/apply/undo.ts';
import { kindOf, obstacleAt, readTreeFile } from '../../engine/io/disk.ts';
import { readGiven } from '../../engine/io/given-file.ts';
import { findService } from '../../engine/io/service/service.ts';
import type { Outcome, RunOptions } from '../../generators/outcome.ts';

/** Generators whose target need not be there. */
const MAKES_ONE: readonly string[] = ['create', 'workspace'];

/** Larger than any plan of a service. */
const MAX_BYTES = 256 * 1024 * 1024;

/**
 * Applies a plan that `--plan=FILE` wrote, if the files have not changed since.
 * @param source path of the plan, relative to the working folder
 * @throws {UserError} PLAN_OUTDATED, or INPUT_INVALID for a file that is not a plan
 */
export async function applyPlanFile(source: string, options: RunOptions): Promise<Outcome> {
  const file = parsePlan(readPlan(source, options.cwd));
  const given = resolve(options.cwd, options.dir ?? file.target);
  // Like the command that made the plan, this works in any folder of the service.
  const root = MAKES_ONE.includes(file.generator) ? given : serviceAround(given);
  const recovered = recoverTarget(root, options.planOnly);
  const plan = replan(file, (path) => {
    const isReachable = kindOf(root) === 'folder' && obstacleAt(root, path) === undefined;
    return isReachable && kindOf(join(root, path)) === 'file' ? readTreeFile(join(root, path)) : undefined;
  });
  const isApplied = !options.planOnly && plan.changes.length > 0;
  const cleaned = isApplied ? await applyPlan(root, plan, options.beforeCommit) : [];
  return {
    generator: file.generator,
    target: root,
    ...(file.folder === undefined ? {} : inside(root, file.folder, plan)),
    answers: file.answers,
    plan,
    applied: !options.planOnly,
    recovered: [...recovered, ...cleaned],
  };
}

/** A service that joins a workspace: its folder, and its own files among those of the plan. */
function inside(root: string, folder: RepoPath, { changes }: Plan): Pick<Outcome, 'folder' | 'made'> {
  const own = changes.filter(({ kind, path }) => kind !== 'delete' && path.startsWith(`${folder}/`));
  const made = own.map(({ path }) => parseRepoPath(path.slice(folder.length + 1)));
  return { folder: join(root, folder), made: made.filter((path) => !path.startsWith('.twelve-backup/')) };
}

function serviceAround(folder: string): string {
  try {
    return findService(folder);
  } catch (error) {
    // If the service is gone, the plan reports the missing files.
    if (error instanceof UserError && error.code === 'SERVICE_NOT_FOUND') return folder;
    throw error;
  }
}

function readPlan(source: string, cwd: string): string {
  try {
    return readGiven(resolve(cwd, source), MAX_BYTES);
  } catch (error) {
    throw new UserError(
      'INPUT_INVALID',
      `the plan ${printable(source)} cannot be read: ${printable((error as Error).message)}`,
      'Make one with --plan=FILE, e.g. npx create-twelve-service create orders --plan=orders.plan',
      { cause: error },
    );
  }
}
