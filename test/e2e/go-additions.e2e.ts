import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { Backing } from '../../contract/harness/backing/backing.ts';
import { UserError } from '../../engine/core/errors.ts';
import { parseAnswers } from '../../engine/core/question.ts';
import type { Addition } from '../../engine/core/service/addition.ts';
import { openService } from '../../engine/io/service/service.ts';
import { loadTemplateFolder } from '../../engine/io/source/source.ts';
import { ENDPOINT } from '../../generators/add-endpoint/addition.ts';
import { addEndpoint } from '../../generators/add-endpoint/plan.ts';
import { ENDPOINT_QUESTIONS } from '../../generators/add-endpoint/questions.ts';
import { RESOURCE } from '../../generators/add-resource/addition.ts';
import { RESOURCE_QUESTIONS } from '../../generators/add-resource/questions.ts';
import type { AdditionCode } from '../../generators/generator.ts';
import { GO } from '../../stacks/go/index.ts';
import { rawEndpoint } from '../support/endpoints.ts';
import { rawResource } from '../support/resources.ts';
import { stackNamed } from './http/stacks.ts';

import { must, run } from './support/run.ts';
import { makeService, root, workFolder } from './support/service.ts';

/** Random definitions in one service: TWELVE_GO_DEFINITIONS=1000 is the long campaign. */
const COUNT = Number(process.env.TWELVE_GO_DEFINITIONS ?? 40);
const RESOURCES = Math.ceil(COUNT / 5);
/** So many of them are tested: each test makes the whole service. */
const TESTED = 20;
const seed = Number(process.env.TWELVE_SEED ?? Date.now() % 2 ** 31);

const missing = stackNamed('go').missing();
if (missing !== undefined) console.log(`skipped: additions to services in Go, since ${missing}`);

const stack = { ...GO, ...(await GO.load()) };

const templateOf = (name: string, { variables }: AdditionCode) =>
  loadTemplateFolder(join(root, 'templates/go', name), { source: 'test', version: '0', variables: variables(stack) });

function write(folder: string, { files }: Pick<Addition, 'files'>): void {
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

/** gofmt leaves it alone, vet finds nothing, and it compiles, tests too. */
async function expectClean(folder: string): Promise<void> {
  expect(await must('gofmt', ['-s', '-l', '.'], { cwd: folder })).toBe('');
  await must('go', ['vet', './...'], { cwd: folder });
}

async function expectTested(folder: string, names: RegExp): Promise<void> {
  const tested = await run('go', ['test', './internal/features', '-run', names.source], { cwd: folder });
  expect([tested.code, tested.stdout.slice(0, 3000)]).toEqual([0, expect.stringMatching(/^ok /)]);
}

describe.skipIf(missing !== undefined)('random definitions in Go', () => {
  const work = workFolder();
  afterAll(work.remove);

  test('endpoints are formatted, compile and serve what they promise', { timeout: 900_000 }, async () => {
    const folder = join(work.folder, 'orders');
    await makeService('orders', folder, { database: 'none', cache: 'none', stack: 'go' });
    const service = openService(folder, () => GO.places.sources);
    const template = templateOf('endpoint', ENDPOINT);
    let taken = 0;
    for (const [index, raw] of fc.sample(rawEndpoint, { numRuns: COUNT, seed }).entries()) {
      const { folder: _folder, ...own } = { ...raw, route: raw.route.replace(/\/+/, `/e${index}/`).replace(/\/$/, '') };
      const add = async () => {
        const answers = parseAnswers(ENDPOINT_QUESTIONS, own, '', (name) => stack.nameProblem(name, 'add-endpoint'));
        write(folder, await addEndpoint({ service, answers, template, stack }));
      };
      if (await isTaken(add)) taken += 1;
    }
    console.log(`TWELVE_SEED=${seed}: ${taken} of ${COUNT} endpoints accepted`);
    expect(taken).toBeGreaterThan(COUNT / 4);
    expect(readdirSync(join(folder, 'internal/features')).filter((name) => /^e\d.*_test\.go$/.test(name)).length).toBe(
      taken,
    );
    await expectClean(folder);
    await expectTested(folder, new RegExp(`^TestE(${numbers(TESTED)})([^0-9]|$)`));
  });

  test('resources are formatted, compile and keep what they promise', { timeout: 900_000 }, async (context) => {
    const folder = join(work.folder, 'stored');
    await makeService('stored', folder, { database: 'postgres', cache: 'none', stack: 'go' });
    const template = templateOf('resource', RESOURCE);
    let taken = 0;
    for (const [index, fields] of fc.sample(rawResource, { numRuns: RESOURCES, seed }).entries()) {
      const add = async () => {
        const service = openService(folder, () => GO.places.sources);
        const answers = parseAnswers(RESOURCE_QUESTIONS, { name: `r${index}-thing`, field: fields }, '');
        const now = new Date(Date.UTC(2026, 0, 1, 0, 0, index)).toISOString();
        const made = await RESOURCE.make({ service, answers, template, stack, cwd: folder, now });
        for (const addition of made.additions) write(folder, addition);
      };
      if (await isTaken(add)) taken += 1;
    }
    console.log(`TWELVE_SEED=${seed}: ${taken} of ${RESOURCES} resources accepted`);
    expect(taken).toBeGreaterThan(0);
    await expectClean(folder);
    if (!new Backing().hasPostgres) context.skip('PostgreSQL is not installed');
    await expectTested(folder, new RegExp(`^TestR(${numbers(4)})ThingResource$`));
  });
});

/** `0|1|2` */
function numbers(count: number): string {
  return Array.from({ length: count }, (_, index) => index).join('|');
}
