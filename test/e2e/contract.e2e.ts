import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { Backing } from '../../contract/harness/backing/backing.ts';
import { rules } from '../../contract/rules/index.ts';
import type { ProcessTarget } from '../../contract/target.ts';
import { type Report, verify } from '../../contract/verify.ts';
import { environmentFor, nodeBinary } from '../contract/node-binary.ts';
import { stackNamed } from './http/stacks.ts';
import { keptIn, renderFindings, renderTable } from './support/contract-report.ts';
import { npmCi } from './support/installed.ts';
import { rowsOf } from './support/rows.ts';
import { must } from './support/run.ts';
import { commit, makeService, type Options, workFolder } from './support/service.ts';
import { behindProxy } from './support/without-redis.ts';

type Row = Required<Pick<Options, 'database' | 'cache' | 'ci' | 'stack'>> & { readonly node?: number };

/** Each two options of database, cache and pipeline occur together, and each Node with each database and each cache. */
const onNode: readonly Omit<Row, 'stack'>[] = [
  { database: 'postgres', cache: 'redis', ci: 'github', node: 26 },
  { database: 'none', cache: 'redis', ci: 'gitlab', node: 24 },
  { database: 'none', cache: 'none', ci: 'github', node: 20 },
  { database: 'postgres', cache: 'redis', ci: 'none', node: 20 },
  { database: 'postgres', cache: 'none', ci: 'gitlab', node: 24 },
  { database: 'none', cache: 'none', ci: 'none', node: 26 },
];

/** Other languages have the same options, and one version of the language here. */
const elsewhere: readonly Omit<Row, 'stack'>[] = [
  { database: 'postgres', cache: 'redis', ci: 'github' },
  { database: 'none', cache: 'redis', ci: 'gitlab' },
  { database: 'postgres', cache: 'none', ci: 'none' },
  { database: 'none', cache: 'none', ci: 'github' },
];

/** A share has rows of every language. */
const rows: readonly Row[] = [
  ...onNode.map((row) => ({ ...row, stack: 'typescript' })),
  ...['go', 'python'].flatMap((stack) => elsewhere.map((row) => ({ ...row, stack }))),
];

const IMAGE_ONLY = ['II-2', 'V-2', 'V-3', 'IX-9'];
/** For services with workers. */
const WORKER_ONLY = ['IX-10'];
const STORED = ['III-6', 'IV-1', 'IV-2', 'VI-2', 'VI-3', 'IX-7', 'XII-1', 'XII-2', 'XII-3', 'H-6'];

const backing = new Backing();
const work = workFolder();
const reports: Report[] = [];
if (!backing.hasPostgres) console.log('skipped: rules of a service with a database, since PostgreSQL is not installed');
if (!backing.hasRedis) console.log('skipped: rules of a service with a cache, since Redis is not installed');

afterAll(async () => {
  if (reports.length > 0) console.log(`\n${renderTable(reports)}`);
  await backing.stop();
  work.remove();
});

/** Builds a service; resolves with the command that its verbs follow, or with why it cannot be built here. */
async function program(folder: string, { stack, node }: Row): Promise<readonly string[] | { reason: string }> {
  if (node === undefined) {
    const language = stackNamed(stack);
    const reason = language.missing();
    return reason === undefined ? language.build(folder) : { reason };
  }
  const binary = await nodeBinary(node);
  if ('reason' in binary) return binary;
  const env = environmentFor(binary.path);
  await npmCi(folder, env);
  await must('npm', ['run', 'build'], { cwd: folder, env });
  return [binary.path, join(folder, 'dist/main.js')];
}

const sets = rowsOf(rows, 'sets of options against the contract').map((row) => ({
  row,
  ...row,
  on: row.node === undefined ? row.stack : `Node ${row.node}`,
}));

describe.each(sets)('database $database, cache $cache, ci $ci, $on', ({ row, on, node, ...options }) => {
  const title = `${options.database}+${options.cache}+${options.ci} on ${on}`;
  const folder = join(work.folder, title.replace(/\W+/g, '-'), 'orders');
  let target: ProcessTarget | undefined;

  test('installs and builds', { timeout: 600_000 }, async (context) => {
    await makeService('orders', folder, { ...options, deploy: 'kubernetes' });
    await commit(folder);
    const command = await program(folder, row);
    if ('reason' in command) return context.skip(command.reason);
    expect(await must('git', ['status', '--porcelain'], { cwd: folder })).toBe('');
    target = { kind: 'process', name: title, folder, command, tests: true };
  });

  test('serves on while Redis is away, and uses it again', { timeout: 120_000 }, async (context) => {
    if (target === undefined) return context.skip('there is no built service: see the tests before');
    if (options.cache === 'none') return context.skip('it has no cache');
    if (!backing.hasRedis) return context.skip('Redis is not installed');
    if (options.database === 'postgres' && !backing.hasPostgres) return context.skip('PostgreSQL is not installed');
    const stores = options.database === 'postgres';
    const given = {
      REDIS_URL: (await backing.redis()).freshUrl(),
      ...(stores ? { DATABASE_URL: (await (await backing.postgres()).createDatabase()).url } : {}),
    };
    if (stores)
      await must(target.command[0] ?? '', [...target.command.slice(1), 'migrate'], { cwd: folder, env: given });
    const { service, proxy, stop } = await behindProxy(target.command, folder, given);
    try {
      const body = stores ? { sku: 'BOOK-1', name: 'A book', priceCents: 1250 } : { title: 'A book' };
      const path = stores ? '/products' : '/slugs';
      const made = await service.ask(path, { method: 'POST', body });
      expect(made.status, made.text).toBe(stores ? 201 : 200);
      const read = stores ? `/products/${(made.json as { id: string }).id}` : '/openapi.json';
      const { text } = await service.ask(read);
      for (const fall of [() => proxy.down(), () => proxy.stall()]) {
        await fall();
        const away = await Promise.all([read, '/health/ready', '/health/live'].map((one) => service.ask(one)));
        expect(away.map(({ status }) => status)).toEqual([200, 200, 200]);
        expect(away[0]?.text).toBe(text);
        await proxy.up();
        expect((await service.ask(read)).text).toBe(text);
      }
    } finally {
      await stop();
    }
  });

  test('keeps every rule of the contract', { timeout: 600_000 }, async (context) => {
    if (target === undefined) return context.skip('there is no built service: see the test before');
    const report = await verify(target, { backing });
    reports.push(report);
    console.log(renderFindings(report));
    expect(report.results.filter(({ outcome }) => outcome === 'broken').map(({ rule }) => rule.id)).toEqual([]);
    if (options.database === 'postgres' && !backing.hasPostgres) return;
    if (options.cache === 'redis' && !backing.hasRedis) return;
    const isBare = options.database === 'none' && options.cache === 'none';
    const inPart = report.results.flatMap(({ rule, leftOut = [] }) => leftOut.map((what) => `${rule.id}: ${what}`));
    expect(inPart).toEqual([
      ...(isBare ? ['III-1: secrets in what it prints: no variable with a type is one'] : []),
      ...(row.stack === 'typescript'
        ? []
        : [expect.stringMatching(/^XI-1: a crash: it can be asked for in .* alone$/)]),
    ]);
    // The clock of a program in Node is moved, and no other.
    const hidden = row.stack === 'typescript' ? [] : ['IX-7'];
    const left = [...IMAGE_ONLY, ...WORKER_ONLY, ...hidden, ...(options.database === 'none' ? STORED : [])];
    expect(keptIn(report)).toEqual(rules.map(({ id }) => id).filter((id) => !left.includes(id)));
  });
});
