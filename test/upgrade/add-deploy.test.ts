// @module-tag sampled
import { execFileSync } from 'node:child_process';
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { makeFolder, removeFolder, snapshot, temporaryFolder, write } from '../support/folder.ts';
import { inFolder, manifestOf, preset } from '../support/preset.ts';
import { FILES_ONLY, plainEnvironment, run } from '../support/program.ts';

/** `add-deploy kubernetes` gives a service that is there what `create --deploy kubernetes` would have made of it. */

const DEPLOY = ['add-deploy', 'kubernetes'];
const KUBERNETES = ['--deploy', 'kubernetes'];
const PIPELINE = '.github/workflows/ci.yml';

const home = makeFolder();
afterAll(() => removeFolder(home));

async function succeed(cwd: string, ...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await run(args, { cwd });
  expect([args.join(' '), code], stderr).toEqual([args.join(' '), 0]);
  return stdout + stderr;
}

/** The files without the record of the last run. Migrations are named after the second in which they were made. */
function filesOf(folder: string): Record<string, string> {
  return Object.fromEntries(
    Object.entries(snapshot(folder))
      .filter(([path]) => path !== '.' && !/^\.(git|twelve-undo)(\/|$)/.test(path))
      .map(([path, what]) => [path.replace(/\d{14}/, 'NOW'), what]),
  );
}

async function refuse(cwd: string, args: readonly string[], exit: number, code: string): Promise<string> {
  const before = snapshot(cwd);
  const { code: ended, stdout, stderr } = await run([...args, '--format', 'json'], { cwd });
  expect([ended, JSON.parse(stdout)], stderr).toEqual([
    exit,
    expect.objectContaining({ ok: false, code, exit, remedy: expect.stringMatching(/./) }),
  ]);
  expect(snapshot(cwd)).toEqual(before);
  return stderr;
}

function edit(folder: string, path: string, how: (text: string) => string): void {
  const before = readFileSync(join(folder, path), 'utf8');
  const after = how(before);
  expect(after).not.toBe(before);
  writeFileSync(join(folder, path), after);
}

function git(cwd: string, ...args: string[]): void {
  const who = ['-c', 'user.name=A', '-c', 'user.email=a@example.invalid'];
  execFileSync('git', [...who, ...args], { cwd, env: plainEnvironment(), stdio: 'ignore' });
}

function commit(cwd: string): void {
  git(cwd, 'init', '--quiet');
  git(cwd, 'add', '--all');
  git(cwd, 'commit', '--quiet', '--message', 'A step');
}

const GROWN = [
  ['add-client', 'payments'],
  ['add-worker', 'mailer'],
  ['add-client', 'url-shortener', '--base-url-env', 'SHORT_URL'],
  ['add-task', 'reindex'],
  ['add-endpoint', 'GET /greetings/:name'],
  ['add-worker', 'biller'],
];

const SERVICES = [
  ['typescript', '--cache', 'redis'],
  ['typescript', '--database', 'none', '--ci', 'gitlab', '--registry', 'registry.example/acme'],
  ['go', '--ci', 'gitlab', '--cache', 'redis', '--port', '3000'],
  ['python', '--ci', 'none'],
];

it.each(SERVICES)('the same tree as of a service made with it: %s %s %s %s', async (stack, ...options) => {
  const cwd = temporaryFolder();
  for (const [dir = '', ...deploy] of [['made', ...KUBERNETES], ['later']]) {
    await succeed(cwd, 'orders', '--dir', dir, '--stack', stack, ...options, ...deploy, '--yes', ...FILES_ONLY);
    for (const addition of GROWN) await succeed(cwd, ...addition, '--dir', dir, '--yes');
  }
  const later = join(cwd, 'later');
  const before = filesOf(later);
  const told = await succeed(cwd, ...DEPLOY, '--dir', 'later');
  expect(filesOf(later)).toEqual(filesOf(join(cwd, 'made')));
  expect(told).toContain('let it out to the port of payments: egress of deploy/base/network-policy.yaml');
  // Nothing of the team's, and nothing that it has of additions, is another.
  const changed = Object.entries(before).filter(
    ([path, what]) => !what.startsWith('folder') && filesOf(later)[path] !== what,
  );
  const mayChange = ['.gitlab-ci.yml', '.github/workflows/ci.yml', '.twelve.json', 'README.md', 'renovate.json'];
  expect(changed.filter(([path]) => !mayChange.includes(path))).toEqual([]);
  const audited = JSON.parse((await run(['audit', 'made', 'later', '--format', 'json'], { cwd })).stdout);
  const [made, grown] = audited.services.map((one: object) => ({ ...one, folder: '' }));
  expect(grown).toEqual(made);
  expect(made).toMatchObject({ state: 'current', answers: { deploy: 'kubernetes' } });
  await succeed(cwd, 'undo', '--dir', 'later');
  expect(filesOf(later)).toEqual(before);
});

