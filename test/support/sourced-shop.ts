import { onTestFinished } from 'vitest';
import { makeFolder, removeFolder } from './folder.ts';
import { presetTree } from './merging.ts';
import { FILES_ONLY, run } from './program.ts';
import { type Registry, registry } from './registry.ts';
import * as shops from './shop.ts';
import { tarball } from './tarball.ts';

/** Services whose preset comes from a registry or a repository on this machine. */

export const NAME = '@acme/standard';

/** The files of a version of the preset, by path. */
export function filesOf(version: string, more: object = {}): Record<string, string> {
  const tree = presetTree(version, {
    files: shops.treeOf({ 'a.txt': `${version}\n` }),
    preset: { name: NAME, ...more },
  });
  return Object.fromEntries([...tree].map(([path, { content }]) => [path, Buffer.from(content).toString('utf8')]));
}

export function publish(to: Registry, version: string, name = NAME, more: object = {}): void {
  const files = filesOf(version, { name, ...more });
  const entries = Object.entries(files).map(([path, content]) => ({ path: `package/${path}`, content }));
  to.publish(name, version, tarball(entries));
}

/** A committed service of a source. */
export async function shopFrom(source: string, env: NodeJS.ProcessEnv = {}): Promise<shops.Shop> {
  const parent = makeFolder();
  onTestFinished(() => removeFolder(parent));
  const shop = { ...shops.shopAt(parent), options: shops.optionsIn(parent, env) };
  const args = ['orders', '--yes', ...FILES_ONLY, '--preset', source];
  await shops.must(run(args, { ...shop.options, cwd: parent }));
  await shops.git(shop, 'init', '-q', '-b', 'main');
  await shops.commit(shop);
  return shop;
}

export async function npmShop(range: string, versions: readonly string[]): Promise<{ shop: shops.Shop; at: Registry }> {
  const at = await registry();
  for (const version of versions) publish(at, version);
  return { shop: await shopFrom(`npm:${NAME}${range}`, { npm_config_registry: at.url }), at };
}
