import { expect, it } from 'vitest';
import { parseAnswers } from '../../engine/core/question.ts';
import { planAdditions, type Service } from '../../engine/core/service/addition.ts';
import { type TemplateVariables, variablesOf } from '../../engine/core/template/template.ts';
import { loadTemplateFolder } from '../../engine/io/source/source.ts';
import { ENDPOINT } from '../../generators/add-endpoint/addition.ts';
import { ENDPOINT_QUESTIONS } from '../../generators/add-endpoint/questions.ts';
import { renderService } from '../../generators/create/plan.ts';
import { type CreateAnswers, createContext } from '../../generators/create/questions.ts';
import { DEFAULT_STACK, findStack, STACKS } from '../../stacks/index.ts';
import type { Stack, StackCode } from '../../stacks/stack.ts';
import { withFolder } from '../support/folder.ts';
import { afterPlan, ofTree } from '../support/service.ts';

/** A language of this test alone: a file a route, `GET /path -> fields`. */
const TINY: Stack = {
  id: 'tiny',
  title: 'Tiny',
  places: {
    sources: { folders: ['routes'], files: ['packages.txt'] },
    manifest: 'packages.txt',
    lockfile: 'packages.lock',
    ignored: { inRoot: ['out'], anywhere: [] },
    written: (kind, name) => `${kind}s/${name}.tiny`,
    workspace: { title: 'tiny project', file: 'project.tiny', isMember: () => false },
  },
  commands: {
    install: 'tiny get',
    installQuietly: ['tiny', 'get', '-q'],
    sync: 'tiny lock',
    dev: 'tiny watch',
    test: 'tiny test',
    docs: 'tiny docs',
    verb: (words) => `./out/service ${words}`,
  },
  context: ({ name }) => ({ module: `tiny.example/${name}` }),
  load: async () => CODE,
};

const CODE: StackCode = {
  endpoint: ({ route, response, folder }) => ({
    folder,
    line: `${route.method} ${route.path}`,
    reply:
      response?.kind === 'object' ? response.fields.map(({ name, type }) => `${name} ${type.kind}`).join(', ') : '',
  }),
  resource: ({ table }) => ({ table }),
  dependencies: async () => new Map(),
  lock: { check: async () => ({ kind: 'none' }), refresh: async () => 'it has no packages' },
  additionNames: () => ({}),
  flagCall: (name) => `${name}?`,
  nameProblem: (name) => (name === 'loop' ? '"loop" is a reserved word' : undefined),
  findRoutes: (tree) =>
    [...tree].flatMap(([file, { content }]) => {
      const [, method = '', path = ''] = /^(\w+) (\S+)/.exec(Buffer.from(content).toString('utf8')) ?? [];
      return file.startsWith('routes/') ? [{ method, path, file }] : [];
    }),
  findConcerns: () => [],
  guess: () => ({}),
  jsonWithComments: /^$/,
  unasked: [],
  startedKeys: [],
  heldBack: () => [],
  installed: () => ({ isWhole: true, reason: '', said: '' }),
  parts: {},
  unmetNeeds: () => [],
};

const FOLDERS = {
  'tiny/template.json': '{"id":"tiny","layers":[{"path":"base"}],"ownership":[["**","merged"]]}',
  'tiny/base/packages.txt.hbs': '{{module}} on {{port}}\n',
  'tiny/endpoint/template.json': '{"id":"tiny/endpoint","layers":[{"path":"files"}],"ownership":[["**","seeded"]]}',
  'tiny/endpoint/files/routes/__folder__.tiny.hbs': '{{line}} -> {{reply}}\n',
};

const ANSWERS: CreateAnswers = {
  name: 'orders',
  stack: 'tiny',
  database: 'none',
  cache: 'none',
  packageManager: '',
  ci: 'none',
  deploy: 'none',
  description: '',
  author: '',
  license: 'MIT',
  registry: '',
  port: 8080,
};

it('a stack is a folder of templates and a folder of code, and no generator has to know it', async () => {
  await withFolder(FOLDERS, async (folder) => {
    const load = (id: string, variables: TemplateVariables) =>
      loadTemplateFolder(`${folder}/${id}`, { source: `test/${id}`, version: '0.0.1', variables });
    const context = createContext(ANSWERS, TINY);
    const created = await renderService(load('tiny', variablesOf(context)), ANSWERS, { context });
    expect(text(ofTree(created), 'packages.txt')).toBe('tiny.example/orders on 8080\n');

    const template = load('tiny/endpoint', ENDPOINT.variables(CODE));
    const add = async (service: Service, route: string, response: string) => {
      const rule = (name: string) => CODE.nameProblem(name, 'add-endpoint');
      const answers = parseAnswers(ENDPOINT_QUESTIONS, { route, response }, '', rule);
      const stack = { ...TINY, ...CODE };
      const { additions } = await ENDPOINT.make({ service, answers, template, stack, cwd: '/', now: '' });
      return planAdditions(service, additions);
    };
    const plan = await add(ofTree(created), 'GET /orders', 'id:uuid');
    expect(plan.notes).toEqual(['GET /orders answers with an example: write endpoints/orders-get.tiny']);
    const grown = afterPlan(ofTree(created), plan);
    expect(text(grown, 'routes/orders-get.tiny')).toBe('GET /orders -> id uuid\n');

    const byHand = new Map([
      ...created,
      ['routes/x.tiny' as never, { content: Buffer.from('GET /x -> '), mode: 0o644 }],
    ]);
    await expect(add(ofTree(byHand as never), 'GET /x', 'id:uuid')).rejects.toMatchObject({ code: 'NAME_TAKEN' });
    // Names of members are data, whatever the language reserves.
    await expect(add(grown, 'GET /y', 'loop:int')).resolves.toMatchObject({ changes: expect.any(Array) });
  });
});

it('one that this program does not know is refused, and those that it knows are listed', () => {
  expect(findStack({ stack: 'typescript' })).toBe(DEFAULT_STACK);
  expect(findStack({})).toBe(DEFAULT_STACK);
  expect(() => findStack({ stack: 'cobol' })).toThrow(
    expect.objectContaining({
      code: 'NOT_POSSIBLE',
      message: 'this program knows no stack "cobol"',
      remedy: expect.stringContaining(STACKS.map(({ id, title }) => `${id} (${title})`).join(', ')),
    }),
  );
});

function text({ tree }: Service, path: string): string {
  return Buffer.from(tree.get(path as never)?.content ?? []).toString('utf8');
}
