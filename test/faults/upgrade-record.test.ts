// @module-tag wider
// @module-tag sampled
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sampleOf } from '../support/extent.ts';
import { removeFolder, write } from '../support/folder.ts';
import { type RunResult, run } from '../support/program.ts';
import { callsOf, inParallel, runSabotaged } from '../support/sabotage.ts';
import * as shops from '../support/shop.ts';

/** docs/faults.md, "Upgrade": the record with which an upgrade is taken back is there as soon as the upgrade is. */
const OLD = {
  'a.txt': '1\n2\n3\n4\n5\n',
  config: 'c\n',
  'edited.txt': 'e\n',
  'gone/gone.txt': 'x\n',
  'plain.txt': 'p\n',
  'run.sh': 'r\n',
  'tools/x.txt': 'x, a tool\n',
};
const NEXT = {
  'a.txt': 'one\n2\n3\n4\n5\n',
  'config/new.txt': 'c, but longer\n',
  'plain.txt': 'pp\n',
  'run.sh': { run: 'rr\n' },
  tools: 'all tools\n',
};
const MODES = {
  'a.txt': 0o600,
  config: 0o640,
  'edited.txt': 0o644,
  'gone/gone.txt': 0o400,
  'run.sh': 0o600,
  gone: 0o750,
  tools: 0o711,
};

let opened: shops.Shop;
beforeAll(async () => {
  opened = await shops.openShop(OLD, NEXT);
  write(opened.orders, { 'a.txt': 'uno\n2\n3\n4\n5\n', 'edited.txt': 'e\nours\n' });
  await shops.commit(opened);
  for (const [path, mode] of Object.entries(MODES)) chmodSync(join(opened.orders, path), mode);
});
afterAll(() => {
  removeFolder(opened.parent);
  shops.removeSmallProgram();
});

const ours = (shop: shops.Shop): string[] =>
  readdirSync(shop.orders).filter((name) => /twelve-(stage|undo)/.test(name));

const undo = (shop: shops.Shop, ...more: string[]): Promise<RunResult> => run(['undo', ...more], shop.options);

/** Removes all conflicts of the upgrade. */
function resolve({ orders }: shops.Shop): void {
  writeFileSync(join(orders, 'a.txt'), 'uno, one\n2\n3\n4\n5\n');
  rmSync(join(orders, 'edited.txt'));
}

async function pending(): Promise<{ shop: shops.Shop; before: Record<string, string> }> {
  const shop = shops.copyOf(opened);
  const before = shops.files(shop);
  const upgraded = await shops.upgrade(shop);
  expect([upgraded.code, upgraded.stderr]).toEqual([4, expect.stringContaining('Resolve:    a.txt edited.txt\n')]);
  return { shop, before };
}

