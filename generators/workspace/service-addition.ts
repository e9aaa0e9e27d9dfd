import { printable, UserError } from '../../engine/core/errors.ts';
import { nameForms, parseServiceName } from '../../engine/core/names.ts';
import { findAddition } from '../../engine/core/record/additions.ts';
import type { RepoPath } from '../../engine/core/repo-path.ts';
import type { Addition, Service } from '../../engine/core/service/addition.ts';
import { readText, writeText } from '../../engine/core/service/text-file.ts';
import { renderTemplate } from '../../engine/core/template/render.ts';
import { type Template, type TemplateVariables, variablesOf } from '../../engine/core/template/template.ts';
import type { Tree, TreeFile } from '../../engine/core/tree.ts';
import { type CreateAnswers, createContext, createVariables } from '../create/questions.ts';
import { addToComposeEnvironment, ENVIRONMENT } from './environment.ts';
import { addToServices, LIST } from './services-list.ts';

/** What a service that joins is recorded as. */
export const GENERATOR = 'add-service';

/** The name of what the workspace itself runs. */
const GATEWAY = 'gateway';
/** What compose files and pipelines take as it is. */
const PLAIN_FOLDER = /^[A-Za-z0-9._-]+(\/[A-Za-z0-9._-]+)*$/;
const MAX_FOLDER = 200;
/** What a service's own compose file adds to its name: `orders-postgres`. */
const PARTS = ['migrate', 'postgres', 'redis', 'test', 'psql', 'backup', 'restore'];

/** For compiling the template of what joins. */
export function joiningVariables(): TemplateVariables {
  return new Map([...createVariables(), ...variablesOf({ folder: '' })]);
}

/**
 * What a workspace gets with a service: its route, its pipeline, its folder, and its place in the list. Every old line stays.
 * @param workspace with the files of its root
 * @param folder of the service, relative to it
 * @throws {UserError} NOT_POSSIBLE, NAME_TAKEN for a workspace that has no room for it
 */
export async function serviceAddition(
  workspace: Service,
  answers: CreateAnswers,
  folder: string,
  template: Template,
): Promise<Addition> {
  const { name } = parseServiceName(answers.name);
  requireRoom(workspace, name, folder);
  // What a service that was here before has left is the team's.
  const kept = hasJoined(workspace, name) ? workspace.tree : new Map();
  const context = { ...createContext(answers), folder };
  const rendered = new Map(await renderTemplate(template, { ci: String(workspace.manifest.answers.ci) }, context));
  const list = rendered.get(LIST);
  rendered.delete(LIST);
  const edits = new Map<RepoPath, TreeFile>([
    [LIST, await withService(workspace.tree, list as TreeFile, `${folder}/docker-compose.${name}.yaml`)],
    [ENVIRONMENT, withFolder(workspace.tree, nameForms(name).constName, folder)],
  ]);
  const missing = new Map([...rendered].filter(([path]) => !kept.has(path)));
  const left = [...rendered.keys()].filter((path) => kept.has(path));
  const pipeline = [...rendered.keys()].find((path) => path.startsWith('.github/'));
  const about = pipeline === undefined ? '' : `, and its pipeline ${pipeline}`;
  return {
    generator: GENERATOR,
    name,
    answers: { folder, port: answers.port },
    files: missing,
    edits,
    notes: [
      ...(left.length > 0
        ? [`${name} was in this workspace before, and what it left is kept: ${left.join(', ')}`]
        : []),
      `its route is /${name}/${about}; a gateway that runs hears of it: docker compose kill -s HUP gateway`,
    ],
  };
}

/** The list with the service: a new one for the first that joins. */
async function withService(tree: Tree, fresh: TreeFile, file: string): Promise<TreeFile> {
  const found = tree.get(LIST);
  if (!found) return { content: fresh.content, mode: fresh.mode };
  const text = readText(found);
  return writeText(found, text, await addToServices(text.text, file));
}

/** Where compose finds the service, and its list of services. */
function withFolder(tree: Tree, constName: string, folder: string): TreeFile {
  const found = tree.get(ENVIRONMENT);
  if (!found) throw gone(ENVIRONMENT);
  const text = readText(found);
  return writeText(found, text, addToComposeEnvironment(text.text, LIST, { constName, folder }));
}

/** @throws {UserError} for a name or a folder that would be in the way of another */
function requireRoom({ manifest, tree }: Service, name: string, folder: string): void {
  const joined = (manifest.additions ?? []).filter(({ generator }) => generator === GENERATOR);
  const others = joined.map((one) => one.name).filter((other) => other !== name);
  if (others.length > 0 && !tree.has(LIST)) throw gone(LIST);
  const taken =
    name === GATEWAY
      ? 'the gateway'
      : others.find((other) => PARTS.some((part) => `${other}-${part}` === name || `${name}-${part}` === other));
  if (taken !== undefined)
    throw new UserError(
      'NAME_TAKEN',
      `compose would have ${name} twice: ${taken} of this workspace has it too`,
      'Choose another name.',
    );
  if (!PLAIN_FOLDER.test(folder) || folder.length > MAX_FOLDER)
    throw new UserError(
      'NOT_POSSIBLE',
      `the folder ${printable(folder)} is too long, or has characters that compose files and pipelines read in their own way`,
      'Choose one of letters, digits, ".", "_" and "-" with --dir.',
    );
}

function hasJoined({ manifest }: Service, name: string): boolean {
  return findAddition(manifest, GENERATOR, name) !== undefined;
}

function gone(path: RepoPath): UserError {
  return new UserError('NOT_POSSIBLE', `${path} of the workspace is not there`, `Restore ${path} from git.`);
}
