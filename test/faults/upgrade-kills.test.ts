// @module-tag wider
// @module-tag sampled
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isSampled, sampleOf } from '../support/extent.ts';
import { removeFolder, write } from '../support/folder.ts';
import { run } from '../support/program.ts';
import { callsOf, inParallel, runSabotaged } from '../support/sabotage.ts';
import * as shops from '../support/shop.ts';

/**
 * docs/faults.md, "Upgrade": killed at every file-system call and at every call of git. The next command completes or
 * rolls back, and says which.
 */
const OLD = { 'a.txt': '1\n2\n3\n4\n5\n', 'gone.txt': 'x\n', 'src/b.txt': 'b\n', 'tools/x.txt': 'x, a tool\n' };
const NEXT = { 'a.txt': 'one\n2\n3\n4\n5\n', 'src/b.txt': 'bb\n', 'src/new/c.txt': 'c\n', tools: 'all tools\n' };

interface Action {
  readonly name: string;
  readonly args: readonly string[];
  /** The message of a run after the action is complete. */
  readonly done: string;
  readonly open: () => Promise<shops.Shop>;
}

const merged = async (): Promise<shops.Shop> => {
  const shop = await shops.openShop(OLD, NEXT);
  write(shop.orders, { 'a.txt': '1\n2\n3\n4\nfive\n', 'mine.txt': 'mine\n' });
  await shops.commit(shop);
  return shop;
};

const pending = async (): Promise<shops.Shop> => {
  const shop = await shops.openShop(OLD, NEXT);
  write(shop.orders, { 'a.txt': 'uno\n2\n3\n4\n5\n' });
  await shops.commit(shop);
  expect((await shops.upgrade(shop)).code).toBe(4);
  return shop;
};

const resolved = async (): Promise<shops.Shop> => {
  const shop = await pending();
  writeFileSync(join(shop.orders, 'a.txt'), 'uno, one\n2\n3\n4\n5\n');
  return shop;
};

const upgraded = async (): Promise<shops.Shop> => {
  const shop = await merged();
  await shops.must(shops.upgrade(shop));
  return shop;
};

const ACTIONS: readonly Action[] = [
  { name: 'upgrade', args: ['upgrade'], done: 'has changes', open: merged },
  { name: 'upgrade --branch', args: ['upgrade', '--branch'], done: 'already exists', open: merged },
  { name: 'upgrade --continue', args: ['upgrade', '--continue'], done: 'no upgrade is pending', open: resolved },
  { name: 'upgrade --abort', args: ['upgrade', '--abort'], done: 'no upgrade is pending', open: pending },
  { name: 'undo', args: ['undo'], done: 'there is nothing to undo in', open: upgraded },
];

afterAll(() => shops.removeSmallProgram());

/** The service, and whether the branch of the upgrade exists. Git does not see an empty folder. */
function everything(shop: shops.Shop): Record<string, string> {
  const branch = join(shop.orders, '.git/refs/heads/twelve/upgrade');
  const files = Object.entries(shops.files(shop)).filter(([, what]) => !what.startsWith('folder'));
  return { ...Object.fromEntries(files), ...(existsSync(branch) ? { branch: 'there' } : {}) };
}

