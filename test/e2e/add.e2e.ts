import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { Backing } from '../../contract/harness/backing/backing.ts';
import { write } from '../support/folder.ts';
import { registry } from '../support/registry.ts';
import { npmCi } from './support/installed.ts';
import { must } from './support/run.ts';
import { bin, commit, root, workFolder } from './support/service.ts';

/** A service under a preset, grown by its own `npm run add`: npm gets this program from a registry. */

const work = workFolder();
const folder = join(work.folder, 'orders');
const backing = new Backing();
afterAll(async () => {
  await backing.stop();
  work.remove();
});

const STANDARD = {
  'preset.yaml': `schema: 1
name: "@acme/standard"
version: 1.0.0
locked: { ci: github }
required: [author]
questions: [{ name: team, message: Team, type: string }]
layers: [{ path: base }]
ownership: [[CODEOWNERS, managed]]
`,
  'base/CODEOWNERS.hbs': '* @acme/{{team}}\n',
  'base/package.json': '{ "config": { "standard": "acme" } }\n',
  'blocks/agents-rules.hbs': '- Ask {{team}} before a new dependency.\n',
};

const ADDED = [
  ['endpoint', 'GET /greetings/:name', '--response', 'greeting:string', '--query', 'limit:int>0?'],
  ['client', 'payments', '--base-url-env', 'PAYMENTS_URL'],
  ['worker', 'invoice-mailer'],
  ['resource', 'invoice', 'number:string:unique', 'total:decimal'],
];

test('a service under a preset grows by its own script', { timeout: 480_000 }, async () => {
  write(join(work.folder, 'standard'), STANDARD);
  const answers = ['--author', 'Acme', '--team', 'pay', '--database', 'postgres', '--cache', 'redis'];
  const make = [bin, 'orders', '--preset', './standard', ...answers, '--no-git', '--no-install', '--yes'];
  await must(process.execPath, make, { cwd: work.folder });
  await commit(folder);

  const { name, version, bin: bins } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  await must('npm', ['pack', root, '--ignore-scripts', '--pack-destination', work.folder], { cwd: work.folder });
  const packed = readFileSync(join(work.folder, `${name}-${version}.tgz`));
  const server = await registry();
  server.publish(name, version, packed, packed, { bin: bins });
  const env = { npm_config_registry: server.url, npm_config_cache: join(work.folder, 'npm-cache') };
  for (const words of ADDED) await must('npm', ['run', 'add', '--', ...words], { cwd: folder, env });

  const manifest = JSON.parse(readFileSync(join(folder, '.twelve.json'), 'utf8'));
  expect(manifest.presets).toMatchObject([{ name: '@acme/standard', source: '../standard' }]);
  expect(readdirSync(join(folder, '.twelve/additions'))).toHaveLength(ADDED.length);
  expect(readFileSync(join(folder, 'CODEOWNERS'), 'utf8')).toBe('* @acme/pay\n');
  await must('git', ['add', '--all'], { cwd: folder });
  const identity = ['-c', 'user.name=e2e', '-c', 'user.email=e2e@example.org'];
  await must('git', [...identity, 'commit', '--quiet', '--message', 'grown'], { cwd: folder });
});

test('it installs, is linted, typed and documented, and is on its standard', { timeout: 480_000 }, async () => {
  await npmCi(folder);
  for (const script of ['lint', 'typecheck', 'docs']) await must('npm', ['run', script], { cwd: folder });
  expect(await must('git', ['status', '--porcelain'], { cwd: folder })).toBe('');
  const audited = JSON.parse(await must(process.execPath, [bin, 'audit', '--format', 'json'], { cwd: folder }));
  expect(audited.ok).toBe(true);
  const upgraded = await must(process.execPath, [bin, 'upgrade', '--format', 'json'], { cwd: folder });
  expect(await must('git', ['status', '--porcelain'], { cwd: folder }), upgraded).toBe('');
});

test('it passes its own tests', { timeout: 600_000 }, async (context) => {
  if (!backing.hasPostgres) return context.skip('PostgreSQL is not installed');
  const DATABASE_URL = (await (await backing.postgres()).createDatabase()).url;
  const REDIS_URL = backing.hasRedis ? (await backing.redis()).freshUrl() : undefined;
  const said = await must('npm', ['test'], { cwd: folder, env: { DATABASE_URL, REDIS_URL } });
  expect(said).toMatch(/fail 0/);
  for (const one of ['a limit that is no int in the query is refused', 'payments is asked', 'an invoice is created'])
    expect(said).toContain(one);
});
