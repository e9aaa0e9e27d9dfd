import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { UserError } from '../../engine/core/errors.ts';
import { parseAnswers } from '../../engine/core/question.ts';
import { JSON_TYPE, toEndpoint } from '../../engine/core/service/endpoint.ts';
import { sampleOf } from '../../engine/core/service/fields/samples.ts';
import { openService } from '../../engine/io/service/service.ts';
import { loadTemplateFolder } from '../../engine/io/source/source.ts';
import { CLIENT } from '../../generators/add-client/addition.ts';
import { CLIENT_QUESTIONS } from '../../generators/add-client/questions.ts';
import { ENDPOINT } from '../../generators/add-endpoint/addition.ts';
import { addEndpoint } from '../../generators/add-endpoint/plan.ts';
import { ENDPOINT_QUESTIONS } from '../../generators/add-endpoint/questions.ts';
import { FLAG } from '../../generators/add-flag/addition.ts';
import { FLAG_QUESTIONS } from '../../generators/add-flag/questions.ts';
import { RESOURCE } from '../../generators/add-resource/addition.ts';
import { RESOURCE_QUESTIONS } from '../../generators/add-resource/questions.ts';
import { TASK } from '../../generators/add-task/addition.ts';
import { TASK_QUESTIONS } from '../../generators/add-task/questions.ts';
import { WORKER } from '../../generators/add-worker/addition.ts';
import { WORKER_QUESTIONS } from '../../generators/add-worker/questions.ts';
import type { AdditionCode } from '../../generators/generator.ts';
import { PYTHON } from '../../stacks/python/index.ts';
import { rawEndpoint } from '../support/endpoints.ts';
import { rawResource } from '../support/resources.ts';
import { stackNamed } from './http/stacks.ts';
import { must, run } from './support/run.ts';
import { makeService, root, workFolder } from './support/service.ts';

/** Random definitions in one service: TWELVE_PYTHON_DEFINITIONS=1000 is the long campaign. */
const COUNT = Number(process.env.TWELVE_PYTHON_DEFINITIONS ?? 20);
const RESOURCES = Math.ceil(COUNT / 5);
/** So many of them are tested: each test makes the whole service. */
const TESTED = 20;
const seed = Number(process.env.TWELVE_SEED ?? Date.now() % 2 ** 31);

const missing = stackNamed('python').missing();
if (missing !== undefined) console.log(`skipped: additions to services in Python, since ${missing}`);

const stack = { ...PYTHON, ...(await PYTHON.load()) };

const templateOf = (name: string, { variables }: AdditionCode) =>
  loadTemplateFolder(join(root, 'templates/python', name), {
    source: 'test',
    version: '0',
    variables: variables(stack),
  });

function write(folder: string, files: ReadonlyMap<string, { readonly content: Uint8Array }>): void {
  for (const [path, { content }] of files) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
}

/** What is refused says why; other errors are thrown. */
async function isTaken(add: () => Promise<void>): Promise<boolean> {
  try {
    await add();
    return true;
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    expect([error.code, error.message.length > 10]).toEqual(['INPUT_INVALID', true]);
    return false;
  }
}

/** ruff leaves it alone and finds nothing, and so does mypy. */
async function expectClean(folder: string): Promise<void> {
  const program = (name: string) => join(folder, '.venv/bin', name);
  await must(program('ruff'), ['format', '--check', '.'], { cwd: folder });
  await must(program('ruff'), ['check', '.'], { cwd: folder });
  await must(program('mypy'), [], { cwd: folder });
}

async function expectTested(folder: string, names: readonly string[]): Promise<void> {
  const files = names.map((name) => join('tests', name));
  const tested = await run(join(folder, '.venv/bin/pytest'), ['-q', ...files], { cwd: folder });
  expect([tested.code, tested.stdout.slice(-3000)]).toEqual([0, expect.stringMatching(/ passed/)]);
}

const testsOf = (folder: string, names: RegExp) =>
  readdirSync(join(folder, 'tests')).filter((name) => names.test(name));

/** What has a name that its owner chooses. */
const NAMED = [
  ['client', CLIENT, CLIENT_QUESTIONS, {}],
  ['flag', FLAG, FLAG_QUESTIONS, {}],
  ['task', TASK, TASK_QUESTIONS, {}],
  ['worker', WORKER, WORKER_QUESTIONS, {}],
  ['resource', RESOURCE, RESOURCE_QUESTIONS, { field: ['number:string:unique', 'total:decimal', 'day:date?'] }],
] as const;

/** The part of a description that is looked at. */
interface Operation {
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: object }>> };
}

const DESCRIBE = `
from service.testing.service import running
with running({}) as service:
    print(service.get("/openapi.json").text)
`;

