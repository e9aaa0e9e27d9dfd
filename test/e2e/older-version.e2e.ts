import { appendFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { Backing } from '../../contract/harness/backing/backing.ts';
import { lostLines } from '../../engine/core/merge/text/lost-lines.ts';
import { loadPackedTemplate } from '../../engine/io/source/packed.ts';
import { makeFleet } from '../../scripts/fleet/make.ts';
import { buildOldProgram } from '../support/old-program.ts';
import { registry } from '../support/registry.ts';
import { standardLines, texts } from './support/fleet.ts';
import { commandsFor } from './support/growing.ts';
import { npmCi } from './support/installed.ts';
import { rowsOf } from './support/rows.ts';
import { must, run } from './support/run.ts';
import { bin, commit, root, workFolder } from './support/service.ts';

/** Services of an older version, grown by its generators and edited, upgraded to today's: edits are kept, and they work. */
const VERSION = '0.1.0';
const rows = [
  { database: 'postgres', cache: 'redis', ci: 'github' },
  { database: 'none', cache: 'none', ci: 'gitlab' },
] as const;

const backing = new Backing();
const work = workFolder();
const old = buildOldProgram(VERSION, join(work.folder, 'program'));
if (!old) console.warn(`skipped: this clone does not have the commit of ${VERSION}`);

const closing: (() => void)[] = [];
afterAll(async () => {
  for (const close of closing) close();
  await backing.stop();
  work.remove();
});

describe.skipIf(!old).each(rowsOf(rows, 'services of an older version', rows.length))(
  `a service of ${VERSION} with database $database and cache $cache`,
  (options) => {
    const folder = join(work.folder, `${options.database}-${options.cache}`, 'orders');
    let env: NodeJS.ProcessEnv = {};
    let next: readonly string[] = [];
    const npm = (args: readonly string[], more = {}) =>
      must('npm', args, { cwd: folder, env: { ...env, ...more }, timeout: 600_000 });
    const change = (path: string, from: string, to: string) => {
      const text = readFileSync(join(folder, path), 'utf8');
      expect([path, text]).toEqual([path, expect.stringContaining(from)]);
      writeFileSync(join(folder, path), text.replace(from, to));
    };

    beforeAll(async () => {
      env = await whereItIsPublished();
      const asked = Object.entries(options).flatMap(([name, value]) => [`--${name}`, value]);
      await must(process.execPath, [
        old?.bin ?? '',
        'orders',
        '--dir',
        folder,
        ...asked,
        '--yes',
        '--no-git',
        '--no-install',
      ]);
      for (const command of commandsFor(options))
        await must(process.execPath, [old?.bin ?? '', ...command], { cwd: folder });
      // One edit of each kind of file: moved, in its place, and the team's own.
      change('src/config/http.ts', 'export', '// The gateway has a limit of its own.\nexport');
      appendFileSync(join(folder, 'src/platform/failure.ts'), '// The supervisor knows these codes.\n');
      change('package.json', '"license"', '"homepage": "https://orders.example",\n  "license"');
      // What a team wrote on top of the example stays as it is, and still fits the platform.
      if (options.database === 'postgres')
        appendFileSync(join(folder, 'src/features/products/routes.ts'), '// Ours.\n');
      appendFileSync(join(folder, 'README.md'), '\n## On call\n\nAsk the team.\n');
      await commit(folder);
    }, 120_000);

    test('is not grown half: an addition says to upgrade first', async () => {
      const { code, stderr } = await run(process.execPath, [bin, 'add-task', 'late'], { cwd: folder });
      expect([code, stderr]).toEqual([
        3,
        expect.stringMatching(/layout of create-twelve-service 0\.1\.0.*\n.*Upgrade the service first/),
      ]);
      expect(await must('git', ['status', '--porcelain'], { cwd: folder })).toBe('');
    });

    test('is upgraded without a conflict, and edits follow where files moved', { timeout: 120_000 }, async () => {
      const { code, stdout, stderr } = await run(process.execPath, [bin, 'upgrade', '--format', 'json'], {
        cwd: folder,
        env,
      });
      const { files, conflicts, ...told } = JSON.parse(stdout) as {
        files: object[];
        conflicts: string[];
        next: string[];
      };
      next = told.next;
      console.log(`${options.database}, ${options.cache}: ${files.length} files, ${conflicts.length} conflicts`);
      expect([conflicts, code, stderr]).toEqual([[], 0, '']);
      const text = (path: string) => readFileSync(join(folder, path), 'utf8');
      expect(text('src/platform/config/http.ts')).toContain('a limit of its own');
      expect(text('src/platform/failure.ts')).toContain('The supervisor knows these codes.');
      expect(text('package.json')).toContain('https://orders.example');
      expect(text('README.md')).toContain('Ask the team.');
      for (const path of ['src/verbs', 'src/migrations', 'src/platform/metrics.ts'])
        expect([path, existsSync(join(folder, path))]).toEqual([path, false]);
    });

    test('is linted, typed and passes its tests', { timeout: 900_000 }, async (context) => {
      if (options.database === 'postgres' && !backing.hasPostgres) return context.skip('PostgreSQL is not installed');
      const DATABASE_URL =
        options.database === 'postgres' ? (await (await backing.postgres()).createDatabase()).url : undefined;
      const REDIS_URL = options.cache === 'redis' && backing.hasRedis ? (await backing.redis()).freshUrl() : undefined;
      await npmCi(folder);
      // The upgrade says so where a document has to be derived again.
      if (next.includes('npm run docs')) await npm(['run', 'docs']);
      await npm(['run', 'lint']);
      await npm(['run', 'typecheck']);
      expect(await npm(['test'], { DATABASE_URL, REDIS_URL })).toMatch(/fail 0/);
    });

    test('can be grown again', async () => {
      await must(process.execPath, [bin, 'add-task', 'late'], { cwd: folder });
    });
  },
);

describe.skipIf(!old)(`a fleet of ${VERSION}`, () => {
  test('is upgraded: no line of a team is lost, and few services need a person', { timeout: 480_000 }, async () => {
    const home = join(work.folder, 'fleet');
    const env = await whereItIsPublished();
    // The files of old presets are in its cache, as on a machine that once used them.
    vi.stubEnv('XDG_CACHE_HOME', env.XDG_CACHE_HOME);
    const template = loadPackedTemplate(join(old?.folder ?? '', 'dist/templates/typescript'));
    const { services } = await makeFleet({ folder: home, services: 24, seed: 7, git: true, template });
    const isOfStandard = standardLines(
      join(home, 'presets'),
      join(root, 'templates'),
      join(old?.folder ?? '', 'templates'),
    );
    const counts = { clean: 0, conflict: 0, refused: 0 };
    const conflicts: string[] = [];
    for (const service of services) {
      const folder = join(home, service);
      const before = texts(folder);
      const { code, stdout, stderr } = await run(
        process.execPath,
        [bin, 'upgrade', '--no-install', '--format', 'json'],
        { cwd: folder, env },
      );
      // What edits made of a service before: a broken manifest, a link in place of a file.
      if (code !== 0 && code !== 4) {
        expect([service, [3, 6].includes(code), stderr]).toEqual([
          service,
          true,
          expect.stringContaining('.twelve.json'),
        ]);
        counts.refused += 1;
        continue;
      }
      const found = JSON.parse(stdout) as { conflicts: string[] };
      counts[found.conflicts.length > 0 ? 'conflict' : 'clean'] += 1;
      conflicts.push(...found.conflicts);
      const after = [...texts(folder).values()].join('\n');
      const lost = [...before.values()].flatMap((text) => lostLines('', text, after));
      expect([service, lost.filter((line) => !isOfStandard(line))]).toEqual([service, []]);
    }
    console.log(
      `${services.length} services of ${VERSION}: ${JSON.stringify(counts)}; conflicts in ${conflicts.join(', ') || 'no file'}`,
    );
    expect(counts.conflict).toBeLessThan(services.length / 4);
  });
});

/** Where npm finds the old version beside every other package. */
async function whereItIsPublished(): Promise<NodeJS.ProcessEnv> {
  const beyond = (await must('npm', ['config', 'get', 'registry'])).replace(/\/?$/, '/');
  const server = await registry({ beyond }, (close) => closing.push(close));
  server.publish('create-twelve-service', VERSION, old?.tarball ?? Buffer.alloc(0));
  return { npm_config_registry: server.url, XDG_CACHE_HOME: join(work.folder, 'cache') };
}
