import { UserError } from '../../engine/core/errors.ts';
import type { AnswerValue } from '../../engine/core/question.ts';
import { type Addition, isRecorded, type Service } from '../../engine/core/service/addition.ts';
import { toEndpoint } from '../../engine/core/service/endpoint.ts';
import { endpointFolder, type FoundRoute, parseRoute, type Route, shapeOf } from '../../engine/core/service/route.ts';
import { renderTemplate } from '../../engine/core/template/render.ts';
import type { AdditionRequest } from '../generator.ts';
import { refuseClash } from '../name-clash.ts';

/** Questions that older versions did not ask: recorded only if they are answered, so that the same again is the same. */
const LATER: ReadonlySet<string> = new Set(['body-type', 'response-type']);

/**
 * answers -> endpoint -> files
 * @param request.routes of the service, where they are known
 * @throws {UserError} INPUT_INVALID for answers that contradict each other, NAME_TAKEN for a route that is there
 */
export async function addEndpoint({
  service,
  answers,
  template,
  stack,
  routes = stack.findRoutes(service.tree),
}: Omit<AdditionRequest, 'now' | 'cwd'> & { readonly routes?: readonly FoundRoute[] }): Promise<Addition> {
  try {
    const { from: _source, ...given } = answers;
    const recorded = Object.fromEntries(
      Object.entries(given).filter(([name, value]) => !LATER.has(name) || value !== ''),
    );
    const endpoint = toEndpoint(answers);
    const context = stack.endpoint(endpoint);
    const { method, path } = endpoint.route;
    const addition = {
      generator: 'add-endpoint',
      name: `${method} ${path}`,
      answers: { ...recorded, route: `${method} ${path}` },
      files: await renderTemplate(template, context, context),
      notes: [`${method} ${path} answers with an example: write ${stack.places.written('endpoint', endpoint.folder)}`],
    };
    refuseTakenRoute(service, endpoint.route, routes);
    refuseTakenFolder(service, addition.name, endpoint.folder);
    if (!isRecorded(service, 'add-endpoint', addition.name)) refuseClash(stack, service.tree, addition.files);
    return addition;
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new UserError('INPUT_INVALID', error.message, 'Correct it and run it again.', { cause: error });
  }
}

/** Refuses a route that the sources already have, also under other parameter names. A recorded addition is no such route. */
function refuseTakenRoute(service: Service, { method, path }: Route, routes: readonly FoundRoute[]): void {
  if (isRecorded(service, 'add-endpoint', `${method} ${path}`)) return;
  for (const found of routes) {
    if (shapeOf(found.path) === shapeOf(path) && found.path !== path)
      throw taken(`${found.file} calls the same path ${found.path}`, 'Name the parameters alike.');
    if (found.path === path && (found.method === method || found.method === 'ALL'))
      throw taken(`${found.file} has ${method} ${path} already`, 'Change it there, or choose another path.');
  }
}

/** Two paths may make one folder: `/a-b` and `/a/b`. */
function refuseTakenFolder({ manifest }: Service, name: string, folder: string): void {
  for (const { generator, name: other, answers } of manifest.additions ?? []) {
    if (generator !== 'add-endpoint' || other === name) continue;
    if (folderOf(other, answers) === folder)
      throw taken(`${other} has the folder ${folder}`, 'Choose another with --folder.');
  }
}

/** Each of a thousand endpoints asks for the folders of all others. */
const MADE_FOLDERS = new Map<string, string>();

/** The folder of an endpoint: the answer, or made from its route. */
function folderOf(route: string, { folder = '' }: Readonly<Record<string, AnswerValue>>): string {
  if (String(folder) !== '') return String(folder);
  const made = MADE_FOLDERS.get(route) ?? endpointFolder(parseRoute(route));
  MADE_FOLDERS.set(route, made);
  return made;
}

function taken(reason: string, remedy: string): UserError {
  return new UserError('NAME_TAKEN', reason, remedy);
}
