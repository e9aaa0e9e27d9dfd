import { relative, sep } from 'node:path';
import type { FileChange, Plan } from '../../engine/core/plan.ts';
import { parseRepoPath } from '../../engine/core/repo-path.ts';
import { planAdditions } from '../../engine/core/service/addition.ts';
import { openService } from '../../engine/io/service/service.ts';
import { loadBuiltin } from '../../engine/io/source/builtin.ts';
import { WORKSPACE } from '../../stacks/workspace/index.ts';
import type { Around } from '../create/make-new.ts';
import { type CreateAnswers, createVariables } from '../create/questions.ts';
import { requireLayout } from '../grow.ts';
import { GENERATOR, joiningVariables, serviceAddition } from './service-addition.ts';

/**
 * What changes around a service that is made inside a workspace: the plan of both is one, and so is its undo.
 * @param root of the workspace
 * @param target folder of the service
 */
export function joining(root: string, target: string, answers: CreateAnswers): Around {
  const folder = relative(root, target).split(sep).join('/');
  const widen = async (plan: Plan): Promise<Plan> => {
    const workspace = openService(root, () => WORKSPACE.places.sources);
    await requireLayout(workspace.manifest, loadBuiltin(WORKSPACE.id, createVariables), GENERATOR);
    const template = loadBuiltin(`${WORKSPACE.id}/service`, joiningVariables);
    const joined = planAdditions(workspace, [await serviceAddition(workspace, answers, folder, template)]);
    const changes = [...plan.changes.map((change) => moved(change, folder)), ...joined.changes];
    return {
      changes: changes.sort((a, b) => (a.path < b.path ? -1 : 1)),
      notes: [...plan.notes, ...joined.notes],
      next: plan.next,
    };
  };
  return { root, widen };
}

/** A change of the service, as one of the workspace. */
function moved<Change extends FileChange>(change: Change, folder: string): Change {
  return { ...change, path: parseRepoPath(`${folder}/${change.path}`) };
}