describe.skipIf(missing !== undefined)('random definitions in Python', () => {
  const work = workFolder();
  afterAll(work.remove);

  test('endpoints are formatted, typed, described, and serve what they promise', { timeout: 900_000 }, async () => {
    const folder = join(work.folder, 'orders');
    await makeService('orders', folder, { database: 'none', cache: 'none', stack: 'python' });
    await stackNamed('python').build(folder);
    const service = openService(folder, () => PYTHON.places.sources);
    const template = templateOf('endpoint', ENDPOINT);
    const bodies: [route: string, body: unknown][] = [];
    let taken = 0;
    for (const [index, raw] of fc.sample(rawEndpoint, { numRuns: COUNT, seed }).entries()) {
      const { folder: _folder, ...own } = { ...raw, route: raw.route.replace(/\/+/, `/e${index}/`).replace(/\/$/, '') };
      const add = async () => {
        const answers = parseAnswers(ENDPOINT_QUESTIONS, own, '', (name) => stack.nameProblem(name, 'add-endpoint'));
        write(folder, (await addEndpoint({ service, answers, template, stack })).files);
        const { route, body, bodyType } = toEndpoint(answers);
        if (body && bodyType === JSON_TYPE) bodies.push([`${route.method} ${route.path}`, sampleOf(body.type, 'json')]);
      };
      if (await isTaken(add)) taken += 1;
    }
    console.log(`TWELVE_SEED=${seed}: ${taken} of ${COUNT} endpoints accepted`);
    expect(taken).toBeGreaterThan(COUNT / 4);
    const tests = testsOf(folder, /^test_e\d/);
    expect(tests.length).toBe(taken);
    await expectClean(folder);
    const said = await must(join(folder, '.venv/bin/python'), ['-c', DESCRIBE], { cwd: folder });
    expect(refusedBy(JSON.parse(said), bodies)).toEqual([]);
    await expectTested(folder, tests.slice(0, TESTED));
  });

  test('what is added is formatted, whatever the length of its name', { timeout: 900_000 }, async () => {
    const letters = 'abcdefghijklmnopqrstuvwxyz'.repeat(3);
    const names = Array.from({ length: 60 }, (_, index) => {
      const name = letters.slice(0, index + 1);
      return index % 2 === 0
        ? name
        : name
            .replace(/.{6}(?=.)/g, '$&-')
            .slice(0, index + 1)
            .replace(/-$/, '');
    });
    const folder = join(work.folder, 'named');
    await makeService('named', folder, { database: 'postgres', cache: 'none', stack: 'python' });
    await stackNamed('python').build(folder);
    const service = openService(folder, () => PYTHON.places.sources);
    const unsaid = join(folder, 'unsaid');
    for (const [kind, code, questions, more] of NAMED) {
      const template = templateOf(kind, code);
      for (const name of new Set(names)) {
        const add = async () => {
          const answers = parseAnswers(questions, { name, ...more }, '', (text) =>
            stack.nameProblem(text, `add-${kind}`),
          );
          const made = await code.make({
            service,
            answers,
            template,
            stack,
            cwd: folder,
            now: '2026-01-01T00:00:00.000Z',
          });
          for (const { files } of made.additions) {
            const own = [...files].filter(([path]) => path.endsWith('.py'));
            write(join(unsaid, `${kind}-${name}`), new Map(own));
          }
        };
        await isTaken(add);
      }
    }
    const ruff = join(folder, '.venv/bin/ruff');
    const checked = await run(ruff, ['format', '--check', '--output-format', 'concise', 'unsaid'], { cwd: folder });
    expect([checked.stdout.slice(-3000), checked.code]).toEqual([expect.any(String), 0]);
    expect(Number(/(\d+) files already formatted/.exec(checked.stdout)?.[1])).toBeGreaterThan(1000);
    const first = 'lint.isort.known-first-party = ["service"]';
    await must(ruff, ['check', '--select', 'I', '--config', first, 'unsaid'], { cwd: folder });
  });

  test('resources are formatted, typed, and keep what they promise', { timeout: 900_000 }, async () => {
    const folder = join(work.folder, 'stored');
    await makeService('stored', folder, { database: 'postgres', cache: 'none', stack: 'python' });
    await stackNamed('python').build(folder);
    const template = templateOf('resource', RESOURCE);
    let taken = 0;
    for (const [index, fields] of fc.sample(rawResource, { numRuns: RESOURCES, seed }).entries()) {
      const add = async () => {
        const service = openService(folder, () => PYTHON.places.sources);
        const answers = parseAnswers(RESOURCE_QUESTIONS, { name: `r${index}-thing`, field: fields }, '');
        const now = new Date(Date.UTC(2026, 0, 1, 0, 0, index)).toISOString();
        const made = await RESOURCE.make({ service, answers, template, stack, cwd: folder, now });
        for (const { files } of made.additions) write(folder, files);
      };
      if (await isTaken(add)) taken += 1;
    }
    console.log(`TWELVE_SEED=${seed}: ${taken} of ${RESOURCES} resources accepted`);
    expect(taken).toBeGreaterThan(0);
    await expectClean(folder);
    await expectTested(folder, testsOf(folder, /^test_r\d/).slice(0, 4));
  });
});

/** Bodies that the described schema does not take, though the service does. */
function refusedBy(
  { paths, components }: { paths: Record<string, Record<string, Operation>>; components: object },
  bodies: readonly (readonly [route: string, body: unknown])[],
): unknown[] {
  const ajv = new Ajv2020({ strict: false, validateFormats: false });
  return bodies.flatMap(([route, body]) => {
    const [method = '', path = ''] = route.split(' ');
    const { requestBody } = paths[path.replace(/:(\w+)/g, '{$1}')]?.[method.toLowerCase()] ?? {};
    const schema = requestBody?.content[JSON_TYPE]?.schema;
    if (schema === undefined) return [[route, 'is not described']];
    const isValid = ajv.compile({ ...schema, components });
    return isValid(body) ? [] : [[route, body, isValid.errors]];
  });
}
