import { type ChildProcess, spawn } from 'node:child_process';
import { cpSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, describe, expect, test } from 'vitest';
import { Backing } from '../../contract/harness/backing/backing.ts';
import { type Stack, stackNamed } from './http/stacks.ts';
import { commandsFor } from './support/growing.ts';
import { rowsHere, rowsOf } from './support/rows.ts';
import { must, run } from './support/run.ts';
import { bin, commit, makeService, workFolder } from './support/service.ts';

/**
 * Services in other languages than TypeScript that every generator has grown: the same in both orders, clean for the tools of
 * their language, and they do their work.
 */
const options = { database: 'postgres', cache: 'redis', ci: 'github' } as const;

type Command = readonly [file: string, ...args: string[]];

interface Growing extends Stack {
  /** Names that would be keywords, parts of file names that the compiler reads or spelled alike, and very long or short ones. */
  readonly odd: readonly (readonly string[])[];
  /** A generator that is refused, since a name is taken. */
  readonly taken: readonly [command: readonly string[], says: string];
  /** Where lines may go: what a tool of the language derives. */
  readonly derived: RegExp;
  /** They find nothing, and leave nothing to commit. */
  readonly clean: readonly Command[];
  /** Runs the tests of what was added, given the files that were. */
  readonly test: (added: readonly string[]) => Command;
  readonly features: string;
  /** What is left of them without the example. */
  readonly left: readonly string[];
}

const GROWN = 'languages in which a service grows';
const WITHOUT = 'services without their example';

const GROWING: readonly Growing[] = [
  {
    ...stackNamed('go'),
    odd: [
      ['add-client', 'url-shortener', '--base-url-env', 'SHORT_URL'],
      ['add-flag', 'type'],
      ['add-task', 'build-linux'],
      ['add-worker', 'range'],
    ],
    taken: [
      ['add-resource', 'product-page', '--field', 'title:string'],
      'internal/features/products.go declares ProductPage already',
    ],
    // Sums of a version that Go raises are none that a person wrote.
    derived: /^go\.sum$/,
    clean: [
      ['gofmt', '-s', '-w', '.'],
      ['go', 'vet', './...'],
      ['go', 'mod', 'tidy', '-diff'],
      ['make', 'docs'],
    ],
    test: () => {
      const packages = ['clients/...', 'flags', 'tasks', 'workers', 'platform/httpclient', 'platform/jobs'];
      const below = [...packages, 'platform/rollout', 'platform/work'].map((name) => `./internal/${name}`);
      return ['go', 'test', ...below];
    },
    features: 'internal/features',
    left: ['features.go'],
  },
  {
    ...stackNamed('python'),
    odd: [
      ['add-client', 's3', '--base-url-env', 'SHORT_URL'],
      ['add-client', 'customer-notification-rules', '--base-url-env', 'RULES_URL'],
      ['add-flag', 'type'],
      ['add-flag', 'new-checkout-for-customers-abroad'],
      ['add-task', 'print'],
      ['add-worker', 'queue'],
      ['add-worker', 'customer-notification-sender'],
    ],
    taken: [
      ['add-resource', 'product', '--field', 'title:string'],
      'migrations/0001_products.up.sql already has that name',
    ],
    derived: /^$/,
    clean: ['format', 'lint', 'lock', 'docs'].map((target) => ['make', target] as const),
    test: (added) => ['.venv/bin/python', '-m', 'pytest', '-q', ...added.filter((path) => /^tests\/test_/.test(path))],
    features: 'src/service/features',
    left: ['__init__.py'],
  },
];

const backing = new Backing();
const work = workFolder();
const started: ChildProcess[] = [];
afterAll(async () => {
  for (const one of started) one.kill('SIGKILL');
  await backing.stop();
  work.remove();
});

const whyNot = ({ missing }: Growing) => missing();

const grow = (cwd: string, command: readonly string[]) =>
  must(process.execPath, [bin, ...command, '--format', 'json'], { cwd });

