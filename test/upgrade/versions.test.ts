// @module-tag sampled
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Registry, serveTarballs } from '../../bench/registry.ts';
import { type Contents, makeFolder, removeFolder } from '../support/folder.ts';
import { FILES_ONLY, programWith, run } from '../support/program.ts';
import * as shops from '../support/shop.ts';

/**
 * Versions of this program's own templates. The old one comes from a package registry, and none of its code runs.
 */
const versions = {
  '0.0.1': { 'base/a.txt': '1\n2\n3\n4\n5\n', 'base/b.txt': 'b\n', 'base/name.txt.hbs': '{{name}}\n' },
  '0.0.2': { 'base/a.txt': 'one\n2\n3\n4\n5\n', 'base/name.txt.hbs': '# {{name}}\n', 'base/c.txt': 'c\n' },
  '0.0.3': { 'base/a.txt': 'eins\n2\n3\n4\n5\n', 'base/name.txt.hbs': '# {{name}}\n' },
} satisfies Record<string, Contents>;

let folder: string;
let registry: Registry;
const programs = new Map<string, ReturnType<typeof programWith>>();

const tarballOf = (version: string): string => join(folder, `create-twelve-service-${version}.tgz`);

/** The part of a version's package that an upgrade reads. */
function pack(version: string, program: string): void {
  const target = join(folder, version, 'package');
  cpSync(join(program, '../templates'), join(target, 'dist/templates'), { recursive: true });
  const scripts = { prepare: 'exit 1', postinstall: 'exit 1' };
  writeFileSync(join(target, 'package.json'), JSON.stringify({ name: 'create-twelve-service', version, scripts }));
  execFileSync('tar', ['-czf', tarballOf(version), '-C', join(folder, version), 'package']);
}

beforeAll(async () => {
  folder = makeFolder();
  for (const [version, files] of Object.entries(versions)) {
    const made = programWith({ files }, version);
    programs.set(version, made);
    mkdirSync(join(folder, version, 'package'), { recursive: true });
    pack(version, made.program);
  }
  registry = await serveTarballs([tarballOf('0.0.1'), tarballOf('0.0.3')]);
});
afterAll(() => {
  registry.close();
  for (const { remove } of programs.values()) remove();
  removeFolder(folder);
  shops.removeSmallProgram();
});

/** A service of 0.0.1 that its team edited, and the program of 0.0.2. */
async function openShop(url = registry.url): Promise<shops.Shop> {
  const parent = makeFolder();
  const env = { npm_config_registry: url, npm_config_cache: join(parent, 'npm'), npm_config_fetch_retries: '0' };
  const shop = { ...shops.shopAt(parent), options: shops.optionsIn(parent, env) };
  const made = run(['orders', '--yes', ...FILES_ONLY], { ...shop.options, cwd: parent, program: programOf('0.0.1') });
  await shops.must(made);
  writeFileSync(join(shop.orders, 'a.txt'), '1\n2\n3\n4\nfive\n');
  await shops.git(shop, 'init', '-q', '-b', 'main');
  await shops.commit(shop);
  return { ...shop, options: { ...shop.options, program: programOf('0.0.2') } };
}

const programOf = (version: string): string => programs.get(version)?.program ?? '';

async function withShop(use: (shop: shops.Shop) => Promise<void>, url?: string): Promise<void> {
  const shop = await openShop(url);
  try {
    await use(shop);
  } finally {
    removeFolder(shop.parent);
  }
}

const texts = ({ orders }: shops.Shop): Record<string, string> =>
  Object.fromEntries(
    [...shops.treeIn(orders)].flatMap(([path, file]) =>
      'content' in file ? [[path, Buffer.from(file.content).toString('utf8')]] : [],
    ),
  );

describe('an older version of the program', () => {
  it('is fetched as it was published, and merged with the edits of the team', () =>
    withShop(async (shop) => {
      const upgraded = await shops.upgrade(shop);
      expect([upgraded.code, upgraded.stderr]).toEqual([
        0,
        expect.stringContaining('create-twelve-service 0.0.1 -> 0.0.2'),
      ]);
      expect(texts(shop)).toEqual({ 'a.txt': 'one\n2\n3\n4\nfive\n', 'c.txt': 'c\n', 'name.txt': '# orders\n' });
    }));

  it('--to can name a third version', () =>
    withShop(async (shop) => {
      const upgraded = await shops.upgrade(shop, '--to', '0.0.3');
      expect(upgraded.code, upgraded.stderr).toBe(0);
      expect(texts(shop)).toEqual({ 'a.txt': 'eins\n2\n3\n4\nfive\n', 'name.txt': '# orders\n' });
      await shops.commit(shop);
      const before = shops.state(shop);
      const weekly = await shops.upgrade(shop, '--branch');
      expect([weekly.code, weekly.stderr]).toEqual([
        0,
        expect.stringMatching(/nothing to do[\s\S]*nothing newer than/),
      ]);
      expect(weekly.stderr).toContain('0.0.3: this program has 0.0.2; run npx create-twelve-service@latest upgrade');
      expect(shops.state(shop)).toEqual(before);
      const audited = await run(['audit', '--format', 'json', '.'], shop.options);
      const [service] = (JSON.parse(audited.stdout) as { services: object[] }).services;
      expect(service).toMatchObject({ template: { recorded: '0.0.3', current: '0.0.3', isCurrent: true } });
      const down = await shops.upgrade(shop, '--to', '0.0.2');
      expect([down.code, down.stderr]).toEqual([0, expect.stringContaining('goes down from 0.0.3 to 0.0.2')]);
    }));

  it('--to an unknown version: 5, and nothing changed', () =>
    withShop(async (shop) => {
      const before = shops.state(shop);
      const refused = await shops.upgrade(shop, '--to', '7.7.7');
      expect([refused.code, refused.stderr]).toEqual([5, expect.stringContaining('create-twelve-service@7.7.7')]);
      expect(shops.state(shop)).toEqual(before);
    }));

  it('that cannot be fetched: 5, and never a merge without it', () =>
    withShop(async (shop) => {
      const before = shops.state(shop);
      const refused = await shops.upgrade(shop);
      expect([refused.code, refused.stderr]).toEqual([5, expect.stringContaining('create-twelve-service@0.0.1')]);
      expect(shops.state(shop)).toEqual(before);
    }, 'http://127.0.0.1:9/'));

  it('is not what it was when the service was made: 6', async () => {
    cpSync(tarballOf('0.0.1'), join(folder, 'kept.tgz'));
    rmSync(join(folder, '0.0.1'), { recursive: true });
    mkdirSync(join(folder, '0.0.1/package'), { recursive: true });
    pack('0.0.1', programOf('0.0.3'));
    const index = join(folder, '0.0.1/package/dist/templates/typescript/index.json');
    writeFileSync(index, readFileSync(index, 'utf8').replace('"version":"0.0.3"', '"version":"0.0.1"'));
    execFileSync('tar', ['-czf', tarballOf('0.0.1'), '-C', join(folder, '0.0.1'), 'package']);
    const moved = await serveTarballs([tarballOf('0.0.1')]);
    cpSync(join(folder, 'kept.tgz'), tarballOf('0.0.1'));
    try {
      await withShop(async (shop) => {
        const before = shops.state(shop);
        const refused = await shops.upgrade(shop);
        expect([refused.code, refused.stderr]).toEqual([
          6,
          expect.stringContaining('0.0.1 is not what the service was made from'),
        ]);
        expect(shops.state(shop)).toEqual(before);
      }, moved.url);
    } finally {
      moved.close();
    }
  });
});
