// @module-tag sampled
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it, onTestFinished } from 'vitest';
import { makeFolder, removeFolder } from '../support/folder.ts';
import { gitRepository, gitServer } from '../support/git-server.ts';
import { FILES_ONLY, run } from '../support/program.ts';
import { registry } from '../support/registry.ts';
import * as shops from '../support/shop.ts';
import { filesOf, NAME, npmShop, publish, shopFrom } from '../support/sourced-shop.ts';

/** An upgrade never goes to a lower version by itself, wherever the source points by now. */

afterAll(() => shops.removeSmallProgram());

const pinOf = ({ orders }: shops.Shop): { version: string; source: string } =>
  (JSON.parse(readFileSync(join(orders, '.twelve.json'), 'utf8')) as { presets: [] }).presets.at(-1) ?? {
    version: '',
    source: '',
  };

/** The weekly job's command finds nothing to do, makes no branch, ends with 0 and says why. */
async function expectStays(shop: shops.Shop, ...said: readonly string[]): Promise<void> {
  await shops.commit(shop);
  const before = shops.state(shop);
  const weekly = await shops.upgrade(shop, '--branch');
  expect([weekly.code, weekly.stderr]).toEqual([0, expect.stringContaining('nothing to do')]);
  for (const text of said) expect(weekly.stderr).toContain(text);
  expect(shops.state(shop)).toEqual(before);
  expect(await shops.git(shop, 'branch', '--list')).toBe('* main\n');
}

describe('--to with a git source', () => {
  it.each([
    ['v', '#v1.0.0', '2.0.0'],
    ['v', '#main', '2.0.0'],
    ['', '#1.0.0', 'v2.0.0'],
    ['preset-v', '#preset-v1.0.0', '2.0.0'],
  ])('finds the tag %s2.0.0 from %s by the version %s', async (prefix, ref, version) => {
    const { root, git, commit } = gitRepository(filesOf('1.0.0'));
    git('tag', `${prefix}1.0.0`);
    const { url } = await gitServer(root);
    const shop = await shopFrom(`${url}/preset.git${ref}`);
    commit(filesOf('2.0.0'));
    git('tag', `${prefix}2.0.0`);
    commit(filesOf('3.0.0'));
    const up = await shops.upgrade(shop, '--to', `${NAME}@${version}`);
    expect(up.code, up.stderr).toBe(0);
    expect(pinOf(shop)).toMatchObject({ version: '2.0.0' });
    await shops.commit(shop);
    const absent = await shops.upgrade(shop, '--to', `${NAME}@9.0.0`);
    expect([absent.code, absent.stderr]).toEqual([5, expect.stringContaining('ref 9.0.0')]);
  });
});