describe.each(rowsHere(rowsOf(GROWING, GROWN, 2), GROWN, whyNot))(
  'a service in $name',
  ({ name, build, odd, taken, derived, clean, test: testOf }) => {
    const folder = join(work.folder, name);
    const commands = [...commandsFor(options), ...odd];
    const git = (...args: string[]) => must('git', args, { cwd: folder });
    let program: Command;

    test('grows beside what people wrote, the same in either order, and once', { timeout: 480_000 }, async () => {
      await makeService('orders', folder, { ...options, stack: name });
      await commit(folder);
      const other = `${folder}-other`;
      cpSync(folder, other, { recursive: true });
      for (const command of commands) await grow(folder, command);
      for (const command of [...commands].reverse()) await grow(other, command);
      for (const one of [folder, other]) await must('git', ['add', '--all'], { cwd: one });
      expect(await treeOf(other)).toEqual(await treeOf(folder));
      const numbers = (await git('diff', '--cached', '--numstat', 'HEAD')).split('\n').map((line) => line.split('\t'));
      expect(numbers.filter(([, gone, path = '']) => gone !== '0' && !derived.test(path))).toEqual([]);
      for (const command of commands.filter(([verb]) => verb !== 'add-migration'))
        expect(JSON.parse(await grow(folder, command)).changes).toEqual([]);
    });

    test('grows by nothing whose names it has', async () => {
      const [command, says] = taken;
      const refused = await run(process.execPath, [bin, ...command], { cwd: folder });
      expect([refused.code, refused.stderr]).toEqual([3, expect.stringContaining(says)]);
    });

    test('is formatted, checked, locked and documented', { timeout: 480_000 }, async () => {
      program = await build(folder);
      for (const [file, ...args] of clean) await must(file, args, { cwd: folder, timeout: 480_000 });
      expect(await git('diff')).toBe('');
    });

    test('passes the tests of what was added', { timeout: 600_000 }, async (context) => {
      if (!backing.hasPostgres) return context.skip('PostgreSQL is not installed');
      const env = { DATABASE_URL: (await (await backing.postgres()).createDatabase()).url };
      const added = await git('diff', '--cached', '--name-only', '--diff-filter=A', 'HEAD');
      const [file, ...args] = testOf(added.split('\n'));
      const tested = await run(file, args, { cwd: folder, env, timeout: 590_000 });
      expect([tested.code, tested.stdout]).toEqual([0, expect.not.stringContaining('FAIL')]);
    });

    test('runs its tasks and workers, and ends as they promise', { timeout: 120_000 }, async (context) => {
      if (!backing.hasPostgres || !backing.hasRedis) return context.skip('PostgreSQL or Redis is not installed');
      const [file, ...verb] = program;
      const env = {
        DATABASE_URL: (await (await backing.postgres()).createDatabase()).url,
        REDIS_URL: (await backing.redis()).freshUrl(),
        PAYMENTS_URL: 'http://127.0.0.1:9000',
        STOCK_SERVICE_URL: 'http://127.0.0.1:9001',
        SHORT_URL: 'http://127.0.0.1:9002',
        RULES_URL: 'http://127.0.0.1:9003',
        PORT: '0',
        HOST: '127.0.0.1',
      };
      const codeOf = async (args: string[], more = {}) =>
        (await run(file, [...verb, ...args], { cwd: folder, env: { ...env, ...more } })).code;
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
        const stdio: ['ignore', 'pipe', 'inherit'] = ['ignore', 'pipe', 'inherit'];
        const child = spawn(file, [...verb, ...args], { cwd: folder, env: { ...process.env, ...env }, stdio });
        started.push(child);
        const ended = new Promise((resolve) => child.on('close', resolve));
        for await (const line of createInterface(child.stdout)) if (JSON.parse(line)['event.name'] === event) break;
        child.stdout.resume();
        child.kill('SIGTERM');
        expect([args[0], await ended]).toEqual([args[0], args[0] === 'run' ? 1 : 0]);
      }
    });
  },
);

/** The command of the README: a text that nobody runs is wrong within a year. */
const without = GROWING.flatMap((growing) => [
  { ...growing, example: 'products', product: options },
  { ...growing, example: 'slugs', product: { ...options, database: 'none', cache: 'none' } as const },
]);
describe.each(rowsHere(rowsOf(without, WITHOUT, without.length), WITHOUT, whyNot))(
  'a service in $name without its example $example',
  ({ name, build, example, product, clean, features, left }) => {
    test('is checked, is locked, and takes another feature', { timeout: 480_000 }, async () => {
      const folder = join(work.folder, `without-${name}-${example}`);
      await makeService('orders', folder, { ...product, stack: name });
      const blocks = readFileSync(join(folder, 'README.md'), 'utf8').matchAll(/```sh\n([\s\S]*?)```/g);
      const deletes = [...blocks].map(([, text = '']) => text).filter((text) => /^rm /m.test(text));
      expect(deletes).toHaveLength(1);
      await must('sh', ['-euc', deletes[0] ?? ''], { cwd: folder });
      expect(readdirSync(join(folder, features))).toEqual(left);
      await commit(folder);
      await build(folder);
      for (const [file, ...args] of clean) await must(file, args, { cwd: folder, timeout: 480_000 });
      expect(await must('git', ['status', '--porcelain'], { cwd: folder })).toBe('');
      await must(process.execPath, [bin, 'add-endpoint', 'GET /greetings/:name'], { cwd: folder });
      for (const [file, ...args] of clean) await must(file, args, { cwd: folder, timeout: 480_000 });
    });
  },
);

/** Everything that git would commit, without what the clock decides: the numbers of migrations. */
async function treeOf(folder: string): Promise<string[]> {
  const listed = await must('git', ['ls-files', '--stage'], { cwd: folder });
  return listed
    .trim()
    .split('\n')
    .filter((line) => !/\t(migrations\/|\.twelve\.json)/.test(line))
    .sort();
}
