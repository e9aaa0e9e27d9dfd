// @module-tag sampled
import { afterAll, expect, it } from 'vitest';
import { gitRepository, gitServer } from '../support/git-server.ts';
import { run } from '../support/program.ts';
import * as shops from '../support/shop.ts';
import { filesOf, NAME, npmShop, publish, shopFrom } from '../support/sourced-shop.ts';

/** A source that names a version exactly gives no newer one. Whoever asks for the newest is told that there is one. */

afterAll(() => shops.removeSmallProgram());

/** What `upgrade` and `audit` note about the service. Both end with 0. */
async function notesOf(shop: shops.Shop): Promise<{ upgrade: string[]; audit: string[] }> {
  const upgraded = await shops.upgrade(shop, '--format', 'json');
  const audited = await run(['audit', '--format', 'json', '.'], shop.options);
  expect([upgraded.code, audited.code], upgraded.stderr + audited.stderr).toEqual([0, 0]);
  const { notes, changes } = JSON.parse(upgraded.stdout) as { notes: string[]; changes: [] };
  expect(changes).toEqual([]);
  const { services } = JSON.parse(audited.stdout) as { services: { notes: string[] }[] };
  return { upgrade: notes, audit: services[0]?.notes ?? [] };
}

const expectBoth = async (shop: shops.Shop, notes: readonly string[]): Promise<void> =>
  expect(await notesOf(shop)).toEqual({ upgrade: notes, audit: notes });

it('a tag of git', async () => {
  const { root, git, commit } = gitRepository(filesOf('1.0.0'));
  git('tag', 'v1.0.0');
  const { url } = await gitServer(root);
  const source = `${url}/preset.git#v1.0.0`;
  const shop = await shopFrom(source);
  await expectBoth(shop, []);
  commit(filesOf('1.2.0'));
  for (const tag of ['v1.2.0', 'v1.10.0', 'v2.0.0-rc.1', 'other-v9.0.0', 'nightly']) git('tag', tag);
  await expectBoth(shop, [
    `${NAME} is pinned to v1.0.0 by its source, and v1.10.0 is released; take it with upgrade --to ${NAME}@v1.10.0`,
  ]);
  const branch = await shopFrom(`${url}/preset.git#main`);
  await expectBoth(branch, []);
});

it('a commit of git', async () => {
  const { root, git, commit } = gitRepository(filesOf('1.0.0'));
  const { url } = await gitServer(root);
  const pinned = git('rev-parse', 'HEAD');
  const shop = await shopFrom(`${url}/preset.git#${pinned}`);
  commit(filesOf('1.2.0'));
  git('tag', 'v1.2.0');
  await expectBoth(shop, [
    `${NAME} is pinned to ${pinned} by its source, and v1.2.0 is released; take it with upgrade --to ${NAME}@v1.2.0`,
  ]);
});

it('a version of a package', async () => {
  const { shop, at } = await npmShop('@1.0.0', ['1.0.0']);
  await expectBoth(shop, []);
  publish(at, '1.2.0');
  await expectBoth(shop, [
    `${NAME} is pinned to 1.0.0 by its source, and 1.2.0 is released; take it with upgrade --to ${NAME}@1.2.0`,
  ]);
  const up = await shops.upgrade(shop, '--to', `${NAME}@1.2.0`);
  expect([up.code, up.stderr]).toEqual([0, expect.stringContaining(`the source is npm:${NAME}@1.2.0 now`)]);
});
