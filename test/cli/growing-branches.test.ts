// @module-tag sampled
import { execFileSync } from 'node:child_process';
import { cpSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeFolder, removeFolder, snapshot, temporaryFolder } from '../support/folder.ts';
import { FILES_ONLY, plainEnvironment, run } from '../support/program.ts';

/** Two branches of a new service that each add something, and a plain `git merge` with its default settings. */

let service: string;
beforeAll(async () => {
  service = makeFolder();
  expect((await run(['orders', '--dir', '.', '--yes', ...FILES_ONLY], { cwd: service })).code).toBe(0);
  git(service, 'init', '--quiet', '--initial-branch=main');
  git(service, 'config', 'user.name', 'A');
  git(service, 'config', 'user.email', 'a@example.invalid');
  commit(service, 'A new service');
}, 60_000);
afterAll(() => removeFolder(service));

function git(cwd: string, ...args: readonly string[]): string {
  return execFileSync('git', args, {
    cwd,
    env: plainEnvironment(),
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

function commit(cwd: string, message: string): void {
  git(cwd, 'add', '--all');
  git(cwd, 'commit', '--quiet', '--message', message);
}

type Added = readonly string[];

/** A copy of the service with a branch for each addition. The first one is checked out. */
async function branches(...added: readonly Added[]): Promise<string> {
  const cwd = temporaryFolder();
  cpSync(service, cwd, { recursive: true });
  for (const [index, args] of [...added.entries()].reverse()) {
    git(cwd, 'checkout', '--quiet', '-b', `branch-${index}`, 'main');
    await succeed([...args, '--yes'], cwd);
    commit(cwd, args.join(' '));
  }
  return cwd;
}

async function succeed(args: readonly string[], cwd: string): Promise<string> {
  const result = await run(args, { cwd });
  expect([args.join(' '), result.code], result.stderr).toEqual([args.join(' '), 0]);
  return result.stdout + result.stderr;
}

/** Checks that a service knows its additions, and that nothing that is recorded is a finding. */
async function expectWhole(cwd: string, added: readonly Added[]): Promise<void> {
  for (const args of added) expect(await succeed([...args, '--yes'], cwd)).toContain('Nothing to do');
  const audit = JSON.parse(await succeed(['audit', '--format', 'json'], cwd));
  expect(audit.services[0]).toMatchObject({ findings: [], counts: { missing: 0, extra: 0, behind: 0 } });
  expect(git(cwd, 'status', '--porcelain')).toBe('');
  expect(await succeed(['upgrade'], cwd)).toContain('nothing to do');
}

const A: Added = ['add-endpoint', 'GET /a', '--response', 'id:uuid'];
const B: Added = ['add-endpoint', 'POST /b', '--body', 'count:int', '--response', 'id:uuid'];
const RESOURCE: Added = ['add-resource', 'invoice', 'number:string', 'total:decimal'];
const CLIENT: Added = ['add-client', 'payments'];
const WORKER: Added = ['add-worker', 'mailer'];
const FLAG: Added = ['add-flag', 'dark-mode'];
const TASK: Added = ['add-task', 'reindex'];
const MIGRATION: Added = ['add-migration', 'add_note_to_products'];

describe('the first additions of two branches', () => {
  it.each<[string, Added, Added]>([
    ['two endpoints', A, B],
    ['an endpoint and a resource', A, RESOURCE],
    ['an endpoint and a client', B, CLIENT],
    ['a client and a worker', CLIENT, WORKER],
    ['a flag and a task', FLAG, TASK],
    ['a resource and a worker', RESOURCE, WORKER],
    ['two clients', CLIENT, ['add-client', 'billing']],
    ['two tasks', TASK, ['add-task', 'cleanup']],
  ])('(%s) are merged by plain git, and both are known', async (_what, one, other) => {
    const cwd = await branches(one, other);
    git(cwd, 'merge', '--quiet', '--no-edit', 'branch-1');
    expect(readdirSync(join(cwd, '.twelve/additions'))).toHaveLength(2);
    await expectWhole(cwd, [one, other]);
  });

  it('(a migration and an endpoint) are merged by plain git, and both are known', async () => {
    const cwd = await branches(MIGRATION, A);
    git(cwd, 'merge', '--quiet', '--no-edit', 'branch-1');
    expect(readdirSync(join(cwd, '.twelve/additions')).sort()).toEqual([
      expect.stringMatching(/^endpoint-get-a\./),
      'migration-add_note_to_products.json',
    ]);
    await expectWhole(cwd, [A]);
  });

  it('may conflict where both put a line into the same place of a file of the service, never in what is recorded', async () => {
    const cwd = await branches(FLAG, ['add-flag', 'light-mode']);
    expect(() => git(cwd, 'merge', '--quiet', '--no-edit', 'branch-1')).toThrow();
    const conflicts = git(cwd, 'diff', '--name-only', '--diff-filter=U').split('\n').filter(Boolean);
    expect(conflicts).toEqual(['.env.example', 'docker-compose.orders.yaml']);
    expect(readdirSync(join(cwd, '.twelve/additions'))).toEqual(['flag-dark-mode.json', 'flag-light-mode.json']);
  });

  it('that are the same in both branches are recorded with the same bytes', async () => {
    for (const added of [A, CLIENT]) {
      const cwd = await branches(added, added);
      git(cwd, 'merge', '--quiet', '--no-edit', 'branch-1');
      expect(git(cwd, 'diff', 'branch-1')).toBe('');
      await expectWhole(cwd, [added]);
    }
  });
});

it('undo takes an addition back with what is recorded of it', async () => {
  const cwd = temporaryFolder();
  cpSync(service, cwd, { recursive: true });
  const files = () => Object.fromEntries(Object.entries(snapshot(cwd)).filter(([path]) => !path.startsWith('.git/')));
  const before = files();
  await succeed([...CLIENT, '--yes'], cwd);
  await succeed(['undo'], cwd);
  expect(files()).toEqual(before);
});