describe('killed before each file-system call of an upgrade with conflicts', { timeout: 600_000 }, () => {
  let calls: string[];
  beforeAll(async () => {
    calls = await shops.withCopy(opened, ({ options, orders }) => callsOf(['upgrade'], options, orders, 4));
  });

  /** Calls from taking the lock on, a sample of them, and those after the last change. What is before is in upgrade-kills. */
  const places = (): number[] => {
    const lock = calls.findIndex((call) => /^renameSync .*twelve-stage-.* .*\.twelve-stage$/.test(call));
    const last = calls.findIndex((call) => /\.twelve-stage\/done$/.test(call));
    expect([lock, last].every((at) => at > 20)).toBe(true);
    const locked = [...calls.keys()].slice(lock);
    return [...new Set([lock, ...sampleOf(locked, 16), last - 1, last + 2])];
  };

  const killed = async (at: number, use: (shop: shops.Shop, what: string) => Promise<string>): Promise<string> =>
    shops.withCopy(opened, async (shop) => {
      const ended = await runSabotaged(['upgrade'], shop.options, { zone: shop.orders, at: at + 1, act: 'kill' });
      const what = `killed before call ${at + 1}, ${calls[at]}`;
      expect(ended.signal, `${what}: ${ended.stderr}`).toBe('SIGKILL');
      return use(shop, what);
    });

  it('--abort gives every byte back, or the service is as before', async () => {
    const before = shops.files(opened);
    const said = await inParallel(places(), (at) =>
      killed(at, async (shop, what) => {
        const aborted = await shops.upgrade(shop, '--abort');
        const which = aborted.code === 0 ? 'is as it was before' : 'no upgrade is pending';
        expect([aborted.code, aborted.stderr], what).toEqual([
          aborted.code === 0 ? 0 : 3,
          expect.stringContaining(which),
        ]);
        expect(shops.files(shop), what).toEqual(before);
        expect(ours(shop), what).toEqual([]);
        return which;
      }),
    );
    expect(new Set(said)).toEqual(new Set(['is as it was before', 'no upgrade is pending']));
  });

  it('--continue, even after one that is refused, and then undo give every byte back', async () => {
    const before = shops.files(opened);
    const said = await inParallel(places(), (at) =>
      killed(at, async (shop, what) => {
        const refused = await shops.upgrade(shop, '--continue');
        expect(refused.code, what).toBe(3);
        expect(ours(shop), what).toEqual([]);
        if (refused.stderr.includes('no upgrade is pending')) {
          expect(shops.files(shop), what).toEqual(before);
          return 'as before';
        }
        resolve(shop);
        await shops.must(shops.upgrade(shop, '--continue'));
        await shops.must(undo(shop));
        expect(shops.files(shop), what).toEqual(before);
        return 'undone';
      }),
    );
    expect(new Set(said)).toEqual(new Set(['as before', 'undone']));
  });
});

describe('undo after --continue', () => {
  it('takes the whole upgrade back, with the resolution, the folders and the modes', async () => {
    const { shop, before } = await pending();
    resolve(shop);
    writeFileSync(join(shop.orders, 'plain.txt'), 'pp\nmended, so that it fits\n');
    write(shop.orders, { 'mine.txt': 'mine\n' });
    await shops.must(shops.upgrade(shop, '--continue'));
    const after = shops.state(shop);
    expect((await undo(shop, '--plan')).stdout).toContain('update a.txt');
    expect(shops.state(shop)).toEqual(after);
    await shops.must(undo(shop));
    expect(shops.files(shop)).toEqual({ ...before, 'mine.txt': 'file 644 mine\n' });
    const twice = await undo(shop);
    expect([twice.code, twice.stderr]).toEqual([3, expect.stringContaining('there is nothing to undo in')]);
  });

  it.each<[string, (orders: string) => void]>([
    ['a resolved file', (orders) => writeFileSync(join(orders, 'a.txt'), 'more\n')],
    ['another file of the upgrade', (orders) => writeFileSync(join(orders, 'plain.txt'), 'more\n')],
    ['a file that the resolution deleted', (orders) => writeFileSync(join(orders, 'edited.txt'), 'more\n')],
    ['the manifest', (orders) => writeFileSync(join(orders, '.twelve.json'), '{}\n')],
  ])('is refused after an edit of %s: 3, and nothing changed', async (_what, edit) => {
    const { shop } = await pending();
    resolve(shop);
    await shops.must(shops.upgrade(shop, '--continue'));
    edit(shop.orders);
    const before = shops.state(shop);
    const refused = await undo(shop);
    expect([refused.code, refused.stderr]).toEqual([3, expect.stringContaining('files were edited after that run: ')]);
    expect(shops.state(shop)).toEqual(before);
  });

  it('killed before each file-system call of --continue: it is repeated, and undo gives every byte back', {
    timeout: 600_000,
  }, async () => {
    const { shop: resolved, before } = await pending();
    resolve(resolved);
    const args = ['upgrade', '--continue'];
    const calls = await shops.withCopy(resolved, ({ options, orders }) => callsOf(args, options, orders));
    await inParallel(sampleOf([...calls.keys()], 16), (at) =>
      shops.withCopy(resolved, async (shop) => {
        const what = `killed before call ${at + 1}, ${calls[at]}`;
        const ended = await runSabotaged(args, shop.options, { zone: shop.orders, at: at + 1, act: 'kill' });
        expect(ended.signal, `${what}: ${ended.stderr}`).toBe('SIGKILL');
        const again = await shops.upgrade(shop, '--continue');
        if (again.code !== 0) expect([again.code, again.stderr], what).toEqual([3, expect.stringContaining('pending')]);
        await shops.must(undo(shop));
        expect(shops.files(shop), what).toEqual(before);
        expect(ours(shop), what).toEqual([]);
      }),
    );
  });
});

