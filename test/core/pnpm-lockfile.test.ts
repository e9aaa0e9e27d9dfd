import { describe, expect, it } from 'vitest';
import { checkPnpmLockfile } from '../../stacks/typescript/pnpm/check.ts';
import { installedByPnpm, refreshPnpmLockfile } from '../../stacks/typescript/pnpm/refresh.ts';

const MANIFEST = { name: 'orders', dependencies: { pino: '10.4.0' }, devDependencies: { typescript: '7.0.2' } };
const LOCKFILE = `lockfileVersion: '9.0'

overrides:
  light-my-request: 6.6.0

importers:

  .:
    dependencies:
      pino:
        specifier: 10.4.0
        version: 10.4.0
    devDependencies:
      typescript:
        specifier: 7.0.2
        version: 7.0.2
`;
const SETTINGS = 'overrides:\n  light-my-request: 6.6.0\n';

function files(changes: Record<string, string | undefined> = {}) {
  const all: Record<string, string | undefined> = {
    'package.json': JSON.stringify(MANIFEST),
    'pnpm-lock.yaml': LOCKFILE,
    'pnpm-workspace.yaml': SETTINGS,
    ...changes,
  };
  return (path: string) => all[path];
}

const manifest = (changes: object) => ({ 'package.json': JSON.stringify({ ...MANIFEST, ...changes }) });

describe('a lockfile of pnpm', () => {
  it.each([
    ['as it is', {}, []],
    ['behind one document about pnpm itself', { 'pnpm-lock.yaml': `---\npackageManager: x\n---\n${LOCKFILE}` }, []],
    ['of another version', manifest({ dependencies: { pino: '10.4.1' } }), ['pino@10.4.1: it has 10.4.0']],
    ['without a package', manifest({ dependencies: { pino: '10.4.0', ms: '2.1.3' } }), ['ms@2.1.3 is missing']],
    ['with one too many', manifest({ devDependencies: {} }), ['typescript is not asked for']],
    ['without its override', { 'pnpm-workspace.yaml': '' }, ['override light-my-request is not asked for']],
    ['that is no map', { 'pnpm-lock.yaml': '<<<<<<< ours\n' }, ['it is not a YAML map']],
  ])('%s', async (_, changes, reasons) => {
    const state = await checkPnpmLockfile(files(changes as Record<string, string>));
    const path = 'pnpm-lock.yaml';
    const isFit = reasons.length === 0;
    expect(state).toEqual(isFit ? { kind: 'fits', path } : { kind: 'misfit', path, reasons, isShared: false });
  });

  it.each([
    ['no manifest', { 'package.json': undefined }, 'none'],
    ['a manifest with conflict markers', { 'package.json': '<<<<<<< ours' }, 'unreadable'],
    ['no lockfile', { 'pnpm-lock.yaml': undefined }, 'unlocked'],
    ['the lockfile of another tool', { 'pnpm-lock.yaml': undefined, 'package-lock.json': '{}' }, 'none'],
  ])('%s', async (_, changes, kind) => {
    expect((await checkPnpmLockfile(files(changes))).kind).toBe(kind);
  });

  it('is brought in line with the settings that can do no harm, by the pnpm that is there', async () => {
    const settings = `${SETTINGS}configDependencies:\n  evil: 1.0.0\npnpmfile: ./evil.cjs\n`;
    const read = files({ 'pnpm-workspace.yaml': settings, '.npmrc': 'script-shell=./evil.sh\n' });
    const recipe = await refreshPnpmLockfile(read, read);
    if (typeof recipe === 'string') expect.fail(recipe);
    expect(recipe.files['pnpm-workspace.yaml']).toBe(`${SETTINGS}pmOnFail: ignore\n`);
    expect(Object.keys(recipe.files).sort()).toEqual(['package.json', 'pnpm-lock.yaml', 'pnpm-workspace.yaml']);
    expect(recipe.command).toEqual(expect.arrayContaining(['pnpm', '--lockfile-only', '--ignore-scripts']));
  });

  it.each([
    ['a workspace', { 'pnpm-workspace.yaml': 'packages: [a]\n' }, 'it is a workspace'],
    ['a folder', manifest({ dependencies: { pino: 'file:../pino' } }), 'pino comes from file:../pino'],
  ])('is left to a person where %s belongs to it', async (_, changes, reason) => {
    const read = files(changes as Record<string, string>);
    expect(await refreshPnpmLockfile(read, read)).toBe(reason);
  });
});

it('what pnpm says of a failure is one line, without its frame, its warnings and its help', () => {
  const said = `[WARN] Unsupported engine for cookie@2.0.2
Error: ERR_PNPM_OUTDATED_LOCKFILE

  × installing dependencies
  ╰─▶ Cannot install with "frozen-lockfile" because pnpm-lock.yaml is not up
      to date with package.json.
  help: Regenerate the lockfile
`;
  expect(installedByPnpm(said)).toMatchObject({
    isWhole: true,
    reason:
      'ERR_PNPM_OUTDATED_LOCKFILE installing dependencies Cannot install with "frozen-lockfile" because pnpm-lock.yaml is not up to date with package.json.',
  });
});
