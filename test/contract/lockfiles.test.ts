import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { Backing } from '../../contract/harness/backing/backing.ts';
import { findProgram } from '../../contract/harness/process/programs.ts';
import { commandsOf, findLock } from '../../contract/lockfiles.ts';
import { rule } from '../../contract/rules/II-1-frozen-install.ts';
import { node } from '../../contract/runtimes/node.ts';
import { verify } from '../../contract/verify.ts';
import { prepare } from '../../maintenance/verify/prepare.ts';
import { quiet } from '../support/quiet.ts';

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

function makeFolder(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'twelve-lockfiles-'));
  folders.push(folder);
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return folder;
}

describe('the installs of a Dockerfile', () => {
  const installsOf = (text: string) => node.installs(commandsOf(text));

  test.each([
    'RUN npm ci --omit=dev',
    'RUN --mount=type=cache,target=/root/.npm \\\n    if [ -f x ]; then export A=b; fi; \\\n    npm ci',
    'RUN ["npm", "ci"]',
    'RUN npm clean-install',
    'RUN corepack enable && pnpm install --frozen-lockfile --prod',
    'RUN corepack enable pnpm && pnpm i --frozen-lockfile',
    'ENV CI=true\nRUN pnpm install',
    'RUN yarn install --immutable',
    'RUN yarn --frozen-lockfile --production',
    'RUN bun install --frozen-lockfile',
    'RUN npm install --global pnpm@10 && pnpm install --frozen-lockfile',
    'RUN <<EOF\nset -e\nnpm ci\nEOF',
  ])('take the lock: %s', (text) => {
    expect(installsOf(text).map(({ isFrozen }) => isFrozen)).toEqual([true]);
  });

  test.each([
    'RUN npm install',
    'RUN npm i --omit=dev',
    'RUN npm install express',
    'RUN NODE_ENV=production npm install',
    'RUN sh -c "npm install"',
    'CMD npm install && node .',
    'RUN pnpm install',
    'RUN pnpm add express --frozen-lockfile',
    'RUN yarn',
    'RUN yarn install --production',
    'RUN bun install',
  ])('do not: %s', (text) => {
    expect(installsOf(text).map(({ isFrozen }) => isFrozen)).toEqual([false]);
  });

  test.each([
    '# RUN npm install',
    'COPY package.json yarn.lock ./',
    'RUN rm -rf /usr/local/bin/npm && npm prune --omit=dev && npm run build',
    'RUN npm i -g npm@11',
    'RUN corepack enable yarn && yarn --version',
    'CMD ["npm", "start"]',
  ])('are none: %s', (text) => {
    expect(installsOf(text)).toEqual([]);
  });
});

describe('the lock of a folder', () => {
  const files = { '.git/HEAD': '', 'package-lock.json': '{}', 'services/orders/package.json': '{}' };
  const lockOf = (folder: string) => findLock(node, join(folder, 'services/orders'))?.folder;

  test('is that of its workspace', () => {
    const folder = makeFolder({ ...files, 'package.json': '{ "workspaces": ["services/*"] }' });
    expect(lockOf(folder)).toBe(folder);
  });

  test('is not that of something else above it', () => {
    expect(lockOf(makeFolder({ ...files, 'package.json': '{}' }))).toBeUndefined();
  });

  test('is not outside of its repository', () => {
    const outer = { ...files, 'package.json': '{ "workspaces": ["services/*"] }' };
    expect(lockOf(makeFolder({ ...outer, 'services/orders/.git/HEAD': '' }))).toBeUndefined();
    const { '.git/HEAD': _, ...noRepository } = outer;
    expect(lockOf(makeFolder(noRepository))).toBeUndefined();
  });
});