describe('the record', () => {
  /** Killed at the first call after the upgrade has made all its changes. */
  async function killedWhenDone(shop: shops.Shop): Promise<void> {
    const calls = await shops.withCopy(opened, ({ options, orders }) => callsOf(['upgrade'], options, orders, 4));
    const at = calls.findIndex((call) => /\.twelve-stage\/done$/.test(call)) + 2;
    const zone = shop.orders;
    expect((await runSabotaged(['upgrade'], shop.options, { zone, at, act: 'kill' })).signal).toBe('SIGKILL');
  }

  /** The number of the rename, counted from 1, that makes the stage the record. */
  async function placing(): Promise<number> {
    const calls = await shops.withCopy(opened, ({ options, orders }) => callsOf(['upgrade'], options, orders, 4));
    const renames = calls.filter((call) => call.startsWith('renameSync '));
    const at = renames.findIndex((call) => call.endsWith('/.git/twelve-undo')) + 1;
    expect(at).toBeGreaterThan(1);
    return at;
  }

  it.each<[string, (shop: shops.Shop) => Promise<unknown>]>([
    [
      'a worktree',
      async (shop) => {
        renameSync(join(shop.orders, '.git'), join(shop.parent, 'elsewhere'));
        writeFileSync(join(shop.orders, '.git'), `gitdir: ${join(shop.parent, 'elsewhere')}\n`);
      },
    ],
    [
      'a folder of a larger repository',
      async (shop) => renameSync(join(shop.orders, '.git'), join(shop.parent, '.git')),
    ],
  ])(
    'of an upgrade in %s is beside the files, hidden from git, and --abort and undo use it',
    async (_what, arrange) => {
      for (const isKilled of [true, false]) {
        const shop = shops.copyOf(opened);
        await arrange(shop);
        await shops.git(shop, 'add', '-A', '.');
        await shops.git(shop, 'commit', '-q', '--allow-empty', '-m', 'x');
        const before = shops.files(shop);
        if (isKilled) {
          const { length } = await shops.withCopy(shop, ({ options, orders }) =>
            callsOf(['upgrade'], options, orders, 4),
          );
          const sabotage = { zone: shop.orders, at: length - 3, act: 'kill' } as const;
          expect((await runSabotaged(['upgrade'], shop.options, sabotage)).signal).toBe('SIGKILL');
        } else expect((await shops.upgrade(shop)).code).toBe(4);
        expect(await shops.git(shop, 'status', '--porcelain', '-uall', '.')).not.toMatch(/twelve-(stage|undo)/);
        resolve(shop);
        await shops.must(shops.upgrade(shop, '--continue'));
        expect(ours(shop)).toEqual(['.twelve-undo']);
        await shops.git(shop, 'add', '-A', '.');
        await shops.must(undo(shop));
        expect(await shops.git(shop, 'diff', '--cached', '--name-only')).toBe('');
        expect(shops.files(shop)).toEqual(before);
        expect(ours(shop)).toEqual([]);
        expect((await shops.upgrade(shop)).code).toBe(4);
        await shops.must(shops.upgrade(shop, '--abort'));
        expect(shops.files(shop)).toEqual(before);
        expect(ours(shop)).toEqual([]);
      }
    },
  );

  it('is beside the files if .git is on another device', async () => {
    const shop = shops.copyOf(opened);
    const before = shops.files(shop);
    const sabotage = { zone: shop.orders, at: await placing(), act: 'EXDEV', only: ['renameSync'] } as const;
    expect((await runSabotaged(['upgrade'], shop.options, sabotage)).code).toBe(4);
    expect(ours(shop)).toEqual(['.twelve-undo']);
    await shops.must(shops.upgrade(shop, '--abort'));
    expect(shops.files(shop)).toEqual(before);
  });

  it('that cannot be kept: the upgrade is done and says so, and the next command tries again', async () => {
    const shop = shops.copyOf(opened);
    const before = shops.files(shop);
    const sabotage = { zone: shop.orders, at: await placing(), act: 'EIO', on: true, only: ['renameSync'] } as const;
    const upgraded = await runSabotaged(['upgrade'], shop.options, sabotage);
    expect([upgraded.code, upgraded.stderr]).toEqual([4, expect.stringContaining('for undo could not be kept: EIO')]);
    await shops.must(shops.upgrade(shop, '--abort'));
    expect(shops.files(shop)).toEqual(before);
    expect(ours(shop)).toEqual([]);
  });

  it('of an upgrade that is complete when it is killed is kept by the next command', async () => {
    const shop = shops.copyOf(opened);
    const before = shops.files(shop);
    await killedWhenDone(shop);
    expect(existsSync(join(shop.orders, '.twelve-stage/done'))).toBe(true);
    const plan = await undo(shop, '--plan');
    expect([plan.code, plan.stderr]).toEqual([3, expect.stringContaining('or completes it')]);
    expect((await shops.upgrade(shop)).code).toBe(3);
    expect(ours(shop)).toEqual([]);
    await shops.must(undo(shop));
    expect(shops.files(shop)).toEqual(before);
  });

  it('of another run is not taken for that of the pending upgrade: 3, and nothing changed', async () => {
    const shop = shops.copyOf(opened);
    resolve(shop);
    await shops.commit(shop);
    expect((await shops.upgrade(shop)).code).toBe(4);
    write(shop.orders, { 'a.txt': 'mine\n' });
    await shops.must(shops.upgrade(shop, '--continue'));
    await shops.commit(shop);
    shops.release(shop, '3.0.0', { files: shops.treeOf({ ...NEXT, 'a.txt': 'three\n' }) });
    expect((await shops.upgrade(shop, '--branch')).code).toBe(4);
    await shops.git(shop, 'switch', '-q', 'twelve/upgrade');
    const before = shops.state(shop);
    const refused = await shops.upgrade(shop, '--abort');
    expect([refused.code, refused.stderr]).toEqual([3, expect.stringContaining('there is no record in')]);
    expect(shops.state(shop)).toEqual(before);
    write(shop.orders, { 'a.txt': 'mine, three\n' });
    await shops.must(shops.upgrade(shop, '--continue'));
    const nothing = await undo(shop);
    expect([nothing.code, nothing.stderr]).toEqual([3, expect.stringContaining('there is nothing to undo in')]);
  });

  it('serves --abort after the manifest was laid out anew', async () => {
    const { shop, before } = await pending();
    const path = join(shop.orders, '.twelve.json');
    writeFileSync(path, JSON.stringify(JSON.parse(readFileSync(path, 'utf8'))));
    await shops.must(shops.upgrade(shop, '--abort'));
    expect(shops.files(shop)).toEqual(before);
  });
});

describe('a refused command leaves nothing of a killed one', () => {
  it.each([
    ['--continue', (orders: string) => writeFileSync(join(orders, 'a.txt'), '<<<<<<< yours\n')],
    [
      '--abort',
      (orders: string) => {
        rmSync(join(orders, 'a.txt'));
        mkdirSync(join(orders, 'a.txt'));
      },
    ],
  ])('%s', async (action, spoil) => {
    const { shop } = await pending();
    resolve(shop);
    const sabotage = { zone: shop.orders, at: 1, act: 'kill', only: ['linkSync'] } as const;
    expect((await runSabotaged(['upgrade', action], shop.options, sabotage)).signal).toBe('SIGKILL');
    expect(ours(shop)).toHaveLength(1);
    spoil(shop.orders);
    const before = shops.files(shop);
    expect((await shops.upgrade(shop, action)).code).toBe(3);
    expect(ours(shop)).toEqual([]);
    expect(shops.files(shop)).toEqual(before);
  });
});
