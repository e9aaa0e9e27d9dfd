// @module-tag sampled
import { mkdirSync, readFileSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, it, onTestFinished } from 'vitest';
import { isOdd } from '../../engine/core/merge/merged-file.ts';
import { makeFolder, removeFolder, snapshot, write } from '../support/folder.ts';
import { visible } from '../support/merging.ts';
import { execute, FILES_ONLY, run } from '../support/program.ts';
import * as shops from '../support/shop.ts';
import { readScenarios, type Scenario } from './scenario.ts';

/** Scenarios with the built program in real repositories. The trees must be the same. */
const SCENARIOS = readScenarios().filter(({ git }) => git !== undefined);

afterAll(() => shops.removeSmallProgram());

/** The service of a scenario, in its kind of repository. */
async function prepare(scenario: Scenario): Promise<shops.Shop> {
  const { old, next, team, preset = {}, presetNext = {}, links, git: kind } = scenario;
  const parent = makeFolder();
  onTestFinished(() => removeFolder(parent));
  const shop = shops.shopAt(parent);
  shops.release(shop, '1.0.0', { files: old, preset });
  await shops.must(run(['orders', '--yes', ...FILES_ONLY, '--preset', './preset'], { ...shop.options, cwd: parent }));
  if (team) {
    for (const name of shops.treeIn(shop.orders).keys()) rmSync(join(shop.orders, name));
    for (const [path, file] of team)
      if (!isOdd(file)) shops.writeTree(shop.orders, new Map([[path, file]]));
      else link(shop.orders, path, links[`team/${path}`] ?? '');
  }
  shops.release(shop, '2.0.0', { files: next, preset: presetNext });
  if (kind === 'submodule') await addSubmodule(shop);
  await shops.git(shop, 'init', '-q', '-b', 'main');
  if (kind === 'subfolder') renameSync(join(shop.orders, '.git'), join(parent, '.git'));
  await shops.commit(shop);
  return settle(shop, kind);
}

function link(folder: string, path: string, to: string): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  symlinkSync(to, join(folder, path));
}

async function addSubmodule(shop: shops.Shop): Promise<void> {
  const { parent, orders, options } = shop;
  write(parent, { 'library/a.txt': 'a\n' });
  const library = { ...shop, orders: join(parent, 'library') };
  await shops.git(library, 'init', '-q', '-b', 'main');
  await shops.commit(library);
  await shops.git(shop, 'init', '-q', '-b', 'main');
  await shops.must(
    execute('git', ['-c', 'protocol.file.allow=always', 'submodule', 'add', '-q', '../library', 'library'], {
      cwd: orders,
      env: options.env,
    }),
  );
}

/** Clones, checks out or links the repository. */
async function settle(shop: shops.Shop, kind: Scenario['git']): Promise<shops.Shop> {
  const { parent, orders, options } = shop;
  const away = join(parent, 'origin');
  if (kind === 'detached') await shops.git(shop, 'checkout', '-q', '--detach');
  if (kind !== 'shallow' && kind !== 'worktree') return shop;
  await shops.commit(shop);
  renameSync(orders, away);
  const origin = { cwd: away, env: options.env };
  if (kind === 'worktree') await shops.must(execute('git', ['worktree', 'add', '-q', orders], origin));
  else
    await shops.must(
      execute('git', ['clone', '-q', '--depth=1', `file://${away}`, orders], { ...origin, cwd: parent }),
    );
  return shop;
}

describe.each(SCENARIOS)('$name: $title', (scenario) => {
  it('gives the expected tree and exit code, and nothing more the second time', async () => {
    const shop = await prepare(scenario);
    const first = await shops.upgrade(shop, '--format', 'json');
    expect([first.code, first.stderr]).toEqual([scenario.exit, '']);
    const { files } = JSON.parse(first.stdout) as { files: { path: string; outcome: string }[] };
    const told = files.filter(({ outcome }) => outcome !== 'unchanged').map(({ path, outcome }) => [path, outcome]);
    expect(Object.fromEntries(told)).toEqual(scenario.outcomes);
    const tree = new Map(
      [...shops.treeIn(shop.orders)].filter(([path]) => !/^(library(\/|$)|\.gitmodules)/.test(path)),
    );
    expect(visible(tree)).toEqual(visible(scenario.expected));
    const manifest = JSON.parse(readFileSync(join(shop.orders, '.twelve.json'), 'utf8')) as { pending?: object };
    const isPending = manifest.pending !== undefined;
    expect(isPending).toBe(Object.values(scenario.outcomes).includes('conflict'));
    await shops.commit(shop);
    const before = snapshot(shop.orders);
    const second = await shops.upgrade(shop);
    expect([second.code, second.stderr]).toEqual([
      isPending ? 3 : 0,
      expect.stringContaining(isPending ? 'an upgrade is pending' : 'nothing to do'),
    ]);
    expect(snapshot(shop.orders)).toEqual(before);
  });
});
