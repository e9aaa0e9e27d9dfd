// @module-tag sampled
import { chmodSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { removeFolder, write } from '../support/folder.ts';
import { run } from '../support/program.ts';
import * as shops from '../support/shop.ts';

/** docs/faults.md, "Upgrade": --continue, --abort, --plan and --branch. */

const OLD = {
  'a.txt': '1\n2\n3\n4\n5\n',
  'gone.txt': 'x\n',
  'edited.txt': 'e\n',
  'run.sh': { run: '#!/bin/sh\n' },
  'logo.bin': Buffer.from([0, 1]),
};
const NEXT = {
  'a.txt': 'one\n2\n3\n4\n5\n',
  'src/new/c.txt': 'c\n',
  'run.sh': { run: '#!/bin/sh\necho\n' },
  'logo.bin': Buffer.from([0, 2]),
};

let opened: shops.Shop;
beforeAll(async () => {
  opened = await shops.openShop(OLD, NEXT);
  write(opened.orders, { 'a.txt': 'uno\n2\n3\n4\n5\n', 'edited.txt': 'e\nours\n', 'mine.txt': 'mine\n' });
  writeFileSync(join(opened.orders, 'logo.bin'), Buffer.from([0, 3]));
  await shops.commit(opened);
});
afterAll(() => {
  removeFolder(opened.parent);
  shops.removeSmallProgram();
});

const CONFLICTS = ['a.txt', 'edited.txt', 'logo.bin.twelve-theirs'];

async function pending(): Promise<{ shop: shops.Shop; before: Record<string, string> }> {
  const shop = shops.copyOf(opened);
  chmodSync(join(shop.orders, 'a.txt'), 0o600);
  chmodSync(join(shop.orders, 'gone.txt'), 0o640);
  const before = shops.files(shop);
  const upgraded = await shops.upgrade(shop, '--format', 'json');
  expect(upgraded.code, upgraded.stderr).toBe(4);
  expect(JSON.parse(upgraded.stdout)).toMatchObject({ conflicts: CONFLICTS });
  return { shop, before };
}

describe('upgrade --continue', () => {
  it('3 while a marker or the other side of a binary is left; then it is done, and cannot be undone', async () => {
    const { shop } = await pending();
    for (const resolve of [
      () => writeFileSync(join(shop.orders, 'a.txt'), 'uno\n2\n3\n4\n5\n'),
      () => rmSync(join(shop.orders, 'edited.txt')),
      () => rmSync(join(shop.orders, 'logo.bin.twelve-theirs')),
    ]) {
      const before = shops.files(shop);
      const refused = await shops.upgrade(shop, '--continue');
      expect([refused.code, refused.stderr]).toEqual([3, expect.stringContaining('conflicts are left in ')]);
      expect(shops.files(shop)).toEqual(before);
      resolve();
    }
    const done = await shops.upgrade(shop, '--continue');
    expect([done.code, done.stderr]).toEqual([0, expect.stringContaining('the upgrade is finished')]);
    await shops.commit(shop);
    const again = await shops.upgrade(shop);
    expect([again.code, again.stderr]).toEqual([0, expect.stringContaining('nothing to do')]);
    const nothing = await shops.upgrade(shop, '--continue');
    expect([nothing.code, nothing.stderr]).toEqual([3, expect.stringContaining('no upgrade is pending')]);
  });

  it('lines that look like markers, but are not from this merge, do not count', async () => {
    const { shop } = await pending();
    writeFileSync(join(shop.orders, 'a.txt'), 'How git marks\n<<<<<<< HEAD\n=======\n>>>>>>> main\n');
    for (const path of ['edited.txt', 'logo.bin.twelve-theirs']) rmSync(join(shop.orders, path));
    const done = await shops.upgrade(shop, '--continue');
    expect(done.code, done.stderr).toBe(0);
  });
});

describe('undo after an upgrade', () => {
  it('gives a file its permissions back, even if the upgrade made it executable or deleted it', async () => {
    const opened = await shops.openShop(
      { 'tool.sh': 'old\n', 'plain.txt': 'old\n', 'gone.txt': 'x\n' },
      { 'tool.sh': { run: 'new\n' }, 'plain.txt': 'new\n' },
    );
    onTestFinished(() => removeFolder(opened.parent));
    for (const path of ['tool.sh', 'plain.txt', 'gone.txt']) chmodSync(join(opened.orders, path), 0o600);
    const before = shops.files(opened);
    expect((await shops.upgrade(opened)).code).toBe(0);
    expect(shops.files(opened)).toMatchObject({ 'tool.sh': 'file 755 new\n', 'plain.txt': 'file 600 new\n' });
    const undone = await run(['undo'], opened.options);
    expect(undone.code, undone.stderr).toBe(0);
    expect(shops.files(opened)).toEqual(before);
    expect(before['tool.sh']).toBe('file 600 old\n');
  });
});

describe('upgrade --abort', () => {
  it.each<[string, (orders: string) => void]>([
    ['nothing was touched', () => undefined],
    ['a file was half resolved', (orders) => writeFileSync(join(orders, 'a.txt'), 'half\n')],
    [
      'files were deleted',
      (orders) => {
        for (const path of ['a.txt', 'run.sh', 'src/new/c.txt']) rmSync(join(orders, path));
      },
    ],
    ['a deleted file was made again', (orders) => writeFileSync(join(orders, 'gone.txt'), 'again\n')],
    ['a mode was changed', (orders) => chmodSync(join(orders, 'run.sh'), 0o644)],
  ])('every byte and mode is as before, even if %s', async (_what, change) => {
    const { shop, before } = await pending();
    change(shop.orders);
    const aborted = await shops.upgrade(shop, '--abort');
    expect([aborted.code, aborted.stderr]).toEqual([0, expect.stringContaining('is as it was before')]);
    expect(shops.files(shop)).toEqual(before);
    expect(await shops.git(shop, 'status', '--porcelain')).toBe('');
  });

  it('new files of a person stay; if one is in the way it is 3, and nothing changed', async () => {
    const { shop, before } = await pending();
    write(shop.orders, { 'notes.txt': 'mine\n' });
    rmSync(join(shop.orders, 'a.txt'));
    mkdirSync(join(shop.orders, 'a.txt'));
    const stuck = shops.files(shop);
    const refused = await shops.upgrade(shop, '--abort');
    expect([refused.code, refused.stderr]).toEqual([3, expect.stringContaining('a.txt')]);
    expect(shops.files(shop)).toEqual(stuck);
    rmSync(join(shop.orders, 'a.txt'), { recursive: true });
    expect((await shops.upgrade(shop, '--abort')).code).toBe(0);
    expect(shops.files(shop)).toEqual({ ...before, 'notes.txt': 'file 644 mine\n' });
  });

  it.each<[string, string[], (shop: shops.Shop) => Promise<unknown>]>([
    ['--abort, all staged', ['upgrade', '--abort'], (shop) => shops.git(shop, 'add', '-A')],
    ['undo, all staged', ['undo'], (shop) => shops.git(shop, 'add', '-A')],
    [
      '--abort, half resolved and then edited again',
      ['upgrade', '--abort'],
      async (shop) => {
        writeFileSync(join(shop.orders, 'a.txt'), 'half\n');
        await shops.git(shop, 'add', '-A');
        writeFileSync(join(shop.orders, 'a.txt'), 'whole\n');
        rmSync(join(shop.orders, 'src/new/c.txt'));
      },
    ],
    [
      'undo after --continue',
      ['undo'],
      async (shop) => {
        for (const path of CONFLICTS) rmSync(join(shop.orders, path), { force: true });
        await shops.git(shop, 'add', '-A');
        await shops.must(shops.upgrade(shop, '--continue'));
      },
    ],
  ])("git's index is as before too: %s", async (_what, command, stage) => {
    const { shop, before } = await pending();
    await stage(shop);
    write(shop.orders, { 'notes.txt': 'mine\n' });
    await shops.git(shop, 'add', 'notes.txt');
    await shops.must(run(command, shop.options));
    expect(shops.files(shop)).toEqual({ ...before, 'notes.txt': 'file 644 mine\n' });
    expect(await shops.git(shop, 'status', '--porcelain')).toBe('A  notes.txt\n');
  });

  it("git's index stays as it is if the upgrade was committed since", async () => {
    const { shop } = await pending();
    await shops.commit(shop);
    await shops.git(shop, 'rm', '-q', '--cached', 'run.sh');
    await shops.must(shops.upgrade(shop, '--abort'));
    expect(await shops.git(shop, 'diff', '--cached', '--name-status')).toBe('D\trun.sh\n');
  });

  it('if git refuses to change its index: 4, with the command that is left', async () => {
    const { shop, before } = await pending();
    await shops.git(shop, 'add', 'run.sh', 'a.txt');
    writeFileSync(join(shop.orders, '.git/index.lock'), '');
    const aborted = await shops.upgrade(shop, '--abort');
    expect([aborted.code, aborted.stderr]).toEqual([4, expect.stringContaining('git reset -q -- a.txt run.sh\n')]);
    expect(aborted.stderr).toContain("git's index still has files of that run");
    rmSync(join(shop.orders, '.git/index.lock'));
    await shops.git(shop, 'reset', '-q', '--', 'a.txt', 'run.sh');
    expect(shops.files(shop)).toEqual(before);
    expect(await shops.git(shop, 'status', '--porcelain')).toBe('');
  });

  it('in a fresh clone there is no record: 3', async () => {
    const { shop } = await pending();
    rmSync(join(shop.orders, '.git/twelve-undo'), { recursive: true });
    const refused = await shops.upgrade(shop, '--abort');
    expect([refused.code, refused.stderr]).toEqual([3, expect.stringContaining('there is no record in')]);
  });
});

describe('upgrade --plan', () => {
  it('writes nothing, and says what the upgrade does', async () => {
    const shop = shops.copyOf(opened);
    const before = shops.state(shop);
    const planned = await shops.upgrade(shop, '--plan', '--format', 'json');
    expect(planned.code).toBe(4);
    expect(shops.state(shop)).toEqual(before);
    const applied = await shops.upgrade(shop, '--format', 'json');
    const [plan, outcome] = [planned, applied].map(({ stdout }) => JSON.parse(stdout) as Record<string, unknown>);
    expect(plan).toEqual({ ...outcome, applied: false });
  });

  it('works with a dirty tree', async () => {
    const shop = shops.copyOf(opened);
    write(shop.orders, { 'untracked.txt': 'x\n' });
    const planned = await shops.upgrade(shop, '--plan');
    expect(planned.code).toBe(4);
    expect(planned.stdout).toContain('diff --git a/');
    expect(planned.stdout).not.toMatch(/"pending"|a\/\.twelve\.json/);
  });
});

describe('upgrade --branch', () => {
  it('does not change the checkout, and the branch has the same result', async () => {
    const shop = shops.copyOf(opened);
    const before = shops.files(shop);
    const branched = await shops.upgrade(shop, '--branch');
    expect(branched.code, branched.stderr).toBe(4);
    expect(shops.files(shop)).toEqual(before);
    expect(await shops.git(shop, 'status', '--porcelain')).toBe('');
    expect(await shops.git(shop, 'branch', '--show-current')).toBe('main\n');
    const applied = shops.copyOf(opened);
    expect((await shops.upgrade(applied)).code).toBe(4);
    await shops.git(shop, 'checkout', '-q', 'twelve/upgrade');
    expect(shops.files(shop)).toEqual(shops.files(applied));
  });

  it('commits what git has, and no other file of the disk', async () => {
    const shop = shops.copyOf(opened);
    await shops.git(shop, 'update-index', '--assume-unchanged', 'run.sh');
    write(shop.orders, { '.git/info/exclude': 'src/\n', 'src/new/c.txt': 'secret\n', 'run.sh': 'secret\n' });
    const { code, stderr } = await shops.upgrade(shop, '--branch');
    expect([code, stderr]).toEqual([4, expect.stringContaining('git switch twelve/upgrade')]);
    expect(await shops.git(shop, 'show', 'twelve/upgrade:src/new/c.txt')).toBe('c\n');
    expect(await shops.git(shop, 'show', 'twelve/upgrade:run.sh')).toBe('#!/bin/sh\necho\n');
    expect(readFileSync(join(shop.orders, 'src/new/c.txt'), 'utf8')).toBe('secret\n');
  });

  it('is finished on the branch', async () => {
    const shop = shops.copyOf(opened);
    expect((await shops.upgrade(shop, '--branch=next')).code).toBe(4);
    await shops.git(shop, 'switch', '-q', 'next');
    for (const path of CONFLICTS) rmSync(join(shop.orders, path), { force: true });
    await shops.must(shops.upgrade(shop, '--continue'));
    expect((await shops.upgrade(shop, '--plan')).stdout).toMatch(/nothing to do/);
  });

  it('has its own name for each service of a repository', async () => {
    const shop = shops.copyOf(opened);
    const repository = { ...shop, orders: shop.parent };
    rmSync(join(shop.orders, '.git'), { recursive: true });
    await shops.git(repository, 'init', '-q');
    await shops.git(repository, 'add', 'orders');
    await shops.git(repository, 'commit', '-q', '-m', 'x');
    expect((await shops.upgrade(shop, '--branch')).stderr).toContain('On branch:  twelve/upgrade-orders\n');
  });

  it('a branch of that name, or no committer: 3, and nothing changed', async () => {
    const shop = shops.copyOf(opened);
    await shops.git(shop, 'branch', 'twelve/upgrade');
    const before = shops.state(shop);
    const known = await shops.upgrade(shop, '--branch');
    expect([known.code, known.stderr]).toEqual([
      3,
      expect.stringContaining('the branch twelve/upgrade already exists'),
    ]);
    const { GIT_COMMITTER_NAME: _, GIT_COMMITTER_EMAIL: __, ...env } = shop.options.env;
    const options = {
      ...shop.options,
      env: { ...env, GIT_CONFIG_COUNT: '1', GIT_CONFIG_KEY_0: 'user.useConfigOnly', GIT_CONFIG_VALUE_0: 'true' },
    };
    const nobody = await shops.upgrade({ ...shop, options }, '--branch=other');
    expect([nobody.code, nobody.stderr]).toEqual([3, expect.stringContaining('git config user.email')]);
    expect(shops.state(shop)).toEqual(before);
  });

  it.each(['a..b', 'HEAD', '-x', 'a b', '@{-1}', ''])('a name that is none, "%s": 2', async (name) => {
    const shop = shops.copyOf(opened);
    const before = shops.state(shop);
    const { code, stderr } = await shops.upgrade(shop, `--branch=${name}`);
    expect([code, stderr]).toEqual([2, expect.stringContaining('--branch')]);
    expect(shops.state(shop)).toEqual(before);
  });
});
