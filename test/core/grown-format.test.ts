import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { afterAll, expect, it } from 'vitest';
import { parseAnswers } from '../../engine/core/question.ts';
import { toEndpoint } from '../../engine/core/service/endpoint.ts';
import { toResource } from '../../engine/core/service/resource.ts';
import { renderTemplate } from '../../engine/core/template/render.ts';
import type { RenderContext } from '../../engine/core/template/template.ts';
import { loadBuiltin } from '../../engine/io/source/builtin.ts';
import { CLIENT, clientContext } from '../../generators/add-client/addition.ts';
import { ENDPOINT } from '../../generators/add-endpoint/addition.ts';
import { ENDPOINT_QUESTIONS } from '../../generators/add-endpoint/questions.ts';
import { FLAG, flagContext } from '../../generators/add-flag/addition.ts';
import { RESOURCE } from '../../generators/add-resource/addition.ts';
import { TASK } from '../../generators/add-task/addition.ts';
import { WORKER, workerContext } from '../../generators/add-worker/addition.ts';
import type { AdditionCode } from '../../generators/generator.ts';
import { DEFAULT_STACK } from '../../stacks/index.ts';
import { validEndpoint } from '../support/endpoints.ts';

/*
 * What generators write is as the service's formatter would write it, whatever the length of names and texts is.
 * The formatter looks at all of it in one run.
 */
const ROOT = join(import.meta.dirname, '../..');
const work = mkdtempSync(join(tmpdir(), 'twelve-format-'));
afterAll(() => rmSync(work, { recursive: true, force: true }));

const seed = Number(process.env.TWELVE_SEED ?? Date.now() % 2 ** 31);
const code = await DEFAULT_STACK.load();

/** Renders a template with each context, and fails with the first file that the formatter would change. */
async function expectFormatted(kind: string, addition: AdditionCode, contexts: readonly RenderContext[], answers = {}) {
  const folder = mkdtempSync(join(work, kind));
  const written = new Set<string>();
  const template = loadBuiltin(`${DEFAULT_STACK.id}/${kind}`, () => addition.variables(code));
  for (const [index, context] of contexts.entries()) {
    for (const [path, { content }] of await renderTemplate(template, { ...context, ...answers }, context)) {
      const text = Buffer.from(content).toString();
      // Many share a file.
      if (written.has(text)) continue;
      written.add(text);
      const file = join(folder, String(index), path);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, text);
    }
  }
  copyFileSync(join(ROOT, 'templates/typescript/base/biome.json'), join(folder, 'biome.json'));
  const args = ['check', '--diagnostic-level=error', '--max-diagnostics=1'];
  const { status, stdout, stderr } = spawnSync(join(ROOT, 'node_modules/.bin/biome'), args, {
    cwd: folder,
    encoding: 'utf8',
  });
  expect(status, `TWELVE_SEED=${seed}\n${stderr}${stdout}`).toBe(0);
  expect(stdout).toMatch(/Checked \d+ files/);
}

const summary = fc.oneof(
  { weight: 1, arbitrary: fc.constant('') },
  {
    weight: 3,
    arbitrary: fc
      .integer({ min: 60, max: 120 })
      .map((length) => 'Adds what was ordered '.repeat(6).slice(0, length).trim()),
  },
  {
    weight: 1,
    arbitrary: fc
      .string({ unit: fc.constantFrom('大', '小', '😀', 'é', '"', "'", '\\', 'x', ' x'), minLength: 1, maxLength: 100 })
      .map((one) => `x${one}`),
  },
);

it('endpoints are formatted', async () => {
  const given = fc.sample(fc.tuple(validEndpoint, summary), { numRuns: 60, seed });
  const contexts = given.flatMap(([raw, text]) => {
    try {
      return [code.endpoint(toEndpoint(parseAnswers(ENDPOINT_QUESTIONS, { ...raw, summary: text }, '')))];
    } catch {
      return [];
    }
  });
  expect(contexts.length).toBeGreaterThan(30);
  await expectFormatted('endpoint', ENDPOINT, contexts);
});

/** A word of 1 to so many letters, often a long one. */
const word = (max: number) =>
  fc
    .oneof(fc.integer({ min: 1, max }), fc.integer({ min: Math.ceil(max / 2), max }))
    .map((length) => 'length'.repeat(20).slice(0, length));

const columnType = fc.oneof(
  fc.constantFrom(
    'string',
    'string<=2',
    'string>=40',
    'int',
    'int>5',
    'int>=-5<5',
    'number',
    'number>=0.5<=0.75',
    'decimal',
    'decimal>=0',
    'decimal>0<1000',
  ),
  fc.constantFrom('boolean', 'date', 'datetime', 'uuid', 'email', 'url'),
  fc.uniqueArray(word(60), { minLength: 1, maxLength: 5 }).map((values) => `enum(${values.join(',')})`),
);

it('resources are formatted', async () => {
  const field = fc
    .tuple(word(40), fc.constantFrom('A', 'B', 'C', 'D', 'E'), columnType, fc.constantFrom('', '?', ':unique'))
    .map(([start, end, type, mark]) => `${start}${end}:${type}${mark}`);
  const fields = fc.uniqueArray(field, {
    minLength: 1,
    maxLength: 5,
    selector: (one) => one.split(':')[0]?.toLowerCase(),
  });
  const given = fc.sample(fc.record({ name: word(40), plural: word(45), fields }), { numRuns: 70, seed });
  const contexts = given.flatMap((one) => {
    try {
      return [code.resource(toResource(one, '1'))];
    } catch {
      return [];
    }
  });
  expect(contexts.length).toBeGreaterThan(20);
  await expectFormatted('resource', RESOURCE, contexts);
});

const names = fc.sample(word(60), { numRuns: 25, seed });
const envs = fc.sample(word(50), { numRuns: 25, seed });

it('clients are formatted', async () => {
  const contexts = names.map((name, index) =>
    clientContext(name, index % 2 === 0 ? `${envs[index]?.toUpperCase()}_URL` : ''),
  );
  await expectFormatted('client', CLIENT, contexts);
});

it('flags are formatted', () => expectFormatted('flag', FLAG, names.map(flagContext)));

it.each(['postgres', 'none'])('tasks are formatted, with the database %s', async (database) => {
  await expectFormatted(
    'task',
    TASK,
    names.map((name) => ({ name })),
    { database },
  );
});

it.each(['postgres', 'none'])('workers are formatted, with the database %s', async (database) => {
  const contexts = names.map((name) => workerContext(name, { name: 'orders', database, cache: 'none' }, '1'));
  await expectFormatted('worker', WORKER, contexts, { database });
});
