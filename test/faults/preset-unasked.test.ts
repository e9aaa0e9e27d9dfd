// @module-tag sampled
import { execFileSync } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { type Contents, filesIn, snapshot, temporaryFolder, write } from '../support/folder.ts';
import { create, inFolder, preset, readText, smallProgram } from '../support/preset.ts';
import { plainEnvironment, run } from '../support/program.ts';

/** A preset that brings what a tool would run unasked, on the machine of whoever creates or upgrades a service. */

const { program, remove } = smallProgram();
afterAll(remove);

const BASE = 'layers: [{path: layers/base}]';
const PREINSTALL = { 'layers/base/_package.json': '{"scripts": {"preinstall": "touch ran"}}' };
const SHELL = { 'layers/base/_.npmrc': 'script-shell=./x.sh\n', 'layers/base/x.sh': { run: '#!/bin/sh\ntouch ran\n' } };

const withPreset = (contents: Contents) => temporaryFolder(inFolder('preset', contents));

describe('create', () => {
  it.each<[what: string, files: Contents, key: string]>([
    ['a script that npm runs at an install', PREINSTALL, 'package.json: "scripts.preinstall"'],
    ['a shell for npm', SHELL, '.npmrc: "script-shell"'],
    ['hooks of git', { 'layers/base/.husky/pre-commit': 'x' }, '.husky/pre-commit'],
    ['what a shell runs', { 'layers/base/.envrc.hbs': 'echo {{shell name}}' }, '.envrc'],
    [
      'a hook of an assistant',
      { 'layers/base/.github/hooks/x.json': '{}' },
      '.github/hooks/x.json: a tool may run it unasked',
    ],
    [
      'a path that an answer makes',
      {
        ...preset(`${BASE}
questions: [{name: hooks, message: H, type: choice, choices: [.husky], default: .husky}]`),
        'layers/base/__hooks__/pre-commit': 'x',
      },
      '.husky/pre-commit',
    ],
  ])('%s is refused, with file and key: 6, and nothing is made', async (_what, files, key) => {
    const cwd = withPreset({ ...preset(BASE), ...files });
    const { code, stderr } = await create([], { cwd, program });
    expect(code, stderr).toBe(6);
    expect(stderr).toContain(key);
    expect(stderr).toContain('--trust @acme/standard');
    expect(filesIn(cwd).some((path) => path.startsWith('orders/'))).toBe(false);
  });

  it('is done for a preset that is trusted by its name, and repeats so; the manifest does not remember it', async () => {
    const cwd = withPreset(preset(BASE, PREINSTALL));
    const { code, stderr } = await create(['--trust', '@acme/standard'], { cwd, program });
    expect(code, stderr).toBe(0);
    expect(readText(cwd, 'orders/package.json')).toContain('preinstall');
    expect(stderr).toContain('--trust @acme/standard');
    expect(readText(cwd, 'orders/.twelve.json')).not.toMatch(/trust/);
  });

  it('names the base that brings it, and trusts nobody else for it', async () => {
    const base = inFolder('base', preset(BASE, PREINSTALL, 'name: "@acme/base"\nversion: 1.0.0'));
    const cwd = temporaryFolder({ ...base, ...inFolder('preset', preset('extends: ../base')) });
    const refused = await create(['--trust', '@acme/standard'], { cwd, program });
    expect([refused.code, refused.stderr]).toEqual([
      6,
      expect.stringMatching(/from @acme\/base.*--trust @acme\/base/s),
    ]);
    const done = await create(['--trust', '@acme/base'], { cwd, program });
    expect(done.code, done.stderr).toBe(0);
  });

  it('with a trusted name that no preset has: 2', async () => {
    const cwd = withPreset(preset());
    const { code, stderr } = await create(['--trust', '@acme/other'], { cwd, program });
    expect([code, stderr]).toEqual([2, expect.stringContaining('there is @acme/standard')]);
    const none = await run(['orders', '--yes', '--trust', 'x'], { cwd, program });
    expect([none.code, none.stderr]).toEqual([2, expect.stringContaining('--trust')]);
  });

  it('says in one line what the preset brings that runs elsewhere or later', async () => {
    const files = {
      'layers/base/.github/workflows/scan.yml': 'x',
      'layers/base/_package.json': '{"scripts": {"predev": "x"}, "lint-staged": {"*": "x"}}',
      'layers/base/.devcontainer/devcontainer.json': '{"image": "node", "postCreateCommand": "x"}',
      'blocks/runtime.hbs': 'USER 1\n',
    };
    const { code, stderr } = await create([], { cwd: withPreset(preset(BASE, files)), program });
    expect(code, stderr).toBe(0);
    expect(stderr).toContain('from @acme/standard: pipelines (.github/workflows/scan.yml), images (Dockerfile)');
    expect(stderr).toMatch(/commands in package\.json \(scripts\.predev, lint-staged\)/);
    expect(stderr).toContain('commands in .devcontainer/devcontainer.json (postCreateCommand)');
  });

  it('installs without scripts, whatever a trusted preset brings, and says which were held back', async () => {
    const lock = JSON.stringify({
      name: 'orders',
      lockfileVersion: 3,
      requires: true,
      packages: {
        '': { name: 'orders', dependencies: { b: 'file:own' }, hasInstallScript: true },
        'node_modules/b': { resolved: 'own', link: true },
        own: { name: 'b', version: '1.0.0', hasInstallScript: true },
      },
    });
    const files = {
      'layers/base/package.json':
        '{"scripts": {"preinstall": "touch ran", "prepare": "touch ran"}, "dependencies": {"b": "file:own"}}',
      'layers/base/own/package.json': '{"name": "b", "version": "1.0.0", "scripts": {"postinstall": "touch ../ran"}}',
      'layers/base/package-lock.json': lock,
      ...SHELL,
    };
    const cwd = withPreset(preset(BASE, files));
    const env = plainEnvironment({ HOME: cwd, npm_config_offline: 'true' });
    const args = [
      'orders',
      '--preset',
      './preset',
      '--yes',
      '--no-git',
      '--trust',
      '@acme/standard',
      '--format',
      'json',
    ];
    const { stdout, stderr } = await run(args, { cwd, program, env });
    const { install, notes } = JSON.parse(stdout);
    expect(install, stderr).toBe('done');
    expect(notes.join()).toMatch(/npm rebuild b, once you trust them.*npm run preinstall, npm run prepare/);
    expect(existsSync(join(cwd, 'orders/ran'))).toBe(false);
  });
});