describe('before a folder is started', () => {
  const needs = (name: string) => JSON.stringify({ name: 'x', dependencies: { [name]: `file:./${name}` } });
  async function told(folder: string) {
    const said: string[] = [];
    await prepare(folder, { tell: (text) => void said.push(text), signal: new AbortController().signal });
    return said;
  }

  test('what it needs is installed, and it gets no lock that it did not have', async () => {
    const folder = makeFolder({ 'package.json': needs('b'), 'b/package.json': '{ "name": "b", "version": "1.0.0" }' });
    expect(await told(folder)).toEqual(['running npm install --no-package-lock']);
    expect(readdirSync(folder).sort()).toEqual(['b', 'node_modules', 'package.json']);
  });

  test('what its workspace has installed is left as it is', async () => {
    const root = makeFolder({
      '.git/HEAD': '',
      'package.json': '{ "workspaces": ["a"] }',
      'package-lock.json': '{}',
      'node_modules/b/package.json': '{}',
      'a/package.json': needs('b'),
    });
    expect(await told(join(root, 'a'))).toEqual([]);
  });
});

describe('II-1', () => {
  async function look(folder: string) {
    const target = { kind: 'process', name: 'x', folder, command: ['/bin/true'], verbless: true } as const;
    const { results } = await verify(target, { watch: quiet, backing: new Backing(), rules: [rule] });
    const [result] = results;
    return { outcome: result?.outcome, got: result?.evidence.map(({ got, ok }) => `${ok} ${got}`) };
  }

  const name = { name: 'x', version: '1.0.0' };
  const lock = (dependencies?: object) =>
    JSON.stringify({ ...name, lockfileVersion: 3, requires: true, packages: { '': { ...name, ...dependencies } } });
  const manifest = JSON.stringify(name);

  test('is kept without a Dockerfile', async () => {
    const { outcome, got } = await look(makeFolder({ 'package.json': manifest, 'package-lock.json': lock() }));
    expect(got?.slice(0, 3)).toEqual(['true there', 'true not looked at: the folder has no Dockerfile', 'true exit 0']);
    expect(outcome).toBe('kept');
  });

  test('is kept by a lock at the root of a workspace, and by folders as dependencies', async () => {
    const root = makeFolder({
      '.git/HEAD': '',
      'package.json': '{ "workspaces": ["a"] }',
      'package-lock.json': lock(),
      'a/package.json': manifest,
    });
    expect((await look(join(root, 'a'))).outcome).toBe('kept');
    const local = { ...name, dependencies: { b: 'file:../b' } };
    const folder = makeFolder({ 'package.json': JSON.stringify(local), 'package-lock.json': lock() });
    expect((await look(folder)).got?.at(-1)).toContain('not looked at: other files');
  });

  test('is kept by other package managers that take the lock as it is', async () => {
    const folder = makeFolder({
      'package.json': manifest,
      'yarn.lock': '# yarn lockfile v1\n',
      Dockerfile: 'FROM node\nRUN yarn install --immutable',
    });
    expect((await look(folder)).outcome).toBe('kept');
  });

  test.each([
    ['no lock', {}],
    ['a lock that git ignores', { 'yarn.lock': '', '.gitignore': 'node_modules\n/yarn.lock\n' }],
    ['an install that may change it', { 'yarn.lock': '', Dockerfile: 'RUN yarn install' }],
  ])('is broken by %s', async (_, files) => {
    expect((await look(makeFolder({ 'package.json': manifest, ...files }))).outcome).toBe('broken');
  });

  test('is broken by a lock of another manifest', async () => {
    const other = JSON.stringify({ ...name, dependencies: { 'no-such': '1.0.0' } });
    const { got } = await look(makeFolder({ 'package.json': other, 'package-lock.json': lock() }));
    expect(got?.[2]).toMatch(/^false /);
  });

  const hasPnpm = findProgram('pnpm') !== undefined;
  if (!hasPnpm) console.log('skipped: what pnpm says of its lock needs pnpm, which is not installed here');
  test.skipIf(!hasPnpm)('asks pnpm too', async () => {
    const folder = makeFolder({
      'package.json': manifest,
      'pnpm-lock.yaml': "lockfileVersion: '9.0'\n\nsettings:\n  autoInstallPeers: true\n\nimporters:\n\n  .: {}\n",
    });
    expect((await look(folder)).outcome).toBe('kept');
  });
});
