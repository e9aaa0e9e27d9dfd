// @module-tag sampled
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeFolder, removeFolder, temporaryFolder } from '../support/folder.ts';
import { age, filesOf } from '../support/older-manifest.ts';
import { FILES_ONLY, plainEnvironment, run } from '../support/program.ts';

/**
 * A service whose manifest has schema 1: its additions are inside, with the hashes of their files and of the files that
 * they put lines into.
 */
const ADDED = [
  ['add-client', 'payments'],
  ['add-worker', 'mailer'],
  ['add-endpoint', 'GET /a', '--response', 'id:uuid'],
];
let service: string;
let made: Record<string, string>;
beforeAll(async () => {
  service = makeFolder();
  expect((await run(['orders', '--dir', '.', '--yes', ...FILES_ONLY], { cwd: service })).code).toBe(0);
  made = filesOf(service);
  for (const args of ADDED) expect((await run([...args, '--yes'], { cwd: service })).code).toBe(0);
  age(service);
  const git = (...args: string[]) => execFileSync('git', args, { cwd: service, env: plainEnvironment() });
  git('init', '--quiet');
  git('config', 'user.name', 'A');
  git('config', 'user.email', 'a@example.invalid');
  git('add', '--all');
  git('commit', '--quiet', '--message', 'An older service');
}, 60_000);
afterAll(() => removeFolder(service));

function copy(): string {
  const cwd = temporaryFolder();
  cpSync(service, cwd, { recursive: true });
  return cwd;
}

async function succeed(args: readonly string[], cwd: string): Promise<string> {
  const result = await run(args, { cwd });
  expect([args.join(' '), result.code], result.stderr).toEqual([args.join(' '), 0]);
  return result.stdout + result.stderr;
}

async function expectWhole(cwd: string, counts: Record<string, number>): Promise<void> {
  for (const args of ADDED) expect(await succeed([...args, '--yes'], cwd)).toContain('Nothing to do');
  const audit = JSON.parse(await succeed(['audit', '--format', 'json'], cwd));
  expect(audit.services[0]).toMatchObject({ findings: [], counts: { missing: 0, extra: 0, ...counts } });
}

describe('a service with an older manifest', () => {
  it('is audited, and grows as before: what it has is known', async () => {
    const cwd = copy();
    await expectWhole(cwd, { edited: 0, behind: 0 });
    const before = readFileSync(join(cwd, '.twelve.json'));
    await succeed(['add-task', 'reindex', '--yes'], cwd);
    expect(readFileSync(join(cwd, '.twelve.json'))).toEqual(before);
    expect(readdirSync(join(cwd, '.twelve/additions'))).toEqual(['task-reindex.json']);
    await expectWhole(cwd, { edited: 0 });
    await succeed(['undo'], cwd);
    expect(existsSync(join(cwd, '.twelve'))).toBe(false);
  });

  it('moves its additions out into files with the next upgrade; a second one changes nothing; undo takes it back', async () => {
    const cwd = copy();
    const before = filesOf(cwd);
    const old = readFileSync(join(cwd, '.twelve.json'));
    await succeed(['upgrade', '--plan'], cwd);
    expect(readFileSync(join(cwd, '.twelve.json'))).toEqual(old);
    await succeed(['upgrade'], cwd);
    expect(filesOf(cwd)).toEqual(before);
    const manifest = JSON.parse(readFileSync(join(cwd, '.twelve.json'), 'utf8'));
    expect([manifest.schema, manifest.additions]).toEqual([2, undefined]);
    expect(readdirSync(join(cwd, '.twelve/additions'))).toHaveLength(ADDED.length);
    // What create rendered has its hash again, and of the additions only the shared files are recorded.
    for (const [path, { hash, owner }] of Object.entries<{ hash: string; owner: string }>(manifest.files))
      expect([path, hash]).toEqual([path, made[path] ?? (owner === 'seeded' ? 'nothing' : before[path])]);
    for (const path of Object.keys(made)) expect(manifest.files).toHaveProperty([path]);
    await expectWhole(cwd, { behind: 0 });
    execFileSync('git', ['add', '--all'], { cwd });
    execFileSync('git', ['commit', '--quiet', '--message', 'Upgrade'], { cwd, env: plainEnvironment() });
    expect(await succeed(['upgrade'], cwd)).toContain('nothing to do');
    await succeed(['undo'], cwd);
    expect(readFileSync(join(cwd, '.twelve.json'))).toEqual(old);
    expect(existsSync(join(cwd, '.twelve'))).toBe(false);
  });

  it('moves them out on a branch too', async () => {
    const cwd = copy();
    await succeed(['upgrade', '--branch=next'], cwd);
    const listed = execFileSync('git', ['ls-tree', '-r', '--name-only', 'next'], { cwd, encoding: 'utf8' });
    expect(listed.split('\n').filter((path) => path.startsWith('.twelve/'))).toHaveLength(ADDED.length);
  });
});