describe('adopt', () => {
  it('brings no part that a tool runs unasked, unless the preset is trusted', async () => {
    const files = inFolder('preset', preset(BASE, { 'layers/base/.envrc': 'x\n' }));
    const cwd = temporaryFolder({ ...files, 'own/main.py': 'print()\n' });
    const args = ['adopt', '--dir', 'own', '--preset', './preset', '--part', '.envrc'];
    const refused = await run(args, { cwd, program });
    expect([refused.code, refused.stderr]).toEqual([6, expect.stringMatching(/\.envrc: a shell runs it/)]);
    expect(filesIn(join(cwd, 'own'))).toEqual(['main.py']);
    const done = await run([...args, '--trust', '@acme/standard'], { cwd, program });
    expect([0, 4], done.stderr).toContain(done.code);
    expect(readText(cwd, 'own/.envrc')).toBe('x\n');
  });
});

describe('upgrade', () => {
  const version = (number: string, files: Contents, yaml = '') =>
    inFolder(
      'preset',
      preset(
        `${BASE}\n${yaml}`,
        { 'layers/base/a.txt': `${number}\n`, ...files },
        `name: "@acme/standard"\nversion: ${number}`,
      ),
    );

  /** A service of version 1.0.0, in a repository with its preset. */
  async function serviceOf(files: Contents, args: readonly string[] = []) {
    const cwd = temporaryFolder(version('1.0.0', files));
    const made = await create(args, { cwd, program });
    expect(made.code, made.stderr).toBe(0);
    const commit = () =>
      execFileSync('sh', ['-c', 'git add -A && git -c user.name=x -c user.email=x@x commit -qm x'], { cwd });
    execFileSync('git', ['init', '-q'], { cwd });
    commit();
    const upgradeTo = async (number: string, next: Contents, yaml = '', more: readonly string[] = []) => {
      write(cwd, version(number, next, yaml));
      commit();
      const before = snapshot(join(cwd, 'orders'));
      const result = await run(['upgrade', '--dir', 'orders', ...more], { cwd, program });
      return { ...result, isSame: JSON.stringify(before) === JSON.stringify(snapshot(join(cwd, 'orders'))) };
    };
    return { cwd, orders: join(cwd, 'orders'), commit, upgradeTo };
  }

  it('to a version that brings something new is refused, in place, in a branch and in a rehearsal; --trust lets it', async () => {
    const { cwd, orders, upgradeTo } = await serviceOf({});
    const refused = await upgradeTo('2.0.0', PREINSTALL);
    expect([refused.code, refused.stderr, refused.isSame]).toEqual([
      6,
      expect.stringMatching(/package\.json: "scripts\.preinstall".*--trust @acme\/standard/s),
      true,
    ]);
    expect((await run(['upgrade', '--dir', 'orders', '--branch'], { cwd, program })).code).toBe(6);
    const rehearsed = await run(['rehearse', 'orders', '--preset', './preset', '--format', 'json'], { cwd, program });
    expect([rehearsed.code, rehearsed.stdout]).toEqual([4, expect.stringContaining('TEMPLATE_UNSAFE')]);
    const done = await run(['upgrade', '--dir', 'orders', '--trust', '@acme/standard'], { cwd, program });
    expect(done.code, done.stderr).toBe(0);
    expect(readText(orders, 'package.json')).toContain('preinstall');
  });

  it('by a migration that sets such a key is refused', async () => {
    const { upgradeTo } = await serviceOf({});
    const yaml = 'migrations: [{version: 2.0.0, set: [{file: package.json, key: [scripts, postinstall], value: x}]}]';
    const { code, stderr, isSame } = await upgradeTo('2.0.0', {}, yaml);
    expect([code, stderr, isSame]).toEqual([6, expect.stringContaining('"scripts.postinstall"'), true]);
  });

  it('of a service that has it already goes on, until it changes', async () => {
    const { orders, commit, upgradeTo } = await serviceOf(PREINSTALL, ['--trust', '@acme/standard']);
    const same = await upgradeTo('2.0.0', PREINSTALL);
    expect(same.code, same.stderr).toBe(0);
    expect(readText(orders, 'a.txt')).toBe('2.0.0\n');
    commit();
    const changed = await upgradeTo('3.0.0', { 'layers/base/_package.json': '{"scripts": {"preinstall": "other"}}' });
    expect(changed.code).toBe(6);
  });

  it('leaves what the team has of its own in peace', async () => {
    const { orders, commit, upgradeTo } = await serviceOf({});
    writeFileSync(join(orders, '.envrc'), 'export A=1\n');
    commit();
    const { code, stderr } = await upgradeTo('2.0.0', {});
    expect(code, stderr).toBe(0);
    expect(readText(orders, '.envrc')).toBe('export A=1\n');
  });
});