describe('an npm source', () => {
  it('--to a version outside of the range widens it, aloud; the next run stays there', async () => {
    const { shop } = await npmShop('@^1', ['1.0.0', '1.2.0', '2.0.0']);
    expect(pinOf(shop)).toMatchObject({ version: '1.2.0', source: `npm:${NAME}@^1` });
    const up = await shops.upgrade(shop, '--to', `${NAME}@2.0.0`);
    expect([up.code, up.stderr]).toEqual([
      0,
      expect.stringContaining(`the source is npm:${NAME}@^2.0.0 now, because npm:${NAME}@^1 does not allow 2.0.0`),
    ]);
    expect(pinOf(shop)).toMatchObject({ version: '2.0.0', source: `npm:${NAME}@^2.0.0` });
    await expectStays(shop);
  });

  it('whose tag `latest` moved back', async () => {
    const { shop, at } = await npmShop('', ['1.0.0', '1.2.0', '2.0.0']);
    at.tagLatest(NAME, '1.2.0');
    await expectStays(shop, `nothing newer than ${NAME} 2.0.0: npm:${NAME} gives 1.2.0`, `--to ${NAME}@1.2.0`);
  });

  it('of a manifest that an earlier program left with a range below its version', async () => {
    const { shop } = await npmShop('', ['1.0.0', '1.2.0', '2.0.0']);
    const manifest = join(shop.orders, '.twelve.json');
    writeFileSync(manifest, readFileSync(manifest, 'utf8').replace(`"npm:${NAME}"`, `"npm:${NAME}@^1"`));
    await expectStays(shop, `nothing newer than ${NAME} 2.0.0: npm:${NAME}@^1 gives 1.2.0`);
  });

  it('--to a lower version goes there, and says so, and what the next run does', async () => {
    const { shop } = await npmShop('@^1', ['1.0.0', '1.2.0']);
    const down = await shops.upgrade(shop, '--to', `${NAME}@1.0.0`, '--format', 'json');
    expect(down.code, down.stderr).toBe(0);
    expect(pinOf(shop)).toMatchObject({ version: '1.0.0', source: `npm:${NAME}@^1` });
    const { notes } = JSON.parse(down.stdout) as { notes: string[] };
    expect(notes).toEqual([
      `${NAME} goes down from 1.2.0 to 1.0.0`,
      `the source stays npm:${NAME}@^1, so the next upgrade takes the newest version that it allows; to stay, name --preset npm:${NAME}@1.0.0`,
    ]);
    await shops.commit(shop);
    expect((await shops.upgrade(shop)).code).toBe(0);
    expect(pinOf(shop).version).toBe('1.2.0');
  });

  it('--to a lower version outside of the range', async () => {
    const { shop } = await npmShop('@^2', ['1.0.0', '2.0.0']);
    const down = await shops.upgrade(shop, '--to', `${NAME}@1.0.0`);
    expect([down.code, down.stderr]).toEqual([0, expect.stringContaining(`${NAME} goes down from 2.0.0 to 1.0.0`)]);
    expect(pinOf(shop)).toMatchObject({ version: '1.0.0', source: `npm:${NAME}@^1.0.0` });
    await expectStays(shop);
  });

  it('of a base that is lower by now', async () => {
    const at = await registry();
    publish(at, '1.0.0', 'base', { layers: [] });
    publish(at, '1.5.0', 'base', { layers: [] });
    publish(at, '1.0.0', NAME, { extends: 'npm:base@^1' });
    const shop = await shopFrom(`npm:${NAME}`, { npm_config_registry: at.url });
    at.tagLatest('base', '1.0.0');
    publish(at, '1.1.0', NAME, { extends: 'npm:base@^1' });
    await expectStays(shop, 'nothing newer than base 1.5.0: ', 'gives 1.0.0');
    const chosen = await shops.upgrade(shop, '--to', `${NAME}@1.1.0`);
    expect([chosen.code, chosen.stderr]).toEqual([0, expect.stringContaining('base goes down from 1.5.0 to 1.0.0')]);
  });

  it('that is given with --preset goes down, and says so', async () => {
    const { shop } = await npmShop('', ['1.0.0', '2.0.0']);
    const down = await shops.upgrade(shop, '--preset', `npm:${NAME}@1.0.0`);
    expect([down.code, down.stderr]).toEqual([0, expect.stringContaining(`${NAME} goes down from 2.0.0 to 1.0.0`)]);
  });

  it('is current for audit, and a rehearsal does not go down', async () => {
    const { shop, at } = await npmShop('', ['1.0.0', '2.0.0']);
    at.tagLatest(NAME, '1.0.0');
    const audited = await run(['audit', '--format', 'json', '.'], shop.options);
    const [service] = (JSON.parse(audited.stdout) as { services: Record<string, unknown>[] }).services;
    expect(service).toMatchObject({
      findings: [],
      presets: [{ name: NAME, recorded: '2.0.0', current: '2.0.0', isCurrent: true }],
      notes: [expect.stringContaining(`nothing newer than ${NAME} 2.0.0: npm:${NAME} gives 1.0.0`)],
    });
  });
});

it('a folder whose version went back', async () => {
  const parent = makeFolder();
  onTestFinished(() => removeFolder(parent));
  const shop = shops.shopAt(parent);
  const release = (version: string) => shops.release(shop, version, { files: shops.treeOf({ 'a.txt': version }) });
  release('1.0.0');
  await shops.must(run(['orders', '--yes', ...FILES_ONLY, '--preset', './preset'], { ...shop.options, cwd: parent }));
  await shops.git(shop, 'init', '-q', '-b', 'main');
  release('0.9.0');
  await expectStays(shop, 'nothing newer than acme 1.0.0: ../preset gives 0.9.0');
});

it('a branch of git that was set back', async () => {
  const { root, git, commit } = gitRepository(filesOf('1.0.0'));
  commit(filesOf('2.0.0'));
  const { url } = await gitServer(root);
  const source = `${url}/preset.git#main`;
  const shop = await shopFrom(source);
  expect(pinOf(shop)).toMatchObject({ version: '2.0.0', source });
  git('reset', '--quiet', '--hard', 'HEAD~1');
  await expectStays(shop, `nothing newer than ${NAME} 2.0.0: ${source} gives 1.0.0`);
});

it('a tag of git that gives way to a lower and a higher one', async () => {
  const { root, git, commit } = gitRepository(filesOf('1.0.0'));
  git('tag', 'v1.0.0');
  commit(filesOf('2.0.0'));
  git('tag', 'v2.0.0');
  const { url } = await gitServer(root);
  const shop = await shopFrom(`${url}/preset.git#v1.0.0`);
  const up = await shops.upgrade(shop, '--to', `${NAME}@v2.0.0`);
  expect([up.code, up.stderr]).toEqual([
    0,
    expect.stringContaining(`the source is ${url}/preset.git#v2.0.0 now, because ${url}/preset.git#v1.0.0 does not`),
  ]);
  expect(pinOf(shop)).toMatchObject({ version: '2.0.0', source: `${url}/preset.git#v2.0.0` });
  await expectStays(shop);
});
