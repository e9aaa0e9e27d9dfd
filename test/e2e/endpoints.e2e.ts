import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { UserError } from '../../engine/core/errors.ts';
import { parseAnswers } from '../../engine/core/question.ts';
import { FORM_TYPE, toEndpoint } from '../../engine/core/service/endpoint.ts';
import { sampleObject, sampleOf } from '../../engine/core/service/fields/samples.ts';
import type { Type } from '../../engine/core/service/fields/type.ts';
import { openService } from '../../engine/io/service/service.ts';
import { loadTemplateFolder } from '../../engine/io/source/source.ts';
import { ENDPOINT } from '../../generators/add-endpoint/addition.ts';
import { addEndpoint } from '../../generators/add-endpoint/plan.ts';
import { ENDPOINT_QUESTIONS } from '../../generators/add-endpoint/questions.ts';
import { DEFAULT_STACK } from '../../stacks/index.ts';
import { rawEndpoint } from '../support/endpoints.ts';
import { npmCi } from './support/installed.ts';
import { must, run } from './support/run.ts';
import { bin, makeService, root, workFolder } from './support/service.ts';

/** Definitions, each on a path of its own: what is accepted compiles and serves, what is refused says why. */
const COUNT = 400;
const seed = Number(process.env.TWELVE_SEED ?? Date.now() % 2 ** 31);

/** The part of a service's own description that is looked at. */
interface Described {
  readonly paths: Readonly<Record<string, Readonly<Record<string, DescribedOperation>>>>;
  readonly components: object;
}

interface DescribedOperation {
  readonly parameters?: readonly Media[];
  readonly requestBody?: { readonly content: Readonly<Record<string, Media>> };
  readonly responses: Readonly<Record<string, { readonly content?: Readonly<Record<string, Media>> }>>;
}

interface Media {
  readonly schema: object;
}

/** Run in the service: sends each request to the built app, and prints those that are not answered as promised. */
const PROBE = `
import { readFileSync, writeFileSync } from 'node:fs';
import { bundle } from './scripts/build.mjs';
await bundle(['src/platform/app.ts', 'src/platform/config.ts'], 'dist/probe');
const { buildApp } = await import('./dist/probe/platform/app.js');
const { loadConfig } = await import('./dist/probe/platform/config.js');
const app = await buildApp(await loadConfig({ LOG_LEVEL: 'fatal', RATE_LIMIT_PER_MINUTE: '0' }));
const wrong = [];
for (const { name, status, ...request } of JSON.parse(readFileSync('requests.json', 'utf8'))) {
  let response = await app.inject(request);
  // Making so many routes keeps the event loop busy for longer than the service calls healthy.
  for (let i = 0; i < 50 && response.statusCode === 503; i++) {
    await new Promise((resolve) => setTimeout(resolve, 200));
    response = await app.inject(request);
  }
  if (response.statusCode !== status) wrong.push([name, status, response.statusCode, response.body.slice(0, 300)]);
}
const document = (await app.inject('/openapi.json')).json();
writeFileSync('described.json', JSON.stringify(document));
const paths = Object.keys(document.paths).filter((path) => path.startsWith('/e'));
await app.close();
console.log(JSON.stringify({ wrong, described: paths.length }));
`;

describe('random endpoints', () => {
  const work = workFolder();
  afterAll(work.remove);
  const folder = join(work.folder, 'orders');
  const requests: { name: string; method: string; url: string; payload?: string }[] = [];
  const refused: string[] = [];

  test('are accepted, or refused with the reason', { timeout: 480_000 }, async () => {
    await makeService('orders', folder, { database: 'none', cache: 'none' });
    const service = openService(folder, () => DEFAULT_STACK.places.sources);
    const stack = { ...DEFAULT_STACK, ...(await DEFAULT_STACK.load()) };
    const template = loadTemplateFolder(join(root, 'templates/typescript/endpoint'), {
      source: 'test',
      version: '0',
      variables: ENDPOINT.variables(stack),
    });
    for (const [index, raw] of fc.sample(rawEndpoint, { numRuns: COUNT, seed }).entries()) {
      const { folder: _folder, ...own } = { ...raw, route: raw.route.replace(/\/+/, `/e${index}/`).replace(/\/$/, '') };
      try {
        const answers = parseAnswers(ENDPOINT_QUESTIONS, own, '', (name) => stack.nameProblem(name, 'add-endpoint'));
        const { files, name } = await addEndpoint({ service, answers, template, stack });
        for (const [path, { content }] of files) {
          mkdirSync(dirname(join(folder, path)), { recursive: true });
          writeFileSync(join(folder, path), content);
        }
        requests.push({ name, ...requestOf(answers) });
      } catch (error) {
        if (!(error instanceof UserError)) throw error;
        expect([error.code, error.message.length > 10]).toEqual(['INPUT_INVALID', true]);
        refused.push(error.message);
      }
    }
    console.log(`TWELVE_SEED=${seed}: ${requests.length} accepted, ${refused.length} refused`);
    expect(requests.length).toBeGreaterThan(COUNT / 2);
    expect(refused.length).toBeGreaterThan(COUNT / 20);
    expect(requests.length + refused.length).toBe(COUNT);
  });

  test('compile, and are formatted as the service has it', { timeout: 600_000 }, async () => {
    await npmCi(folder);
    await must('npm', ['run', 'build'], { cwd: folder });
    await must('npx', ['biome', 'check', 'src/features', '--diagnostic-level=error', '--max-diagnostics=20'], {
      cwd: folder,
    });
  });

  test('serve what they promise, and are described', { timeout: 600_000 }, async () => {
    writeFileSync(join(folder, 'requests.json'), JSON.stringify(requests));
    writeFileSync(join(folder, 'probe.mjs'), PROBE);
    const said = await must(process.execPath, ['probe.mjs'], { cwd: folder });
    const { wrong, described } = JSON.parse(said.split('\n').find((line) => line.startsWith('{"wrong"')) ?? said);
    expect(wrong).toEqual([]);
    expect(described).toBe(requests.length);
  });

  test('are described by valid schemas, which take what is sent', () => {
    const { paths, components } = JSON.parse(readFileSync(join(folder, 'described.json'), 'utf8')) as Described;
    const ajv = new Ajv2020({ strict: false, validateFormats: false });
    const compile = (schema: object) => ajv.compile({ ...schema, components });
    const refused: unknown[] = [];
    for (const { name, method, payload } of requests) {
      const path = name.slice(name.indexOf(' ') + 1).replace(/:(\w+)/g, '{$1}');
      const operation = paths[path]?.[method.toLowerCase()];
      if (operation === undefined) throw new Error(`${name} is not described`);
      const { parameters = [], requestBody, responses } = operation;
      const answers = Object.values(responses).flatMap(({ content = {} }) => Object.values(content));
      for (const { schema } of [...parameters, ...answers]) compile(schema);
      for (const [mediaType, { schema }] of Object.entries(requestBody?.content ?? {})) {
        const isValid = compile(schema);
        if (payload === undefined || mediaType === FORM_TYPE || mediaType.startsWith('text/')) continue;
        if (!isValid(JSON.parse(payload))) refused.push([name, payload, isValid.errors]);
      }
    }
    expect(refused).toEqual([]);
  });

  test('have tests, which pass', { timeout: 480_000 }, async () => {
    // All of them would take an hour: each builds the app with all endpoints.
    const features = readdirSync(join(folder, 'src/features')).filter((name) => /^e\d/.test(name));
    const files = features.slice(0, 10).map((feature) => `features/${feature}/routes`);
    await must(process.execPath, ['scripts/test.mjs', ...files], { cwd: folder });
  });
});

