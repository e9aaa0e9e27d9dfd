import { type ChildProcess, spawn } from 'node:child_process';
import { cpSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, describe, expect, test } from 'vitest';
import { Backing } from '../../contract/harness/backing/backing.ts';
import { stackNamed } from './http/stacks.ts';
import { commandsFor } from './support/growing.ts';
import { must, run } from './support/run.ts';
import { bin, commit, makeService, workFolder } from './support/service.ts';

/** A service in Go that every generator has grown: the same in both orders, clean for Go's own tools, and it does its work. */
const options = { database: 'postgres', cache: 'redis', ci: 'github', stack: 'go' } as const;
const go = stackNamed('go');
const missing = go.missing();
if (missing !== undefined) console.log(`skipped: a service in Go that grew, since ${missing}`);

const backing = new Backing();
const work = workFolder();
const started: ChildProcess[] = [];
afterAll(async () => {
  for (const one of started) one.kill('SIGKILL');
  await backing.stop();
  work.remove();
});

/** Names that would be keywords, parts of file names that the compiler reads, or spelled alike. */
const ODD: readonly (readonly string[])[] = [
  ['add-client', 'url-shortener', '--base-url-env', 'SHORT_URL'],
  ['add-flag', 'type'],
  ['add-task', 'build-linux'],
  ['add-worker', 'range'],
];

describe.skipIf(missing !== undefined)('a service in Go', () => {
  const folder = join(work.folder, 'orders');
  const commands = [...commandsFor(options), ...ODD];
  const grow = (cwd: string, command: readonly string[]) =>
    must(process.execPath, [bin, ...command, '--format', 'json'], { cwd });

  test('grows beside what people wrote, the same in either order, and once', { timeout: 300_000 }, async () => {
    await makeService('orders', folder, options);
    await commit(folder);
    const other = `${folder}-other`;
    cpSync(folder, other, { recursive: true });
    for (const command of commands) await grow(folder, command);
    for (const command of [...commands].reverse()) await grow(other, command);
    for (const one of [folder, other]) await must('git', ['add', '--all'], { cwd: one });
    expect(await treeOf(other)).toEqual(await treeOf(folder));
    const numbers = (await must('git', ['diff', '--cached', '--numstat', 'HEAD'], { cwd: folder })).trim().split('\n');
    const lost = numbers.filter((line) => !/^\d+\t0\t/.test(line));
    // Sums of a version that Go raises are none that a person wrote.
    expect(lost.filter((line) => !line.endsWith('\tgo.sum'))).toEqual([]);
    for (const command of commands.filter(([verb]) => verb !== 'add-migration'))
      expect(JSON.parse(await grow(folder, command)).changes).toEqual([]);
  });

  test('grows by nothing whose names it has', async () => {
    const refused = await run(process.execPath, [bin, 'add-resource', 'product-page', '--field', 'title:string'], {
      cwd: folder,
    });
    expect([refused.code, refused.stderr]).toEqual([
      3,
      expect.stringContaining('internal/features/products.go declares ProductPage already'),
    ]);
  });

  test('is formatted, vetted, locked and documented', { timeout: 300_000 }, async () => {
    expect(await must('gofmt', ['-s', '-l', '.'], { cwd: folder })).toBe('');
    await must('go', ['vet', './...'], { cwd: folder });
    await must('go', ['mod', 'tidy', '-diff'], { cwd: folder });
    const [program = ''] = await go.build(folder);
    const example = await must(program, ['config', '--example'], { cwd: folder });
    expect(await must('cat', ['.env.example'], { cwd: folder })).toBe(example);
  });

  test('passes the tests of what was added', { timeout: 600_000 }, async (context) => {
    if (!backing.hasPostgres) return context.skip('PostgreSQL is not installed');
    const env = { DATABASE_URL: (await (await backing.postgres()).createDatabase()).url };
    const packages = ['clients/...', 'flags', 'tasks', 'workers', 'platform/httpclient', 'platform/jobs'];
    const below = [...packages, 'platform/rollout', 'platform/work'].map((name) => `./internal/${name}`);
    const tested = await run('go', ['test', ...below], { cwd: folder, env });
    expect([tested.code, tested.stdout]).toEqual([0, expect.not.stringContaining('FAIL')]);
  });

  test('runs its tasks and workers, and ends as they promise', { timeout: 120_000 }, async (context) => {
    if (!backing.hasPostgres || !backing.hasRedis) return context.skip('PostgreSQL or Redis is not installed');
    const program = join(folder, 'bin/service');
    const env = {
      DATABASE_URL: (await (await backing.postgres()).createDatabase()).url,
      REDIS_URL: (await backing.redis()).freshUrl(),
      PAYMENTS_URL: 'http://127.0.0.1:9000',
      STOCK_SERVICE_URL: 'http://127.0.0.1:9001',
      SHORT_URL: 'http://127.0.0.1:9002',
      PORT: '0',
      HOST: '127.0.0.1',
    };
    const codeOf = async (args: string[], more = {}) => (await run(program, args, { env: { ...env, ...more } })).code;
    expect(await codeOf(['migrate', '--status'])).toBe(3);
    // A migration that says nothing yet would be refused: this one says what its name does.
    expect(await codeOf(['migrate'])).toBe(0);
    const away = { DATABASE_URL: 'postgres://nobody@127.0.0.1:1/none' };
    expect(await codeOf(['run', 'backfill-totals'])).toBe(0);
    expect(await codeOf(['run', 'backfill-totals', '--dance'])).toBe(64);
    expect(await codeOf(['run', 'dance'])).toBe(64);
    expect(await codeOf(['run', 'backfill-totals'], away)).toBe(69);
    expect(await codeOf(['run', 'backfill-totals'], { FLAG_NEW_CHECKOUT: 'maybe' })).toBe(78);
    expect(await codeOf(['worker', 'dance'])).toBe(64);
    for (const [args, event] of [
      [['run', 'backfill-totals', '--batch-size=1', '--pause-ms=60000'], 'task.progress'],
      [['worker', 'invoice-mailer'], 'listening'],
    ] as const) {
      const child = spawn(program, args, { env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'inherit'] });
      started.push(child);
      const ended = new Promise((resolve) => child.on('close', resolve));
      for await (const line of createInterface(child.stdout)) if (JSON.parse(line)['event.name'] === event) break;
      child.stdout.resume();
      child.kill('SIGTERM');
      expect([args[0], await ended]).toEqual([args[0], args[0] === 'run' ? 1 : 0]);
    }
  });
});

