// @module-tag sampled
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { temporaryFolder, write } from '../support/folder.ts';
import {
  ADDED,
  type Customer,
  customer,
  DERIVED,
  expectNothingRan,
  install,
  locked,
  MISFIT,
} from '../support/locked.ts';
import { execute, type RunResult, run } from '../support/program.ts';
import type { Manners } from '../support/registry.ts';
import * as shops from '../support/shop.ts';

/** A new service of a preset that adds a dependency which no lockfile has yet. A real npm asks a registry on this machine. */

afterAll(() => shops.removeSmallProgram());

async function preset(manners?: Manners): Promise<Customer> {
  const shop = shops.shopAt(temporaryFolder());
  shops.release(shop, '1.0.0', { files: shops.treeOf(ADDED), preset: DERIVED });
  return customer(shop, manners);
}

function create({ parent, options }: Customer, ...args: string[]): Promise<RunResult> {
  return run(['orders', '--preset', './preset', '--yes', ...args], { ...options, cwd: parent });
}

it('the lockfile is brought in line before the first commit, and installed', async () => {
  const made = await preset();
  const { code, stdout, stderr } = await create(made, '--format', 'json');
  expect(code, stderr).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({ git: 'done', install: 'done', next: [] });
  expect(locked(made)).toMatchObject({ 'node_modules/added': { version: '1.0.0' } });
  expect(await shops.git(made, 'status', '--porcelain')).toBe('');
  expectNothingRan(made);
  const clone = join(made.parent, 'clone');
  await shops.git(made, 'clone', '-q', '.', clone);
  const installed = await install({ ...made, orders: clone });
  expect(installed.code, installed.stderr).toBe(0);
});

it.each(['text', 'json'])('--no-install: 4, and the command that works, as %s', async (format) => {
  const made = await preset();
  const { code, stdout, stderr } = await create(made, '--no-install', '--format', format);
  expect([code, made.server.requests]).toEqual([4, []]);
  if (format === 'json') expect(JSON.parse(stdout)).toMatchObject({ attention: [MISFIT], next: ['npm install'] });
  else
    expect(stderr).toMatch(
      /look: package-lock\.json does not fit .*\n(?:.*\n)?Run it: +cd orders && npm install && npm run dev\n/,
    );
  expect(`${stdout}${stderr}`).not.toContain('npm ci');
  const args = ['install', '--ignore-scripts', '--no-audit', '--no-fund'];
  expect((await execute('npm', args, { cwd: made.orders, env: made.options.env })).code).toBe(0);
  expect((await install(made)).code).toBe(0);
});

it('the registry is down: 4, the files are complete, and it says what is left', async () => {
  const made = await preset();
  made.server.close();
  const { code, stderr } = await create(made);
  expect(code).toBe(4);
  expect(stderr).toMatch(/look: package-lock\.json does not fit .*; npm: .*ECONNREFUSED/);
  expect(stderr).toMatch(/Run it: +cd orders && npm install && npm run dev/);
  expect(await shops.git(made, 'status', '--porcelain')).toBe('');
});

it('a setting of npm holds back the only version: 4, and it is said as what it is', async () => {
  const made = await preset();
  made.server.age('added', '1.0.0', 2);
  const env = { ...made.options.env, npm_config_min_release_age: '7' };
  const { code, stderr } = await create({ ...made, options: { ...made.options, env } });
  expect(code).toBe(4);
  expect(stderr).toMatch(/npm takes no version of added.*min-release-age.*holds back what is too young; wait until/);
});

it('SIGTERM while the registry does not answer: 4, and it says what is left', async () => {
  const made = await preset({ stalls: true });
  const args = [made.options.program ?? '', 'orders', '--preset', './preset', '--yes'];
  const child = spawn(process.execPath, args, { cwd: made.parent, env: made.options.env });
  let stderr = '';
  child.stderr.on('data', (data) => {
    stderr += data;
  });
  const ended = new Promise((resolve) => child.on('close', resolve));
  while (made.server.requests.length === 0) await new Promise((next) => setTimeout(next, 20));
  child.kill('SIGTERM');
  expect([await ended, stderr]).toEqual([4, expect.stringContaining('npm: it was stopped by SIGTERM')]);
  expect(stderr).toMatch(/Run it: +cd orders && npm install && npm run dev/);
});

it('in a workspace its own npm install is the command', async () => {
  const made = await preset();
  write(made.parent, { 'package.json': '{"workspaces": ["orders"]}' });
  const { code, stderr } = await create(made);
  expect(code, stderr).toBe(0);
  expect(stderr).toMatch(/Run it: +cd orders && npm install && npm run dev/);
});
