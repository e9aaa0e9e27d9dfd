// @module-tag sampled
import { spawnSync } from 'node:child_process';
import { cpSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { npmUser } from '../support/fetching.ts';
import { filesIn, makeFolder, removeFolder, snapshot, write } from '../support/folder.ts';
import { inFolder, manifestOf, preset } from '../support/preset.ts';
import { execute, FILES_ONLY, ROOT, run } from '../support/program.ts';
import { registry } from '../support/registry.ts';

/**
 * `npm run add` of a generated service: a real npm, which gets this program from a registry as it would be published.
 */

const noNpm = spawnSync('npm', ['--version'], { stdio: 'ignore' }).status === 0 ? undefined : 'there is no npm here';
if (noNpm) console.warn(`skipped: ${noNpm}`);

const PACKAGE = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
const home = makeFolder();
afterAll(() => removeFolder(home));

let packed: Buffer;
beforeAll(async () => {
  if (noNpm) return;
  const args = ['pack', ROOT, '--ignore-scripts', '--pack-destination', home];
  const { code, stderr } = await execute('npm', args, { cwd: home });
  expect(code, stderr).toBe(0);
  packed = readFileSync(join(home, `${PACKAGE.name}-${PACKAGE.version}.tgz`));
  const standard = preset('layers: [{path: base}]\nlocked: {database: none}', { 'base/STANDARD.md': 'ours\n' });
  write(home, inFolder('standard', standard));
  for (const [dir, ...more] of [['plain'], ['standardised', '--preset', './standard']]) {
    const made = await run(['orders', '--dir', String(dir), ...more, '--yes', ...FILES_ONLY], { cwd: home });
    expect(made.code, made.stderr).toBe(0);
  }
});

/** A person with a copy of a service, whose npm asks a registry that has this program. */
async function person(service: string) {
  const server = await registry();
  const { name, version, bin } = PACKAGE;
  server.publish(name, version, packed, packed, { bin });
  const user = npmUser(server);
  for (const folder of ['standard', service]) cpSync(join(home, folder), join(user.home, folder), { recursive: true });
  const cwd = join(user.home, service);
  const add = (...args: string[]) => execute('npm', ['run', '--silent', 'add', ...args], { cwd, env: user.env });
  return { cwd, add };
}

/** The files of a service without the record for undo, which contains the process id. */
const filesOf = (folder: string) =>
  Object.fromEntries(Object.entries(snapshot(folder)).filter(([path]) => !/^\.(twelve-undo|$)/.test(path)));

/** The result of running the program itself in a copy of the service. */
async function byItself(service: string, args: readonly string[]) {
  const folder = makeFolder();
  try {
    cpSync(join(home, service), folder, { recursive: true });
    const { code, stderr } = await run([...args, '--yes'], { cwd: folder });
    expect(code, stderr).toBe(0);
    return filesOf(folder);
  } finally {
    removeFolder(folder);
  }
}

describe.skipIf(noNpm)('npm run add', () => {
  const endpoint = ['GET /greetings/:name', '--response', 'greeting:string', '--query', 'limit:int>0?'];

  it.each(['plain', 'standardised'])('of a service (%s) adds what the command does, once', async (service) => {
    const { cwd, add } = await person(service);
    const added = await add('--', 'endpoint', ...endpoint);
    expect(added.code, added.stderr).toBe(0);
    expect(filesOf(cwd)).toEqual(await byItself(service, ['add-endpoint', ...endpoint]));
    expect(filesIn(join(cwd, '.twelve/additions'))).toEqual([expect.stringMatching(/^endpoint-get-greetings-name\./)]);
    const before = snapshot(cwd);
    const again = await add('--', 'endpoint', ...endpoint);
    expect([again.code, again.stderr]).toEqual([0, expect.stringContaining('Nothing to do')]);
    expect(snapshot(cwd)).toEqual(before);
  });

  it('keeps the preset of a service on record', async () => {
    const { cwd, add } = await person('standardised');
    const { presets } = manifestOf(cwd);
    const { code, stderr } = await add('--', 'client', 'payments');
    expect(code, stderr).toBe(0);
    expect(manifestOf(cwd).presets).toEqual(presets);
    expect(presets).toMatchObject([{ name: '@acme/standard', source: '../standard' }]);
  });

  it('with an unknown word ends with 2 and lists the generators', async () => {
    const { cwd, add } = await person('plain');
    const before = snapshot(cwd);
    const { code, stderr } = await add('--', 'endpiont', 'GET /x');
    expect([code, stderr]).toEqual([
      2,
      expect.stringMatching(/add what\? endpoint,.*; "endpiont" is not one of them; did you mean endpoint\?/),
    ]);
    expect(snapshot(cwd)).toEqual(before);
  });

  it('without `--` writes what the user asked for, or nothing', async () => {
    const { cwd, add } = await person('plain');
    const before = snapshot(cwd);
    const planned = await add('task', 'backfill-totals', '--plan');
    expect([planned.code, snapshot(cwd)]).toEqual([0, before]);
    const added = await add('client', 'payments', '--base-url-env=PAYMENTS_URL');
    expect(added.code, added.stderr).toBe(0);
    expect(filesOf(cwd)).toEqual(await byItself('plain', ['add-client', 'payments', '--base-url-env', 'PAYMENTS_URL']));
  });
});
