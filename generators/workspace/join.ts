import { join, relative, sep } from 'node:path';
import { printable, UserError } from '../../engine/core/errors.ts';
import { parseServiceName } from '../../engine/core/names.ts';
import type { FileChange, Plan } from '../../engine/core/plan.ts';
import { recordPath } from '../../engine/core/record/addition-record.ts';
import { findAddition } from '../../engine/core/record/additions.ts';
import { parseRepoPath } from '../../engine/core/repo-path.ts';
import { planAdditions, type Service } from '../../engine/core/service/addition.ts';
import { MANIFEST_PATH } from '../../engine/core/service/manifest.ts';
import { kindOf } from '../../engine/io/disk.ts';
import { lazyFile, openService } from '../../engine/io/service/service.ts';
import { loadBuiltin } from '../../engine/io/source/builtin.ts';
import { WORKSPACE } from '../../stacks/workspace/index.ts';
import type { Around } from '../create/make-new.ts';
import { type CreateAnswers, createVariables } from '../create/questions.ts';
import { requireLayout } from '../grow.ts';
import { ENVIRONMENT } from './environment.ts';
import { placeNotes } from './place.ts';
import { GENERATOR, joiningVariables, serviceAddition } from './service-addition.ts';
import { LIST } from './services-list.ts';

/**
 * What changes around a service that is made inside a workspace: the plan of both is one, and so is its undo.
 * @param root of the workspace
 * @param target folder of the service
 * @param wished the pipeline that somebody asked for
 * @param isLocked whether the service has it, since a preset insists
 */
export function joining(
  root: string,
  target: string,
  answers: CreateAnswers,
  { wished, isLocked }: { readonly wished?: string | undefined; readonly isLocked: boolean },
): Around {
  const folder = relative(root, target).split(sep).join('/');
  const widen = async (plan: Plan): Promise<Plan> => {
    const workspace = openService(root, () => WORKSPACE.places.sources);
    await requireLayout(workspace.manifest, loadBuiltin(WORKSPACE.id, createVariables), GENERATOR);
    const template = loadBuiltin(`${WORKSPACE.id}/service`, joiningVariables);
    const { name } = parseServiceName(answers.name);
    const free = withoutLeft(root, workspace, { name, folder });
    const joined = planAdditions(free, [await serviceAddition(workspace, answers, folder, template)]);
    const changes = [...plan.changes.map((change) => moved(change, folder)), ...joined.changes];
    return {
      changes: changes.sort((a, b) => (a.path < b.path ? -1 : 1)),
      notes: [
        ...pipelineNotes(String(workspace.manifest.answers.ci), wished, isLocked ? folder : undefined),
        ...placeNotes(root, workspace.manifest.answers),
        ...plan.notes,
        ...joined.notes,
      ],
      next: plan.next,
    };
  };
  return { root, widen };
}

/**
 * Says so where a service does not get the pipeline that was asked for.
 * @param folder of a service that has one of its own
 */
function pipelineNotes(ci: string, wished: string | undefined, folder: string | undefined): string[] {
  if (wished === undefined || (wished === ci && folder === undefined)) return [];
  const here = ci === 'none' ? 'this workspace was made with --ci none' : `this workspace has its pipelines for ${ci}`;
  if (folder === undefined)
    return [`--ci ${wished} was not used: ${here}, in its root, and a service has none of its own`];
  return wished === 'none' ? [] : [`the preset's pipeline is in ${folder}, where ${wished} does not look: ${here}`];
}

/**
 * The workspace without the record of a service that was in this folder before: so what is missing of it is added again.
 * @throws {UserError} NAME_TAKEN for one in another folder
 */
function withoutLeft(
  root: string,
  { manifest, tree }: Service,
  { name, folder }: { readonly name: string; readonly folder: string },
): Service {
  const record = findAddition(manifest, GENERATOR, name);
  if (record === undefined) return { manifest, tree };
  const path = recordPath(record);
  const elsewhere = String(record.answers.folder);
  if (elsewhere !== folder) {
    const isThere = kindOf(join(root, elsewhere, MANIFEST_PATH)) === 'file';
    throw new UserError(
      'NAME_TAKEN',
      `${name} is in this workspace already, in ${printable(elsewhere)}${isThere ? '' : ', which is gone'}`,
      isThere
        ? 'Choose another name.'
        : `If it has left, delete ${path}, its route, its pipeline, its entry in ${LIST} and its line in ${ENVIRONMENT}. Or make it in ${printable(elsewhere)} again.`,
    );
  }
  const additions = manifest.additions?.filter((one) => one !== record) ?? [];
  const found = kindOf(join(root, path)) === 'file' ? [[path, lazyFile(join(root, path))] as const] : [];
  return { manifest: { ...manifest, additions }, tree: new Map([...tree, ...found]) };
}

/** A change of the service, as one of the workspace. */
function moved<Change extends FileChange>(change: Change, folder: string): Change {
  return { ...change, path: parseRepoPath(`${folder}/${change.path}`) };
}
