import { join } from 'node:path';
import { UserError } from '../../engine/core/errors.ts';
import type { Plan } from '../../engine/core/plan.ts';
import { parseAnswers, type RawAnswers } from '../../engine/core/question.ts';
import { ADDITIONS_FOLDER } from '../../engine/core/record/addition-record.ts';
import { readRecords, withAdditions } from '../../engine/core/record/additions.ts';
import { parseRepoPath, type RepoPath } from '../../engine/core/repo-path.ts';
import { planAddition, type Service } from '../../engine/core/service/addition.ts';
import { MANIFEST_PATH, parseManifest, serializeManifest } from '../../engine/core/service/manifest.ts';
import { hashContent, type Tree, type TreeFile } from '../../engine/core/tree.ts';
import { loadTemplateFolder } from '../../engine/io/source/source.ts';
import { packageVersion } from '../../engine/io/version.ts';
import { ENDPOINT } from '../../generators/add-endpoint/addition.ts';
import { addEndpoint } from '../../generators/add-endpoint/plan.ts';
import { ENDPOINT_QUESTIONS } from '../../generators/add-endpoint/questions.ts';
import type { Additions } from '../../generators/generator.ts';
import { DEFAULT_STACK, findStack } from '../../stacks/index.ts';
import { ROOT } from './program.ts';

/** The smallest service that all generators accept. */
const SMALL: Readonly<Record<string, string>> = {
  '.env.example': 'PORT=3000\n',
  'README.md': '# orders\n',
  'migrations/0001_products.up.sql': 'create table products (id uuid primary key);\n',
  'package.json': '{\n  "name": "orders"\n}\n',
  'src/features/products/routes.ts':
    'export default async (app) => {\n  app.get(\n    "/products",\n    list,\n  );\n  app.get("/products/:id", one);\n};\n',
  'src/main.ts': 'import { start } from "./platform/start.ts";\n\nawait start();\n',
  'src/platform/start.ts': 'export async function start() {}\n',
};

const ANSWERS = { name: 'orders', database: 'postgres', cache: 'none' };

/** Its files and its manifest, to be written to a folder. */
function serviceFiles(more: Readonly<Record<string, string>> = {}, stack = DEFAULT_STACK.id): Record<string, string> {
  const entries = Object.entries(SMALL).map(([path, text]) => [path, { hash: hashContent(text), owner: 'seeded' }]);
  const manifest = serializeManifest({
    schema: 2,
    template: { source: `create-twelve-service/${stack}`, version: packageVersion(), integrity: hashContent('') },
    answers: { ...ANSWERS, stack },
    files: Object.fromEntries(entries),
  });
  return { ...SMALL, ...more, [MANIFEST_PATH]: manifest };
}

/** These files in a subfolder: `orders/README.md`. */
export function serviceBelow(folder: string, more: Readonly<Record<string, string>> = {}): Record<string, string> {
  return Object.fromEntries(Object.entries(serviceFiles(more)).map(([path, text]) => [`${folder}/${path}`, text]));
}

/** The service as a value. */
export function serviceOf(files: Readonly<Record<string, string>> = serviceFiles()): Service {
  const tree = new Map<RepoPath, TreeFile>(
    Object.entries(files).map(([path, text]) => [parseRepoPath(path), { content: Buffer.from(text), mode: 0o644 }]),
  );
  return ofTree(tree);
}

/** The same service in another language, as far as generators look at it. */
export function serviceIn(stack: string): Service {
  return serviceOf(serviceFiles({}, stack));
}

/** Makes a service from a tree. */
export function ofTree(tree: Tree): Service {
  const manifest = parseManifest(Buffer.from(tree.get(MANIFEST_PATH)?.content ?? []).toString('utf8'));
  const below = `${ADDITIONS_FOLDER}/`;
  const records = [...tree].flatMap(([path, { content }]): [string, Uint8Array][] =>
    path.startsWith(below) ? [[path.slice(below.length), content]] : [],
  );
  return { tree, manifest: withAdditions(manifest, readRecords(records)) };
}

/** The service after a plan. */
export function afterPlan({ tree }: Service, { changes }: Plan): Service {
  const after = new Map(tree);
  for (const change of changes) {
    if ('after' in change) after.set(change.path, change.after);
    else after.delete(change.path);
  }
  return ofTree(after);
}

/** A tree in a form for comparison: `path -> mode and text`. */
export function plain(tree: Tree): Record<string, string> {
  return Object.fromEntries(
    [...tree]
      .map(([path, { mode, content }]) => [path, `${mode.toString(8)} ${Buffer.from(content).toString('latin1')}`])
      .sort(([a = ''], [b = '']) => (a < b ? -1 : 1)),
  );
}

const templates = new Map<string, ReturnType<typeof loadTemplateFolder>>();

async function endpointParts({ manifest }: Service) {
  const found = findStack(manifest.answers);
  const stack = { ...found, ...(await found.load()) };
  const template =
    templates.get(stack.id) ??
    loadTemplateFolder(join(ROOT, 'templates', stack.id, 'endpoint'), {
      source: 'create-twelve-service/endpoint',
      version: '0.0.1',
      variables: ENDPOINT.variables(stack),
    });
  templates.set(stack.id, template);
  return { stack, template };
}

/** What `add-endpoint --from` makes of a document, for a service that is no folder. */
export async function addDocument(service: Service, path: string): Promise<Additions> {
  const parts = await endpointParts(service);
  return ENDPOINT.make({ ...parts, service, answers: { from: path }, cwd: '/', now: '2026-11-29T12:00:00.000Z' });
}

/** The plan of `add-endpoint`, made without a process and a disk. */
export async function planEndpoint(service: Service, raw: RawAnswers): Promise<Plan> {
  const { stack, template } = await endpointParts(service);
  const answers = parseAnswers(ENDPOINT_QUESTIONS, raw, '', (name) => stack.nameProblem(name, 'add-endpoint'));
  return planAddition(service, await addEndpoint({ service, answers, template, stack }));
}

/** The service after the addition, or why it was refused. Other errors are thrown. */
export async function grow(service: Service, raw: RawAnswers): Promise<Service | UserError> {
  try {
    return afterPlan(service, await planEndpoint(service, raw));
  } catch (error) {
    if (error instanceof UserError) return error;
    throw error;
  }
}

export async function growAll(service: Service, raws: readonly RawAnswers[]): Promise<Service | UserError> {
  let grown: Service | UserError = service;
  for (const raw of raws) {
    if (grown instanceof UserError) return grown;
    grown = await grow(grown, raw);
  }
  return grown;
}
