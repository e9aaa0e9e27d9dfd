// @module-tag sampled
import { cpSync, existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { removeFolder, write } from '../support/folder.ts';
import {
  ADDED,
  type Customer,
  customer,
  DERIVED,
  expectNothingRan,
  install,
  integrity,
  LOCKFILE,
  locked,
  MISFIT,
  manifest,
  OLD,
} from '../support/locked.ts';
import { execute, run } from '../support/program.ts';
import type { Manners } from '../support/registry.ts';
import * as shops from '../support/shop.ts';
import { packageTarball } from '../support/tarball.ts';

/** A preset adds a dependency. A real npm asks a registry on this machine. */

let opened: shops.Shop;
beforeAll(async () => {
  opened = await shops.openShop(OLD, ADDED, { preset: DERIVED, presetNext: DERIVED });
});
afterAll(() => {
  removeFolder(opened.parent);
  shops.removeSmallProgram();
});

/** A copy of the service, whose npm asks a registry of its own. */
const team = (manners?: Manners) => customer(shops.copyOf(opened), manners);

/** The same, with another next version of the preset. */
async function teamOf(files: Readonly<Record<string, string>>, manners?: Manners): Promise<Customer> {
  const made = await team(manners);
  shops.release(made, '2.0.0', { files: shops.treeOf({ ...OLD, ...files }), preset: DERIVED });
  return made;
}

const text = ({ orders }: shops.Shop, path: string) => readFileSync(join(orders, path), 'utf8');
describe('a registry that answers', () => {
  it('in place: the lockfile is of the upgrade, and npm ci installs it', async () => {
    const made = await team();
    const { code, stdout, stderr } = await shops.upgrade(made, '--format', 'json');
    expect(code, stderr).toBe(0);
    const told = JSON.parse(stdout);
    expect([told.attention, told.next]).toEqual([[], ['npm ci']]);
    expect(told.files).toContainEqual({
      path: 'package-lock.json',
      outcome: 'updated',
      note: 'npm brought it in line with package.json',
    });
    expect(locked(made)).toMatchObject({
      '': { dependencies: { added: '^1.0.0', kept: '1.0.0' } },
      'node_modules/kept': { version: '1.0.0', integrity },
      'node_modules/added': { version: '1.0.0', dependencies: { deep: '1.0.0' } },
      'node_modules/deep': { version: '1.0.0' },
    });
    expect(text(made, 'package-lock.json')).not.toContain('127.0.0.1');
    expectNothingRan(made);
    await shops.commit(made);
    const installed = await install(made);
    expect(installed.code, installed.stderr).toBe(0);
    expect((await shops.upgrade(made)).code).toBe(0);
    expect(await shops.git(made, 'status', '--porcelain')).toBe('');
  });

  it('in a branch: its one commit has it', async () => {
    const made = await team();
    const { code, stdout, stderr } = await shops.upgrade(made, '--branch', '--format', 'markdown');
    expect(code, stderr).toBe(0);
    expect(stdout).toContain('- `package-lock.json`: npm brought it in line with package.json');
    expect(text(made, 'package-lock.json')).toBe(LOCKFILE);
    await shops.git(made, 'switch', '-q', 'twelve/upgrade');
    const installed = await install(made);
    expect(installed.code, installed.stderr).toBe(0);
  });

  it('a plan asks nobody, and says that the lockfile will follow', async () => {
    const made = await team();
    const before = shops.state(made);
    const { code, stdout } = await shops.upgrade(made, '--plan');
    expect([code, made.server.requests]).toEqual([0, []]);
    expect(stdout).toContain(`${MISFIT}; npm will bring it in line`);
    expect(shops.state(made)).toEqual(before);
  });

  it.each([[], ['--branch']])(
    'a lockfile that an earlier run left misfitting is mended at the current version %s',
    async (...args) => {
      const made = await team();
      expect((await shops.upgrade(made, '--no-install')).code).toBe(4);
      await shops.commit(made);
      const foretold = await shops.upgrade(made, '--plan');
      expect([foretold.code, foretold.stderr, made.server.requests]).toEqual([0, '', []]);
      expect(foretold.stdout).not.toContain('nothing to do');
      expect(foretold.stdout).toContain('npm will bring it in line');
      const { code, stdout, stderr } = await shops.upgrade(made, ...args, '--format', 'markdown');
      expect(code, stderr).toBe(0);
      expect(stdout).toMatch(/^Bring package-lock\.json in line\n/);
      if (args.length > 0) await shops.git(made, 'switch', '-q', 'twelve/upgrade');
      else await shops.commit(made);
      expect(await shops.git(made, 'show', '--format=', '--name-only')).toBe('package-lock.json\n');
      const installed = await install(made);
      expect(installed.code, installed.stderr).toBe(0);
      const again = await shops.upgrade(made, '--format', 'markdown');
      expect([again.code, again.stdout]).toEqual([0, expect.stringMatching(/^Nothing to do: /)]);
    },
  );

  it('undo takes the lockfile back too', async () => {
    const made = await team();
    const before = shops.files(made);
    expect((await shops.upgrade(made)).code).toBe(0);
    expect(text(made, 'package-lock.json')).not.toBe(LOCKFILE);
    const undone = await execute(process.execPath, [made.options.program ?? '', 'undo', '--yes'], {
      cwd: made.orders,
      env: made.options.env,
    });
    expect(undone.code, undone.stderr).toBe(0);
    expect(shops.files(made)).toEqual(before);
  });

  it('is asked with the login that the team has committed', async () => {
    const made = await team({ token: 's3cret' });
    write(made.orders, { '.npmrc': `${OLD['.npmrc']}${made.server.scope}:_authToken=\${TOKEN}\n` });
    await shops.commit(made);
    expect((await shops.upgrade(made, '--branch=denied')).code).toBe(4);
    const env = { ...made.options.env, TOKEN: 's3cret' };
    const { code, stderr } = await shops.upgrade({ ...made, options: { ...made.options, env } });
    expect(code, stderr).toBe(0);
  });

  it("keeps the team's own lockfile where it still fits", async () => {
    const made = await team();
    made.server.publish('own', '3.0.0', packageTarball('own', '3.0.0'));
    write(made.orders, { 'package.json': manifest({ kept: '1.0.0', own: '^3' }) });
    const first = await execute('npm', ['install', '--package-lock-only', '--no-audit'], {
      cwd: made.orders,
      env: made.options.env,
    });
    expect(first.code, first.stderr).toBe(0);
    await shops.commit(made);
    const own = locked(made)['node_modules/own'];
    made.server.publish('own', '3.1.0', packageTarball('own', '3.1.0'));
    const { code, stderr } = await shops.upgrade(made);
    expect(code, stderr).toBe(0);
    expect(locked(made)).toMatchObject({ 'node_modules/own': own, 'node_modules/added': { version: '1.0.0' } });
  });

  it('conflicts in package.json: the lockfile follows at --continue', async () => {
    const made = await teamOf({ 'package.json': manifest({ added: '^1.0.0', kept: '1.0.0' }, { version: '2.0.0' }) });
    writeFileSync(join(made.orders, 'package.json'), manifest({ kept: '1.0.0' }, { version: '3.0.0' }));
    await shops.commit(made);
    const { code, stdout } = await shops.upgrade(made, '--format', 'json');
    expect([code, JSON.parse(stdout).next]).toEqual([4, ['npx create-twelve-service upgrade --continue']]);
    expect(made.server.requests).toEqual([]);
    const resolved = text(made, 'package.json').replace(/<{7}.*\n(.*\n)\|{7}[^>]*>{7}.*\n/, '$1');
    writeFileSync(join(made.orders, 'package.json'), resolved);
    const ended = await shops.upgrade(made, '--continue', '--format', 'json');
    expect(ended.code, ended.stderr).toBe(0);
    expect(JSON.parse(ended.stdout)).toMatchObject({ attention: [], next: ['npm ci'] });
    const installed = await install(made);
    expect(installed.code, installed.stderr).toBe(0);
  });
});

describe('exit 4, and the command that is left', () => {
  it.each(['text', 'json', 'markdown'])('the registry is down, as %s', async (format) => {
    const made = await team();
    made.server.close();
    const { code, stdout, stderr } = await shops.upgrade(made, '--format', format);
    expect(code).toBe(4);
    const said = `${stdout}${stderr}`;
    expect(said).toContain(`${MISFIT}; npm: `);
    expect(said).toContain('ECONNREFUSED');
    expect(said).not.toMatch(/ClientRequest|node_modules|node:/);
    expect(said).toMatch(
      { text: /^Then: +npm install$/m, json: /"next":\["npm install"\]/, markdown: /^Then: `npm install`$/m }[format] ??
        /$^/,
    );
    expect(text(made, 'package.json')).toBe(ADDED['package.json']);
    expect(JSON.parse(text(made, '.twelve.json')).presets[0].version).toBe('2.0.0');
  });

  it('a branch says so in its commit', async () => {
    const made = await team({ status: 500 });
    expect((await shops.upgrade(made, '--branch')).code).toBe(4);
    expect(await shops.git(made, 'log', '-1', '--format=%B', 'twelve/upgrade')).toContain(`- [ ] ${MISFIT}; npm: `);
  });

  it('the next upgrade says it again, in a branch too, and changes nothing', async () => {
    const made = await team({ status: 404 });
    expect((await shops.upgrade(made)).code).toBe(4);
    await shops.commit(made);
    const { code, stderr } = await shops.upgrade(made);
    expect([code, stderr]).toEqual([4, expect.stringContaining(MISFIT)]);
    expect(stderr).toMatch(/^Then: +npm install$/m);
    expect(stderr).not.toContain('nothing to do');
    const page = await shops.upgrade(made, '--format', 'markdown');
    expect(page.stdout).toMatch(/^A person is needed: orders is at [\s\S]*^Then: `npm install`$/m);
    expect(await shops.git(made, 'status', '--porcelain')).toBe('');
    const told = await shops.upgrade(made, '--branch');
    expect([told.code, told.stderr]).toEqual([4, expect.stringContaining('twelve/upgrade')]);
    const message = await shops.git(made, 'log', '-1', '--format=%B', 'twelve/upgrade');
    expect(message).toMatch(/^A person is needed: orders is at [\s\S]*^Then: `npm install`$/m);
    expect(message).toContain(`- [ ] ${MISFIT}`);
    expect(await shops.git(made, 'diff', '--stat', 'HEAD', 'twelve/upgrade')).toBe('');
  });

  it('--no-install asks nobody', async () => {
    const made = await team();
    const { code, stdout } = await shops.upgrade(made, '--no-install', '--format', 'json');
    expect([code, JSON.parse(stdout).attention, made.server.requests]).toEqual([4, [MISFIT], []]);
  });

  it('the registry does not have the package', async () => {
    const made = await teamOf({ 'package.json': manifest({ kept: '1.0.0', unknown: '1.0.0' }) });
    const { code, stderr } = await shops.upgrade(made);
    expect([code, stderr]).toEqual([4, expect.stringMatching(/unknown@1\.0\.0 is missing; npm: .*404/)]);
  });

  it('two packages want different versions of a third', async () => {
    const made = await teamOf({ 'package.json': manifest({ kept: '1.0.0', picky: '1.0.0' }) });
    const { code, stderr } = await shops.upgrade(made);
    expect([code, stderr]).toEqual([4, expect.stringMatching(/picky@1\.0\.0 is missing; npm: ERESOLVE/)]);
    expect(text(made, 'package-lock.json')).toBe(LOCKFILE);
  });

  it('npm is not installed', async () => {
    const made = await team();
    const bin = join(made.parent, 'bin');
    write(bin, { git: { run: `#!/bin/sh\nexec "${await which('git')}" "$@"\n` }, node: { link: process.execPath } });
    const env = { ...made.options.env, PATH: bin };
    const { code, stderr } = await shops.upgrade({ ...made, options: { ...made.options, env } });
    expect([code, stderr]).toEqual([4, expect.stringContaining(`${MISFIT}; npm: npm is not installed`)]);
  });

  it('a package comes from a folder beside the service', async () => {
    const made = await teamOf({ 'package.json': manifest({ kept: '1.0.0', near: 'file:../near' }) });
    const { code, stderr } = await shops.upgrade(made);
    expect([code, stderr, made.server.requests]).toEqual([
      4,
      expect.stringContaining('(near comes from file:../near)'),
      [],
    ]);
  });

  it('a password in the URL of a package is not repeated', async () => {
    const secret = 'git+https://jo:s3cret@git.example/near.git';
    const made = await teamOf({ 'package.json': manifest({ kept: '1.0.0', near: secret }) });
    const { code, stderr } = await shops.upgrade(made);
    expect([code, stderr]).toEqual([
      4,
      expect.stringContaining('(near comes from git+https://***@git.example/near.git)'),
    ]);
    expect(stderr).not.toContain('s3cret');
  });

  it.each([[], ['--branch']])('a workspace has the lockfile %s', async (...args) => {
    const made = await team();
    const around = join(made.parent, 'around');
    write(around, {
      'package.json': '{"workspaces":["orders"]}',
      'package-lock.json': '{"packages":{"orders":{},"node_modules/kept":{"version":"1.0.0"}}}',
    });
    renameSync(made.orders, join(around, 'orders'));
    renameSync(join(around, 'orders/.git'), join(around, '.git'));
    const shop = { ...made, orders: join(around, 'orders'), options: { ...made.options, cwd: join(around, 'orders') } };
    cpSync(join(made.parent, 'preset'), join(around, 'preset'), { recursive: true });
    write(around, { '.gitignore': 'preset\n' });
    await shops.git(shop, 'add', '-A', '..');
    await shops.commit(shop);
    const { code, stderr } = await shops.upgrade(shop, ...args);
    expect([code, stderr]).toEqual([
      4,
      expect.stringContaining(`${MISFIT} (it is that of the npm workspace around it)`),
    ]);
    expect(made.server.requests).toEqual([]);
  });

  it('a setting of the user does not keep npm from writing it: 0', async () => {
    const made = await team();
    write(made.home, {
      '.npmrc': `registry=${made.server.url}\nsave=false\npackage-lock=false\nignore-scripts=false\n`,
    });
    expect((await shops.upgrade(made)).code).toBe(0);
    expect((await install(made)).code).toBe(0);
  });

  it('--continue with a registry that is down finishes the upgrade', async () => {
    const made = await teamOf({ 'package.json': manifest({ added: '^1.0.0', kept: '1.0.0' }, { version: '2.0.0' }) });
    writeFileSync(join(made.orders, 'package.json'), manifest({ kept: '1.0.0' }, { version: '3.0.0' }));
    await shops.commit(made);
    expect((await shops.upgrade(made)).code).toBe(4);
    writeFileSync(join(made.orders, 'package.json'), ADDED['package.json']);
    made.server.close();
    const { code, stderr } = await shops.upgrade(made, '--continue');
    expect([code, stderr]).toEqual([4, expect.stringContaining(`${MISFIT}; npm: `)]);
    expect(stderr).toMatch(/^Then: +npm install$/m);
    expect(JSON.parse(text(made, '.twelve.json'))).not.toHaveProperty('pending');
  });
});

describe('a rehearsal', () => {
  const rehearse = async (made: Customer) => {
    const args = ['rehearse', '--preset', '../preset', '--format', 'json', '.'];
    const { code, stdout, stderr } = await run(args, made.options);
    expect(stderr).toBe('');
    return { code, ...JSON.parse(stdout).services[0] };
  };

  it('says that npm will bring the lockfile in line, and asks nobody', async () => {
    const made = await team();
    const { code, result, files } = await rehearse(made);
    expect([code, result, made.server.requests]).toEqual([0, 'clean', []]);
    expect(files).toContainEqual({
      path: 'package-lock.json',
      outcome: 'updated',
      note: `${MISFIT}; npm will bring it in line`,
    });
  });

  it('counts a service for a person whose lockfile cannot follow', async () => {
    const made = await teamOf({ 'package.json': manifest({ kept: '1.0.0', near: 'file:../near' }) });
    const { code, result, files } = await rehearse(made);
    expect([code, result]).toEqual([4, 'conflict']);
    expect(files).toContainEqual(
      expect.objectContaining({ path: 'package-lock.json', attention: expect.stringContaining('near comes from') }),
    );
  });
});

describe('settings of a preset that is trusted', () => {
  it('run no program and tell nobody what the environment has', async () => {
    const made = await teamOf({
      ...ADDED,
      '.npmrc': `${OLD['.npmrc']}script-shell=./evil.sh\nregistry=http://127.0.0.1:1/\${SECRET}/\n`,
      'evil.sh': '#!/bin/sh\ntouch "$HOME/ran-shell"\n',
    });
    const env = { ...made.options.env, SECRET: 's3cret' };
    const { code, stderr } = await shops.upgrade({ ...made, options: { ...made.options, env } }, '--trust', 'acme');
    expect(code, stderr).toBe(0);
    expectNothingRan(made);
    expect(existsSync(join(made.home, 'ran-shell'))).toBe(false);
  });
});

async function which(program: string): Promise<string> {
  const { stdout } = await execute('which', [program], { cwd: dirname(process.execPath), env: process.env });
  return stdout.trim();
}
