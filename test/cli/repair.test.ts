// @module-tag sampled
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, readdirSync, readFileSync, renameSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeFolder, removeFolder, snapshot, temporaryFolder, write } from '../support/folder.ts';
import { age } from '../support/older-manifest.ts';
import { FILES_ONLY, plainEnvironment, run } from '../support/program.ts';

/** `repair`, on what git and people really leave. */

let service: string;
let older: string;
beforeAll(async () => {
  service = makeFolder();
  expect((await run(['orders', '--dir', '.', '--yes', ...FILES_ONLY], { cwd: service })).code).toBe(0);
  git(service, 'init', '--quiet', '--initial-branch=main');
  git(service, 'config', 'user.name', 'A');
  git(service, 'config', 'user.email', 'a@example.invalid');
  older = makeFolder();
  cpSync(service, older, { recursive: true });
  age(older);
  for (const cwd of [service, older]) commit(cwd, 'A new service');
}, 60_000);
afterAll(() => {
  for (const folder of [service, older]) removeFolder(folder);
});

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

function copyOf(folder: string): string {
  const cwd = temporaryFolder();
  cpSync(folder, cwd, { recursive: true });
  return cwd;
}

async function succeed(args: readonly string[], cwd: string): Promise<string> {
  const result = await run(args, { cwd });
  expect([args.join(' '), result.code], result.stderr).toEqual([args.join(' '), 0]);
  return result.stdout + result.stderr;
}

const text = (cwd: string, path = '.twelve.json') => readFileSync(join(cwd, path), 'utf8');
const files = (cwd: string) =>
  Object.fromEntries(Object.entries(snapshot(cwd)).filter(([path]) => !path.startsWith('.git/')));

type Added = readonly string[];
const ENDPOINT: Added = ['add-endpoint', 'GET /a', '--response', 'id:uuid'];
const TASK: Added = ['add-task', 'reindex'];

/** An older service, two branches of it that each add something, and the conflict of both. */
async function conflictOf(one: Added, other: Added, how: 'merge' | 'diff3' | 'union'): Promise<string> {
  const cwd = copyOf(older);
  git(cwd, 'config', 'merge.conflictStyle', how === 'union' ? 'merge' : how);
  if (how === 'union') {
    write(cwd, { '.git/info/attributes': '.twelve.json merge=union\n' });
  }
  for (const [index, args] of [one, other].entries()) {
    git(cwd, 'checkout', '--quiet', '-b', `branch-${index}`, 'main');
    await succeed([...args, '--yes'], cwd);
    age(cwd);
    commit(cwd, args.join(' '));
  }
  const merge = () => git(cwd, 'merge', '--quiet', '--no-edit', 'branch-0');
  if (how === 'union') merge();
  else expect(merge).toThrow();
  return cwd;
}

async function expectWhole(cwd: string, added: readonly Added[]): Promise<void> {
  for (const args of added) expect(await succeed([...args, '--yes'], cwd)).toContain('Nothing to do');
  const audit = JSON.parse(await succeed(['audit', '--format', 'json'], cwd));
  expect(audit.services[0]).toMatchObject({ findings: [], counts: { missing: 0, extra: 0, behind: 0, edited: 0 } });
  expect(await succeed(['repair'], cwd)).toContain('nothing to repair');
}