/** The command of the README: a text that nobody runs is wrong within a year. */
describe.skipIf(missing !== undefined).each([
  ['products', options],
  ['slugs', { ...options, database: 'none', cache: 'none' } as const],
])('a service in Go without its example %s', (name, product) => {
  test('builds, is locked, and takes another feature', { timeout: 300_000 }, async () => {
    const folder = join(work.folder, `without-${name}`);
    await makeService('orders', folder, product);
    const blocks = readFileSync(join(folder, 'README.md'), 'utf8').matchAll(/```sh\n([\s\S]*?)```/g);
    const deletes = [...blocks].map(([, text = '']) => text).filter((text) => /^rm /m.test(text));
    expect(deletes).toHaveLength(1);
    await must('sh', ['-euc', deletes[0] ?? ''], { cwd: folder });
    expect(readdirSync(join(folder, 'internal/features'))).toEqual(['features.go']);
    await must('go', ['vet', './...'], { cwd: folder });
    await must('go', ['mod', 'tidy', '-diff'], { cwd: folder });
    await must(process.execPath, [bin, 'add-endpoint', 'GET /greetings/:name'], { cwd: folder });
    await must('go', ['vet', './internal/features'], { cwd: folder });
  });
});

/** Everything that git would commit, without what the clock decides: the numbers of migrations. */
async function treeOf(folder: string): Promise<string[]> {
  const listed = await must('git', ['ls-files', '--stage'], { cwd: folder });
  return listed
    .trim()
    .split('\n')
    .filter((line) => !/\t(migrations\/|\.twelve\.json)/.test(line))
    .sort();
}
