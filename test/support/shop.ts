import { cpSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { TeamTree } from '../../engine/core/merge/merged-file.ts';
import type { Tree } from '../../engine/core/tree.ts';
import { readTeamTree } from '../../engine/io/git/team-tree.ts';
import { DEFAULT_STACK } from '../../stacks/index.ts';
import { type Contents, makeFolder, removeFolder, snapshot, write } from './folder.ts';
import { presetTree } from './merging.ts';
import { execute, FILES_ONLY, plainEnvironment, programWith, type RunOptions, type RunResult, run } from './program.ts';

/**
 * A folder with everything that an upgrade needs, so that a test can copy it:
 *
 *   preset/   the preset of the service; its next version after `release`
 *   cache/    the cache of fetched sources
 *   orders/   the service, committed
 */
export interface Shop {
  readonly parent: string;
  readonly orders: string;
  readonly options: RunOptions & { readonly env: NodeJS.ProcessEnv };
}

/** The built program with a template of one file, which presets remove. */
let small: ReturnType<typeof programWith> | undefined;

export function removeSmallProgram(): void {
  small?.remove();
  small = undefined;
}

export function optionsIn(parent: string, env: NodeJS.ProcessEnv = {}): Shop['options'] {
  small ??= programWith({ files: { 'base/base.txt': 'base\n' } });
  const identity = {
    GIT_AUTHOR_NAME: 'a',
    GIT_AUTHOR_EMAIL: 'a@b',
    GIT_COMMITTER_NAME: 'a',
    GIT_COMMITTER_EMAIL: 'a@b',
  };
  return {
    cwd: join(parent, 'orders'),
    program: small.program,
    env: plainEnvironment({ XDG_CACHE_HOME: join(parent, 'cache'), ...identity, ...env }),
  };
}

export function shopAt(parent: string): Shop {
  return { parent, orders: join(parent, 'orders'), options: optionsIn(parent) };
}

/** A committed service of a preset's first version. The preset already has its next version. */
export async function openShop(
  old: Contents,
  next: Contents,
  more: { preset?: object; presetNext?: object } = {},
): Promise<Shop> {
  const parent = makeFolder();
  const shop = shopAt(parent);
  release(shop, '1.0.0', { files: treeOf(old), preset: { ...more.preset } });
  const args = ['orders', '--yes', ...FILES_ONLY, '--preset', './preset'];
  await must(run(args, { ...shop.options, cwd: parent }));
  await git(shop, 'init', '-q', '-b', 'main');
  await commit(shop);
  release(shop, '2.0.0', { files: treeOf(next), preset: { ...more.presetNext } });
  return shop;
}

/** A copy of an open shop for one test. */
export function copyOf(shop: Shop): Shop {
  const parent = makeFolder();
  onTestFinished(() => removeFolder(parent));
  cpSync(shop.parent, parent, { recursive: true, verbatimSymlinks: true });
  return shopAt(parent);
}

export async function withCopy<T>(shop: Shop, use: (copy: Shop) => Promise<T>): Promise<T> {
  const parent = makeFolder();
  try {
    cpSync(shop.parent, parent, { recursive: true, verbatimSymlinks: true });
    return await use(shopAt(parent));
  } finally {
    removeFolder(parent);
  }
}

/** Replaces the preset with another version. */
export function release(shop: Shop, version: string, what: { files: Tree; preset?: Record<string, unknown> }): void {
  const folder = join(shop.parent, 'preset');
  rmSync(folder, { recursive: true, force: true });
  writeTree(folder, presetTree(version, what));
}

export function writeTree(folder: string, tree: Tree): void {
  for (const [path, { content, mode }] of tree) {
    write(folder, { [path]: mode === 0o755 ? { run: '' } : '' });
    writeFileSync(join(folder, path), content);
  }
}

export function treeOf(contents: Contents): Tree {
  return new Map(
    Object.entries(contents).map(([path, what]) => {
      const isRun = typeof what === 'object' && 'run' in what;
      const content = Buffer.from(isRun ? what.run : (what as string | Uint8Array));
      return [path, { content, mode: isRun ? 0o755 : 0o644 }];
    }),
  ) as unknown as Tree;
}

export async function must(result: Promise<RunResult>): Promise<RunResult> {
  const ended = await result;
  if (ended.code !== 0) throw new Error(`ended with ${ended.code ?? ended.signal}: ${ended.stderr}`);
  return ended;
}

export async function git({ orders, options }: Shop, ...args: string[]): Promise<string> {
  return (await must(execute('git', args, { cwd: orders, env: options.env }))).stdout;
}

export async function commit(shop: Shop): Promise<void> {
  await git(shop, 'add', '-A');
  await git(shop, 'commit', '-q', '--allow-empty', '-m', 'x');
}

export function upgrade({ options }: Shop, ...args: string[]): Promise<RunResult> {
  return run(['upgrade', ...args], options);
}

/** The service without its manifest. */
export function treeIn(folder: string): TeamTree {
  return new Map([...readTeamTree(folder, DEFAULT_STACK.places.ignored)].filter(([path]) => path !== '.twelve.json'));
}

/** All files of a service, without those of `.git` that git itself changes, such as its index. */
export function state({ orders }: Shop): Record<string, string> {
  const entries = Object.entries(snapshot(orders));
  return Object.fromEntries(entries.filter(([path]) => !/^\.git(\/(?!HEAD|refs)|$)/.test(path)));
}

/** The same without `.git`, and without stages and records of runs. */
export function files(shop: Shop): Record<string, string> {
  return Object.fromEntries(
    Object.entries(state(shop)).filter(([path]) => !/^(\.git(\/|$)|\.[^/]*twelve-(stage|undo))/.test(path)),
  );
}
