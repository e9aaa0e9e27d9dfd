import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { Backing } from '../../contract/harness/backing/backing.ts';
import { Project } from './support/compose.ts';
import { describeWithEngine, inspect, Leftovers, mustBuild } from './support/docker.ts';
import { commandsFor, edit } from './support/growing.ts';
import { npmCi } from './support/installed.ts';
import { rowsOf } from './support/rows.ts';
import { must } from './support/run.ts';
import { bin, commit, makeService, type Options, workFolder } from './support/service.ts';

/** Services of every option set, edited as people edit, grown by every generator: twice, and in both orders. */
const rows: readonly Required<Pick<Options, 'database' | 'cache' | 'ci'>>[] = [
  { database: 'postgres', cache: 'redis', ci: 'github' },
  { database: 'postgres', cache: 'none', ci: 'gitlab' },
  { database: 'none', cache: 'redis', ci: 'gitlab' },
  { database: 'none', cache: 'none', ci: 'github' },
];

const backing = new Backing();
const work = workFolder();
afterAll(async () => {
  await backing.stop();
  work.remove();
});

describe.each(rowsOf(rows, 'services that grow'))('database $database, cache $cache, ci $ci', (options) => {
  const title = `${options.database}-${options.cache}-${options.ci}`;
  const folder = join(work.folder, title, 'orders');
  const commands = commandsFor(options);
  const grow = (cwd: string, command: readonly string[]) =>
    must(process.execPath, [bin, ...command, '--format', 'json'], { cwd });
  const git = (...args: string[]) => must('git', args, { cwd: folder });
  const npm = (args: readonly string[], env = {}) =>
    must('npm', args, { cwd: folder, env: { ...process.env, ...env } });

  test('grows beside what people wrote, the same in either order, and once', { timeout: 480_000 }, async () => {
    await makeService('orders', folder, options);
    edit(folder, options);
    await commit(folder);
    const other = `${folder}-other`;
    cpSync(folder, other, { recursive: true });

    for (const command of commands) {
      const { applied, changes } = JSON.parse(await grow(folder, command));
      expect([command, applied, changes.length > 1]).toEqual([command, true, true]);
    }
    await git('add', '--all');
    const numbers = (await git('diff', '--cached', '--numstat', 'HEAD')).trim().split('\n');
    const lost = numbers
      .map((line) => line.split('\t'))
      .filter(([, gone, path]) => gone !== '0' && path !== '.twelve.json');
    expect(lost).toEqual([]);
    await git('-c', 'user.name=e2e', '-c', 'user.email=e2e@example.org', 'commit', '--quiet', '--message', 'grown');

    for (const command of commands.filter(([verb]) => verb !== 'add-migration'))
      expect(JSON.parse(await grow(folder, command)).changes).toEqual([]);
    expect(await git('status', '--porcelain')).toBe('');

    for (const command of [...commands].reverse()) await grow(other, command);
    await must('git', ['add', '--all'], { cwd: other });
    expect(await treeOf(other)).toEqual(await treeOf(folder));
  });

  test('installs from its lockfile, and is linted, typed and documented', { timeout: 480_000 }, async () => {
    await npmCi(folder);
    await npm(['run', 'lint']);
    await npm(['run', 'typecheck']);
    await npm(['run', 'docs']);
    expect(await git('status', '--porcelain')).toBe('');
  });

  test('passes its own tests', { timeout: 600_000 }, async (context) => {
    if (options.database === 'postgres' && !backing.hasPostgres) return context.skip('PostgreSQL is not installed');
    const DATABASE_URL =
      options.database === 'postgres' ? (await (await backing.postgres()).createDatabase()).url : undefined;
    const REDIS_URL = options.cache === 'redis' && backing.hasRedis ? (await backing.redis()).freshUrl() : undefined;
    const said = await npm(['test'], { DATABASE_URL, REDIS_URL });
    expect(said).toMatch(/fail 0/);
    expect(said).toContain('invoice-mailer');
  });
});

describeWithEngine('a worker in compose', () => {
  const folder = join(work.folder, 'compose', 'orders');
  const leftovers = new Leftovers();
  const project = new Project('twelve-e2e-worker', {
    cwd: folder,
    files: ['docker-compose.orders.yaml'],
    env: { ORDERS_TAG: 'e2e-worker' },
  });
  afterAll(async () => {
    await project.down();
    await leftovers.remove();
  });

  test('comes up healthy beside web, and stops with 0', { timeout: 480_000 }, async () => {
    await makeService('orders', folder, { database: 'postgres', cache: 'none' });
    await must(process.execPath, [bin, 'add-worker', 'invoice-mailer'], { cwd: folder });
    await mustBuild(folder, leftovers.image('orders:e2e-worker'));
    await project.must('up', '--wait', 'orders', 'orders-invoice-mailer');
    const worker = await project.container('orders-invoice-mailer');
    expect((await inspect(worker)).State.Health.Status).toBe('healthy');
    await project.must('stop', 'orders-invoice-mailer');
    expect((await inspect(worker)).State.ExitCode).toBe(0);
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
