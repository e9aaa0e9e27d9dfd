import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseAnswers, type RawAnswers } from '../../engine/core/question.ts';
import { growBy, type Service } from '../../engine/core/service/addition.ts';
import { loadTemplateFolder } from '../../engine/io/source/source.ts';
import { renderService } from '../../generators/create/plan.ts';
import { createVariables, parseCreateAnswers } from '../../generators/create/questions.ts';
import { GENERATORS } from '../../generators/generators.ts';
import { GO } from '../../stacks/go/index.ts';
import { PYTHON } from '../../stacks/python/index.ts';
import { ROOT } from '../support/program.ts';
import { ofTree, plain } from '../support/service.ts';

/** Law 6, for each stack: what generators add commutes, twice is once, and nothing that a person wrote changes. */
const ADDED: readonly Added[] = [
  ['add-client', { name: 'payments' }],
  ['add-client', { name: 'url-shortener', baseUrlEnv: 'SHORT_URL' }],
  ['add-flag', { name: 'new-checkout' }],
  ['add-flag', { name: 'type' }],
  ['add-task', { name: 'backfill-totals' }],
  ['add-task', { name: 'build-linux' }],
  ['add-worker', { name: 'invoice-mailer' }],
  ['add-worker', { name: 'range' }],
];
type Added = readonly [generator: string, raw: RawAnswers];

const LISTS = [
  '.env.example',
  '.github/workflows/verify.yml',
  'deploy/base/config.env',
  'deploy/base/kustomization.yaml',
  'docker-compose.orders.yaml',
];

const STACKS = [
  {
    of: GO,
    lists: [...LISTS, 'go.mod', 'go.sum'],
    client: 'internal/clients/urlshortener/client.go',
    // The compiler would leave it out.
    odd: /_(?!test\.go$)[^/]*\.go$/,
    refused: ['return', 're-turn', 'main', 'internal', 'testdata'],
  },
  {
    of: PYTHON,
    lists: [...LISTS, 'pyproject.toml', 'requirements.txt'],
    client: 'src/service/clients/url_shortener.py',
    // Nobody could import it.
    odd: /-[^/]*\.py$/,
    refused: ['return', 'class', 'import', 'async'],
  },
];

describe.each(STACKS)('$of.title', ({ of, lists, client, odd, refused }) => {
  async function made(database: string): Promise<Service> {
    const template = loadTemplateFolder(join(ROOT, 'templates', of.id), {
      source: `create-twelve-service/${of.id}`,
      version: '0.0.1',
      variables: createVariables(),
    });
    const answers = parseCreateAnswers({
      name: 'orders',
      stack: of.id,
      database,
      cache: 'redis',
      ci: 'github',
      deploy: 'kubernetes',
    });
    return ofTree(await renderService(template, answers));
  }

  async function add(service: Service, [name, raw]: Added): Promise<Service> {
    const stack = { ...of, ...(await of.load()) };
    const generator = GENERATORS.find((one) => one.name === name);
    if (!generator?.addition) throw new Error(name);
    const code = await generator.addition.load();
    const template = loadTemplateFolder(join(ROOT, 'templates', of.id, generator.addition.template), {
      source: `create-twelve-service/${generator.addition.template}`,
      version: '0.0.1',
      variables: code.variables(stack),
    });
    const answers = parseAnswers(generator.questions, raw, '', (word) => stack.nameProblem(word, name));
    const { additions } = await code.make({
      service,
      answers,
      template,
      stack,
      cwd: '/',
      now: '2026-11-29T12:00:00.000Z',
    });
    return additions.reduce((grown, addition) => ofTree(growBy(grown, addition).after.tree), service);
  }

  async function addAll(service: Service, all: readonly Added[]): Promise<Service> {
    let grown = service;
    for (const one of all) grown = await add(grown, one);
    return grown;
  }

  it.each(['postgres', 'none'])('database %s: in both orders the same tree, and twice is once', async (database) => {
    const service = await made(database);
    const grown = await addAll(service, ADDED);
    expect(plain((await addAll(service, [...ADDED].reverse())).tree)).toEqual(plain(grown.tree));
    expect(plain((await addAll(grown, ADDED)).tree)).toEqual(plain(grown.tree));
    const changed = [...service.tree].filter(([path, file]) => grown.tree.get(path) !== file).map(([path]) => path);
    expect(changed.filter((path) => !lists.includes(path))).toEqual([]);
    const paths = [...grown.tree.keys()].filter((path) => !service.tree.has(path));
    expect(paths.filter((path) => odd.test(path))).toEqual([]);
    expect(paths).toContain(client);
  });

  it.each(refused)('no client can be called %s', async (name) => {
    await expect(made('none').then((service) => add(service, ['add-client', { name }]))).rejects.toMatchObject({
      code: 'INPUT_INVALID',
    });
  });
});