describe('repair', () => {
  it.each(['merge', 'diff3', 'union'] as const)(
    'derives a manifest with a conflict of two branches (%s), and both additions are known',
    async (how) => {
      const cwd = await conflictOf(ENDPOINT, TASK, how);
      const broken = await run(['audit'], { cwd });
      expect([broken.code, broken.stdout]).toEqual([4, expect.stringContaining('.twelve.json is not JSON')]);
      const refused = await run([...TASK, '--yes'], { cwd });
      expect([refused.code, refused.stderr]).toEqual([3, expect.stringContaining('create-twelve-service repair')]);
      const before = files(cwd);
      expect(await succeed(['repair', '--plan'], cwd)).toContain('update .twelve.json');
      expect(files(cwd)).toEqual(before);
      const said = await succeed(['repair'], cwd);
      expect(said.includes('git add -- .twelve.json')).toBe(how !== 'union');
      expect(readdirSync(join(cwd, '.twelve/additions'))).toHaveLength(2);
      // As if this version had made the service, and the files that an older addition shared.
      const [was, now] = [service, cwd].map((folder) => JSON.parse(text(folder)));
      const shared = Object.entries(now.files).filter(([path]) => !Object.hasOwn(was.files, path));
      expect({ ...now, files: { ...now.files, ...was.files } }).toEqual(now);
      expect({ ...now, files: was.files }).toEqual(was);
      expect(shared.map(([path]) => path)).toEqual([
        'src/platform/task.ts',
        'src/platform/verbs/run.ts',
        'src/platform/with-database.ts',
      ]);
      commit(cwd, 'Repaired');
      await expectWhole(cwd, [ENDPOINT, TASK]);
    },
  );

  it('takes the last commit where the text was cut off, and undo takes that back', async () => {
    const cwd = copyOf(service);
    const whole = text(cwd);
    for (const length of [0, 40, 200, 300, 900, whole.length - 30]) {
      writeFileSync(join(cwd, '.twelve.json'), whole.slice(0, length));
      await succeed(['repair'], cwd);
      expect(text(cwd)).toBe(whole);
      await succeed(['undo'], cwd);
      expect(text(cwd)).toBe(whole.slice(0, length));
    }
  });

  it('says what it cannot derive, changes nothing of it, and ends with 4', async () => {
    const cwd = copyOf(service);
    const whole = text(cwd);
    const conflict = whole.replace(
      /^ {4}"description".*$/m,
      '<<<<<<< one\n    "description": "One",\n=======\n    "description": "Two",\n>>>>>>> other',
    );
    expect(conflict).not.toBe(whole);
    writeFileSync(join(cwd, '.twelve.json'), conflict);
    for (const args of [['repair'], ['repair', '--plan']]) {
      const { code, stdout, stderr } = await run(args, { cwd });
      expect([code, stdout + stderr]).toEqual([
        4,
        expect.stringContaining('the answer description is "One", or "Two"'),
      ]);
      expect(text(cwd)).toBe(conflict);
    }
  });

  it('derives hashes that somebody edited, and an upgrade works again', async () => {
    const cwd = copyOf(service);
    const whole = text(cwd);
    writeFileSync(
      join(cwd, '.twelve.json'),
      whole.replace(/("src\/platform\/[^"]+": \{"hash":")[^"]+/, '$1sha256-forged'),
    );
    commit(cwd, 'Forged');
    const refused = await run(['upgrade'], { cwd });
    expect([refused.code, refused.stderr]).toEqual([6, expect.stringContaining('create-twelve-service repair')]);
    await succeed(['repair'], cwd);
    expect(text(cwd)).toBe(whole);
    commit(cwd, 'Repaired');
    expect(await succeed(['upgrade'], cwd)).toContain('nothing to do');
  });

  it('has nothing to do where all is well, however it is laid out: 0, and no byte changes', async () => {
    const cwd = copyOf(service);
    await succeed([...TASK, '--yes'], cwd);
    writeFileSync(join(cwd, '.twelve.json'), `${JSON.stringify(JSON.parse(text(cwd)), null, 4)}\r\n`);
    const before = files(cwd);
    expect(await succeed(['repair'], cwd)).toContain('nothing to repair');
    expect(files(cwd)).toEqual(before);
  });

  it('moves the additions of an older manifest out, as an upgrade does', async () => {
    const cwd = copyOf(service);
    for (const args of [ENDPOINT, TASK]) await succeed([...args, '--yes'], cwd);
    age(cwd);
    await succeed(['repair'], cwd);
    await expectWhole(cwd, [ENDPOINT, TASK]);
    expect(JSON.parse(text(cwd)).additions).toBeUndefined();
  });
});

describe('the file of an addition', () => {
  it('with a wrong name gets the right one', async () => {
    const cwd = copyOf(service);
    await succeed([...TASK, '--yes'], cwd);
    renameSync(join(cwd, '.twelve/additions/task-reindex.json'), join(cwd, '.twelve/additions/mine.json'));
    expect((await run(['audit'], { cwd })).code).toBe(4);
    await succeed(['repair'], cwd);
    expect(readdirSync(join(cwd, '.twelve/additions'))).toEqual(['task-reindex.json']);
    await expectWhole(cwd, [TASK]);
  });

  it('with other answers in two branches is left for a person', async () => {
    const cwd = copyOf(service);
    for (const [index, kind] of ['id:uuid', 'id:string'].entries()) {
      git(cwd, 'checkout', '--quiet', '-b', `branch-${index}`, 'main');
      await succeed(['add-endpoint', 'GET /a', '--response', kind, '--yes'], cwd);
      commit(cwd, kind);
    }
    expect(() => git(cwd, 'merge', '--quiet', '--no-edit', 'branch-0')).toThrow();
    const before = files(cwd);
    const { code, stderr } = await run(['repair'], { cwd });
    expect([code, stderr]).toEqual([
      4,
      expect.stringMatching(/look: .*endpoint-get-a.*response is .*string.*or.*uuid/),
    ]);
    expect(files(cwd)).toEqual(before);
  });

  it('that is a copy of another is named and left, and nothing else is said of it', async () => {
    const cwd = copyOf(service);
    await succeed([...TASK, '--yes'], cwd);
    const folder = join(cwd, '.twelve/additions');
    const [name = ''] = readdirSync(folder).filter((one) => one.startsWith('task-'));
    cpSync(join(folder, name), join(folder, 'task-copy.json'));
    const before = snapshot(folder);
    const { code, stderr } = await run(['repair'], { cwd });
    expect([code, stderr]).toEqual([4, expect.stringContaining('has the same addition as')]);
    expect(stderr).toMatch(/^Nothing was changed in this folder\.\n/);
    expect(stderr).not.toContain(' now');
    expect(snapshot(folder)).toEqual(before);
  });

  it('where the manifest was deleted: 3, with the command that brings it back', async () => {
    const cwd = copyOf(service);
    removeFolder(join(cwd, '.twelve.json'));
    const { code, stderr } = await run(['repair'], { cwd });
    expect([code, stderr]).toEqual([3, expect.stringContaining('git checkout HEAD -- .twelve.json')]);
  });

  it('that is a link, or cut off, is named and left', async () => {
    const cwd = copyOf(service);
    await succeed([...TASK, '--yes'], cwd);
    writeFileSync(join(cwd, '.twelve/additions/task-reindex.json'), '{ "schema": 1, "gen');
    symlinkSync('/etc/passwd', join(cwd, '.twelve/additions/task-x.json'));
    const { code, stderr } = await run(['repair'], { cwd });
    expect([code, stderr]).toEqual([4, expect.stringContaining('task-x.json is a link')]);
    expect(stderr).toContain('task-reindex.json');
    expect(existsSync(join(cwd, '.twelve/additions/task-x.json'))).toBe(true);
  });
});