describe('a service that gets manifests', () => {
  const plain = join(home, 'orders');
  beforeAll(async () => {
    await succeed(home, 'orders', '--stack', 'go', '--yes', ...FILES_ONLY);
    await succeed(plain, 'add-worker', 'mailer', '--yes');
  });

  function orders(change: (folder: string) => void = () => undefined): string {
    const folder = join(temporaryFolder(), 'orders');
    cpSync(plain, folder, { recursive: true });
    change(folder);
    return folder;
  }

  it('twice is once, and nothing of a person need be committed first', async () => {
    const cwd = orders();
    commit(cwd);
    write(cwd, { 'notes.md': 'ours\n', 'deploy/notes.md': 'ours too\n' });
    await succeed(cwd, ...DEPLOY);
    const once = filesOf(cwd);
    expect(once['deploy/notes.md']).toContain('ours too');
    expect(await succeed(cwd, ...DEPLOY)).toMatch(/^Nothing to do in this folder\.\n.* already/);
    expect(filesOf(cwd)).toEqual(once);
    const again = await run([...DEPLOY, '--format', 'json'], { cwd });
    expect(JSON.parse(again.stdout)).toMatchObject({ ok: true, command: 'add-deploy', applied: false, changes: [] });
  });

  it('the plan says what applying does, and can be kept', async () => {
    const cwd = orders();
    const before = filesOf(cwd);
    const shown = await succeed(cwd, ...DEPLOY, '--plan');
    const planned = JSON.parse((await run([...DEPLOY, '--plan', '--format', 'json'], { cwd })).stdout);
    expect(filesOf(cwd)).toEqual(before);
    await succeed(cwd, ...DEPLOY, '--plan=deploy.plan');
    const kept = orders((folder) => cpSync(join(cwd, 'deploy.plan'), join(folder, 'deploy.plan')));
    const applied = JSON.parse((await run([...DEPLOY, '--format', 'json'], { cwd })).stdout);
    expect(applied).toMatchObject({ applied: true, answers: { target: 'kubernetes' }, repeat: expect.any(String) });
    expect(planned.changes).toEqual(applied.changes);
    for (const { kind, path } of applied.changes) expect(shown).toContain(`  ${kind.padEnd(6)} ${path}\n`);
    await succeed(kept, 'apply', 'deploy.plan');
    expect(filesOf(kept)).toEqual(filesOf(cwd));
  });

  it('upgrade and audit have nothing to say afterwards', async () => {
    const cwd = orders();
    await succeed(cwd, ...DEPLOY);
    commit(cwd);
    const before = filesOf(cwd);
    expect(await succeed(cwd, 'upgrade', '--no-install')).toContain('nothing to do');
    expect(filesOf(cwd)).toEqual(before);
    const { code, stdout } = await run(['audit', '--format', 'json'], { cwd });
    expect([code, JSON.parse(stdout).summary]).toEqual([0, expect.objectContaining({ findings: 0, filesBehind: 0 })]);
  });

  it('an edited pipeline keeps every line of a person', async () => {
    const cwd = orders((folder) => {
      edit(
        folder,
        PIPELINE,
        (text) => `# Ours: ask the platform team.\n${text.replace('jobs:\n', `jobs:\n${OWN_JOB}`)}`,
      );
      edit(folder, 'README.md', (text) => `${text}\nOur own words.\n`);
    });
    const lines = (path: string) => readFileSync(join(cwd, path), 'utf8').split('\n');
    const before = [PIPELINE, 'README.md'].map(lines);
    await succeed(cwd, ...DEPLOY);
    const { jobs } = parse(lines(PIPELINE).join('\n'));
    expect(Object.keys(jobs)).toEqual(expect.arrayContaining(['ours', 'push', 'deploy']));
    expect(jobs.push.outputs).toHaveProperty('image');
    for (const [at, path] of [PIPELINE, 'README.md'].entries())
      expect(before[at]?.filter((line) => !lines(path).includes(line))).toEqual([]);
  });

  it('a pipeline that a person deleted stays away, and that is said', async () => {
    const cwd = orders((folder) => removeFolder(join(folder, PIPELINE)));
    expect(await succeed(cwd, ...DEPLOY)).toContain(`${PIPELINE} is not there: nothing was added to it`);
    expect(filesOf(cwd)).not.toHaveProperty([PIPELINE]);
    expect(filesOf(cwd)).toHaveProperty(['deploy/release.sh']);
  });

  it('a worker whose code a person has deleted gets no Deployment, and that is said', async () => {
    const cwd = orders((folder) => removeFolder(join(folder, 'internal/workers/mailer.go')));
    expect(await succeed(cwd, ...DEPLOY)).toContain(
      'internal/workers/mailer.go is not there, so deploy/base has nothing of add-worker mailer',
    );
    expect(filesOf(cwd)).not.toHaveProperty(['deploy/base/worker-mailer.yaml']);
    expect(filesOf(cwd)['deploy/base/kustomization.yaml']).not.toContain('mailer');
  });

  it.each<[what: string, args: string[], exit: number, code: string, said: RegExp, change?: (folder: string) => void]>([
    ['another target', ['add-deploy', 'helm'], 2, 'INPUT_INVALID', /--target must be one of kubernetes, not "helm"/],
    [
      'no target',
      ['add-deploy'],
      2,
      'INPUT_MISSING',
      /--target is missing: .*\(kubernetes\).*\n.*add-deploy kubernetes/,
    ],
    [
      'manifests of a person',
      DEPLOY,
      3,
      'NAME_TAKEN',
      /error: deploy\/base\/deployment\.yaml is there already, and add-deploy did not write it\nhelp: +Move what is there/,
      (folder) => write(folder, { 'deploy/base/deployment.yaml': 'kind: Deployment\n' }),
    ],
    [
      "a person's manifest of a worker",
      DEPLOY,
      3,
      'NAME_TAKEN',
      /error: deploy\/base\/worker-mailer\.yaml is there already/,
      (folder) => write(folder, { 'deploy/base/worker-mailer.yaml': 'kind: Deployment\n' }),
    ],
    [
      'a file that is called deploy',
      DEPLOY,
      3,
      'NAME_TAKEN',
      /error: deploy is there already/,
      (folder) => write(folder, { deploy: '#!/bin/sh\n' }),
    ],
    [
      'a pipeline that was edited in the same lines',
      DEPLOY,
      3,
      'NOT_POSSIBLE',
      /error: \.github\/workflows\/ci\.yml was edited where add-deploy adds lines\nhelp: +.*upgrade --set deploy=kubernetes/,
      (folder) => edit(folder, PIPELINE, (text) => `${text}\n  deploy:\n    runs-on: ours\n    steps: []\n`),
    ],
    [
      'an upgrade that is pending',
      DEPLOY,
      3,
      'UPGRADE_PENDING',
      /Finish it first/,
      (folder) =>
        edit(folder, '.twelve.json', (text) => {
          const { pending: _none, ...manifest } = JSON.parse(text);
          return JSON.stringify({ ...manifest, pending: { conflicts: ['README.md'], next: manifest } });
        }),
    ],
    [
      'a service of which parts were adopted',
      DEPLOY,
      3,
      'NOT_POSSIBLE',
      /add-deploy needs a whole generated service/,
      (folder) => edit(folder, '.twelve.json', (text) => JSON.stringify({ ...JSON.parse(text), parts: ['compose'] })),
    ],
  ])('%s: refused with what, why and what to do', async (_what, args, exit, code, said, change) => {
    expect(await refuse(orders(change), args, exit, code)).toMatch(said);
  });

  it('a folder that is no service: 3', async () => {
    expect(await refuse(temporaryFolder({ 'a.txt': '' }), DEPLOY, 3, 'SERVICE_NOT_FOUND')).toMatch(
      /is not in a service/,
    );
  });

  it('a name that is too long for the Job, and an answer that a preset locks: 2', async () => {
    const cwd = temporaryFolder(inFolder('preset', preset('locked: {deploy: none}')));
    const long = 'a'.repeat(60);
    await succeed(cwd, long, '--yes', ...FILES_ONLY);
    expect(await refuse(join(cwd, long), DEPLOY, 2, 'INPUT_INVALID')).toMatch(/no Job called NAME-migrate/);
    await succeed(cwd, 'locked', '--preset', './preset', '--yes', ...FILES_ONLY);
    expect(await refuse(join(cwd, 'locked'), DEPLOY, 2, 'INPUT_INVALID')).toMatch(
      /locked to "none" by @acme\/standard/,
    );
  });

  it('a preset that has moved on since stays in the version that is recorded', async () => {
    const cwd = temporaryFolder(inFolder('preset', preset('layers: [{path: base}]', { 'base/OURS.md': 'one\n' })));
    commit(join(cwd, 'preset'));
    await succeed(cwd, 'orders', '--preset', './preset', '--yes', ...FILES_ONLY);
    edit(cwd, 'preset/preset.yaml', (text) => text.replace('1.0.0', '1.1.0'));
    edit(cwd, 'preset/base/OURS.md', () => 'two\n');
    commit(join(cwd, 'preset'));
    await succeed(cwd, ...DEPLOY, '--dir', 'orders');
    expect(filesOf(join(cwd, 'orders'))['OURS.md']).toContain('one');
    expect(manifestOf(join(cwd, 'orders')).presets).toMatchObject([{ version: '1.0.0' }]);
  });

  it('the layout of an older version: 3, before anything of that version is fetched', async () => {
    const cwd = temporaryFolder();
    await succeed(cwd, 'orders', '--yes', ...FILES_ONLY);
    const older = join(cwd, 'orders');
    edit(older, '.twelve.json', (text) => text.replace(/"version": "[^"]*"/, '"version": "0.1.0"'));
    expect(await refuse(older, DEPLOY, 3, 'NOT_POSSIBLE')).toMatch(/has the layout of create-twelve-service 0\.1\.0/);
  });
});

const OWN_JOB = `  ours:
    runs-on: ubuntu-24.04
    steps:
      - run: echo ours

`;