describe.each(ACTIONS)('$name', { timeout: 600_000 }, ({ args, done, open }) => {
  let opened: shops.Shop;
  let complete: Record<string, string>;
  let calls: string[];
  beforeAll(async () => {
    opened = await open();
    await shops.withCopy(opened, async (shop) => {
      calls = await callsOf(args, shop.options, shop.orders);
      complete = everything(shop);
    });
  });
  afterAll(() => removeFolder(opened.parent));

  /** The service is as before, complete, or rolled back by the next command, which ends with all of it. */
  async function expectRepaired(shop: shops.Shop, before: Record<string, string>, what: string): Promise<string> {
    const stage = join(shop.orders, '.twelve-stage');
    const isHalf = existsSync(stage) && !existsSync(join(stage, 'done'));
    const left = everything(shop);
    const isComplete = !isHalf && isDeepStrictEqual(left, complete);
    if (!isHalf && !isComplete) expect(left, what).toEqual(before);
    const next = await run(args, shop.options);
    const said = `${what}, then ${next.code}: ${next.stderr}`;
    expect(next.code, said).toBe(isComplete ? 3 : 0);
    expect(next.stderr.includes('was rolled back'), said).toBe(isHalf);
    if (isComplete) expect(next.stderr, said).toContain(done);
    expect(everything(shop), said).toEqual(complete);
    return isHalf ? 'rolled back' : isComplete ? 'complete' : 'as before';
  }

  it('killed before each file-system call: the next command completes or rolls back, and says which', async () => {
    const commit = calls.findIndex((call) => /^renameSync .*twelve-stage-.* .*\.twelve-stage$/.test(call));
    const points = [...new Set([...sampleOf([...calls.keys()], 16), commit + 4])];
    expect(points.length).toBeGreaterThan(2);
    const said = await inParallel(points, (at) =>
      shops.withCopy(opened, async (shop) => {
        const before = everything(shop);
        const killed = await runSabotaged(args, shop.options, { zone: shop.orders, at: at + 1, act: 'kill' });
        const what = `killed before call ${at + 1}, ${calls[at]}`;
        expect(killed.signal, `${what}: ${killed.stderr}`).toBe('SIGKILL');
        return expectRepaired(shop, before, what);
      }),
    );
    const possible = args.includes('--branch') ? ['as before'] : ['as before', 'rolled back', 'complete'];
    expect(said.filter((one) => !possible.includes(one))).toEqual([]);
    if (!isSampled) expect(new Set(said)).toEqual(new Set(possible));
  });

  it('killed at each call of git, or git killed: the same', async () => {
    const isTakenBack = args.includes('undo') || args.includes('--abort');
    const count = await shops.withCopy(opened, async (shop) => {
      const counted = withGit(shop, 0, 'nothing');
      expect((await run(args, counted.shop.options)).code).toBe(0);
      return counted.count();
    });
    const points = [...Array(count).keys()].flatMap((at) =>
      (['before', 'after', 'git'] as const).map((act) => ({ at: at + 1, act })),
    );
    await inParallel(sampleOf(points, 8), ({ at, act }) =>
      shops.withCopy(opened, async (shop) => {
        const before = everything(shop);
        const ended = await run(args, withGit(shop, at, act).shop.options);
        const what = `${act} at call ${at} of git: ${ended.code ?? ended.signal} ${ended.stderr}`;
        if (act !== 'git') expect(ended.signal, what).toBe('SIGKILL');
        else if (ended.code !== 3) {
          // Without the commit that it started from, an upgrade is still whole; what is left of the index is said.
          expect(ended.code, what).toBe(isTakenBack ? 4 : 0);
          if (isTakenBack) expect(ended.stderr, what).toContain('git reset -q -- ');
          expect(everything(shop), what).toEqual(complete);
        }
        await expectRepaired(shop, before, what);
      }),
    );
  });
});

/** A git that kills the program before or after the nth call, or itself. */
function withGit(
  shop: shops.Shop,
  at: number,
  act: 'before' | 'after' | 'git' | 'nothing',
): { shop: shops.Shop; count: () => number } {
  const counter = join(shop.parent, 'count');
  const acts = { before: 'kill -KILL $PPID; exit 1', git: 'kill -KILL $$', after: 'late=1', nothing: ':' };
  const script = [
    '#!/bin/sh',
    `n=$(($(cat "${counter}" 2>/dev/null || echo 0) + 1)); echo $n > "${counter}"`,
    `if [ $n = ${at} ]; then ${acts[act]}; fi`,
    `PATH="${shop.options.env.PATH}"`,
    'if [ "$late" ]; then git "$@"; kill -KILL $PPID; exit 1; fi',
    'exec git "$@"',
  ];
  write(shop.parent, { 'bin/git': { run: `${script.join('\n')}\n` } });
  const { PATH } = shop.options.env;
  const options = { ...shop.options, env: { ...shop.options.env, PATH: `${join(shop.parent, 'bin')}:${PATH}` } };
  return { shop: { ...shop, options }, count: () => (existsSync(counter) ? Number(readFileSync(counter, 'utf8')) : 0) };
}