/** Documents of real services, as a package has them. */
const DOCUMENTS = [
  '3.1/yaml/petstore.yaml',
  '3.1/yaml/train-travel.yaml',
  '3.0/yaml/star-trek.yaml',
  '3.1/yaml/readme.yaml',
];

function countOperations(path: string): number {
  const { paths } = parse(readFileSync(path, 'utf8')) as { paths: Record<string, object> };
  const methods = Object.values(paths).flatMap((item) => Object.keys(item));
  return methods.filter((method) => /^(get|put|post|delete|options|head|patch|trace)$/.test(method)).length;
}

describe('public OpenAPI documents', () => {
  const work = workFolder();
  afterAll(work.remove);
  const folder = join(work.folder, 'orders');
  const pathOf = (document: string) => join(work.folder, 'node_modules/@readme/oas-examples', document);
  const from = async (document: string) => {
    const { code, stdout } = await run(
      process.execPath,
      [bin, 'add-endpoint', '--from', pathOf(document), '--format', 'json'],
      {
        cwd: folder,
      },
    );
    const { changes, attention } = JSON.parse(stdout) as { changes: { path: string }[]; attention: string[] };
    return { code, added: changes.filter((change) => change.path.endsWith('/handler.ts')).length, attention };
  };

  test('each operation is added, or said to be impossible, once', { timeout: 480_000 }, async () => {
    await makeService('orders', folder, { database: 'none', cache: 'none' });
    await must('npm', ['install', '--no-audit', '--no-fund', '--prefix', work.folder, '@readme/oas-examples@8.2.2'], {
      cwd: work.folder,
    });
    for (const document of DOCUMENTS) {
      const operations = countOperations(pathOf(document));
      const { code, added, attention } = await from(document);
      const refused = attention.filter((line) =>
        /^[A-Z]+ \/.* (cannot be expressed|was not added|differs): /.test(line),
      );
      console.log(`${document}: ${added} of ${operations} operations added`);
      expect([document, code, added + refused.length]).toEqual([document, 4, operations]);
      expect(added).toBeGreaterThan(operations * 0.8);
      const again = await from(document);
      expect([again.added, again.attention.filter((line) => refused.includes(line))]).toEqual([0, refused]);
    }
  });

  test('and what was added compiles, and is formatted as the service has it', { timeout: 600_000 }, async () => {
    await npmCi(folder);
    await must('npm', ['run', 'build'], { cwd: folder });
    await must('npx', ['biome', 'check', 'src/features', '--diagnostic-level=error', '--max-diagnostics=20'], {
      cwd: folder,
    });
  });
});

/** A request that its own schema accepts, and the status of success. */
function requestOf(answers: Parameters<typeof toEndpoint>[0]) {
  const { route, params, query, headers, body, bodyType, status } = toEndpoint(answers);
  const inPath = sampleObject(params, 'text');
  return {
    method: route.method,
    url: route.path.replace(/:(\w+)/g, (_, name: string) => encodeURIComponent(String(inPath[name]))),
    query: sampleObject(query, 'text'),
    headers: { ...sampleObject(headers, 'text'), ...(body ? { 'content-type': bodyType } : {}) },
    ...(body ? { payload: payloadOf(body.type, bodyType) } : {}),
    status,
  };
}

/** A body, in the form that its media type says. */
function payloadOf(type: Type, mediaType: string): string {
  const sample = sampleOf(type, mediaType === FORM_TYPE ? 'text' : 'json');
  if (mediaType.startsWith('text/')) return String(sample);
  if (mediaType !== FORM_TYPE) return JSON.stringify(sample);
  const pairs = Object.entries(sample as Record<string, string | readonly string[]>);
  return new URLSearchParams(
    pairs.flatMap(([name, value]) => [value].flat().map((one): [string, string] => [name, one])),
  ).toString();
}
