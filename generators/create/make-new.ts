import type { Plan } from '../../engine/core/plan.ts';
import type { RepoPath } from '../../engine/core/repo-path.ts';
import { sameFile, type Tree } from '../../engine/core/tree.ts';
import { applyPlan } from '../../engine/io/apply/apply.ts';
import { recoverTarget } from '../../engine/io/apply/undo.ts';
import { readTarget } from '../../engine/io/disk.ts';
import type { Outcome, RunOptions } from '../outcome.ts';
import { backups, planCreate, type Target } from './plan.ts';

/** What a plan is made for besides the new files. */
export interface Around {
  /** The folder that changes, of which the new one is a part; without it the new folder alone does. */
  readonly root: string;
  /** The plan of the new folder, with what else changes. */
  readonly widen: (plan: Plan) => Promise<Plan>;
}

/**
 * Puts a new tree into a folder: all of it or nothing.
 * @param target absolute path of the folder
 * @param notes for a person, after those of the plan
 * @throws {UserError} TARGET_NOT_EMPTY, TARGET_*, DISK_*; with the folder as it was before
 */
export async function makeNew(
  target: string,
  tree: Tree,
  options: RunOptions,
  { notes = [], around }: { readonly notes?: readonly string[]; readonly around?: Around } = {},
): Promise<Omit<Outcome, 'generator' | 'answers'>> {
  const { planOnly, beforeCommit } = options;
  const root = around?.root ?? target;
  const recovered = [...new Set([root, target])].flatMap((folder) => recoverTarget(folder, planOnly));
  const found = readOccupied(target, tree);
  const planned = planCreate(tree, found, options);
  const made = madeBy(planned, tree, found.tree);
  const wide = around ? await around.widen(planned) : planned;
  const plan = { ...wide, notes: [...wide.notes, ...notes] };
  const cleaned = planOnly ? [] : await applyPlan(root, plan, beforeCommit);
  return {
    target: root,
    ...(around ? { folder: target } : {}),
    plan,
    made,
    applied: !planOnly,
    recovered: [...recovered, ...cleaned],
  };
}

/** The files of the new folder that are there once the plan is carried out. Those that a person had are not among them. */
function madeBy({ changes }: Plan, service: Tree, before: Tree): RepoPath[] {
  const changed = new Set(changes.map(({ path }) => path));
  return [...service].flatMap(([path, file]) => {
    const was = before.get(path);
    return changed.has(path) || (was !== undefined && sameFile(was, file)) ? [path] : [];
  });
}

/** What stands at the paths of the new folder, and at those of the backups that replacing it would make. */
function readOccupied(target: string, service: Tree): Target {
  const found = readTarget(target, service.keys());
  const saved = backups(service, found.tree);
  return saved.size === 0 ? found : readTarget(target, [...service.keys(), ...saved.keys()]);
}
