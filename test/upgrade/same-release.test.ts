// @module-tag sampled
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it, onTestFinished } from 'vitest';
import type { Tree } from '../../engine/core/tree.ts';
import { hashTree } from '../../engine/core/tree.ts';
import { readFolderTree } from '../../engine/io/source/read-folder.ts';
import { parseCreateAnswers } from '../../generators/create/questions.ts';
import { loadPresets } from '../../generators/load-presets.ts';
import { makeStandard, renderStandard } from '../../generators/standard.ts';
import { type Contents, makeFolder, removeFolder, temporaryFolder, write } from '../support/folder.ts';
import { gitRepository, gitServer } from '../support/git-server.ts';
import { FILES_ONLY, run } from '../support/program.ts';
import { registry } from '../support/registry.ts';
import * as shops from '../support/shop.ts';
import { tarball } from '../support/tarball.ts';
import { templateFrom } from '../support/template.ts';

/** One release of a preset has one integrity, wherever it comes from: that of what is rendered. */

const NAME = '@acme/standard';
const PRESET = `schema: 1
name: "${NAME}"
version: 1.0.0
questions: [{ name: tier, message: Tier, type: choice, choices: [gold, silver], default: gold }]
layers: [{ path: layers/base }, { path: layers/gold, when: { tier: gold } }]
remove: [base.txt]
`;

/** What renders. */
const RENDERED: Contents = {
  'preset.yaml': PRESET,
  'blocks/notes.hbs': 'notes of {{tier}}\n',
  'layers/base/a.txt': 'a\n',
  'layers/base/README.md': 'of the service\n',
  'layers/base/run.sh': { run: '#!/bin/sh\n' },
  'layers/base/b.txt.hbs': '{{name}}\n',
  'layers/gold/_package.json': '{ "private": true }\n',
  'layers/gold/c.txt': 'c\n',
};

/** What a repository has besides, and a package does not; and the other way round. */
const IN_GIT: Contents = {
  'README.md': 'read me\n',
  'CHANGELOG.md': 'news\n',
  'test/preset.test.js': 'test\n',
  '.gitignore': 'node_modules\n',
  '.github/workflows/ci.yml': 'on: push\n',
  '.editorconfig': 'root = true\n',
  'layers/unused/old.txt': 'old\n',
};
const IN_NPM: Contents = {
  'package.json': `{ "name": "${NAME}", "version": "1.0.0" }\n`,
  'README.md': 'read me on npm\n',
};
const IN_FOLDER: Contents = {
  ...IN_GIT,
  ...IN_NPM,
  '.idea/a.xml': 'x',
  'layers/base/.DS_Store': 'x',
  'layers/base/a.txt~': 'x',
};

function pack(contents: Contents): Buffer {
  const entries = Object.entries(contents).map(([path, what]) => {
    const isRun = typeof what === 'object' && 'run' in what;
    return { path: `package/${path}`, content: isRun ? what.run : (what as string), mode: isRun ? 0o775 : 0o664 };
  });
  return tarball(entries);
}

afterAll(() => shops.removeSmallProgram());

it('is the same from npm, from git and from a folder', async () => {
  const at = await registry();
  at.publish(NAME, '1.0.0', pack({ ...RENDERED, ...IN_NPM }));
  const { root } = gitRepository({ ...RENDERED, ...IN_GIT });
  const { url } = await gitServer(root);
  const home = temporaryFolder();
  write(home, { '.npmrc': `registry=${at.url}\n` });
  write(join(home, 'preset'), { ...RENDERED, ...IN_FOLDER });
  const integrities = [];
  for (const source of [`npm:${NAME}`, `${url}/preset.git`, './preset'])
    integrities.push((await loadPresets(source, home)).map(({ pin }) => pin.integrity));
  expect(new Set(integrities.flat()).size).toBe(1);
});

describe('a service', () => {
  /** A committed service of the folder `preset`. */
  async function openShop(contents: Contents): Promise<shops.Shop> {
    const parent = makeFolder();
    onTestFinished(() => removeFolder(parent));
    const shop = shops.shopAt(parent);
    write(join(parent, 'preset'), contents);
    const args = ['orders', '--yes', ...FILES_ONLY, '--preset', './preset'];
    await shops.must(run(args, { ...shop.options, cwd: parent }));
    await shops.git(shop, 'init', '-q', '-b', 'main');
    await shops.commit(shop);
    return shop;
  }
  const { 'blocks/notes.hbs': _notes, ...SMALL } = RENDERED;
  const manifestOf = ({ orders }: shops.Shop) => join(orders, '.twelve.json');
  const integrityOf = (shop: shops.Shop): string =>
    JSON.parse(readFileSync(manifestOf(shop), 'utf8')).presets[0].integrity;

  it('moves to the same release from elsewhere without a change of its files', async () => {
    const shop = await openShop({ ...SMALL, ...IN_FOLDER });
    const { root } = gitRepository({ ...SMALL, ...IN_GIT });
    const { url } = await gitServer(root);
    const moved = await shops.upgrade(shop, '--preset', `${url}/preset.git`, '--format', 'json');
    expect(moved.code, moved.stderr).toBe(0);
    expect(JSON.parse(moved.stdout).changes.map(({ path }: { path: string }) => path)).toEqual(['.twelve.json']);
  });

  it('takes a new text of the README for the same version', async () => {
    const shop = await openShop({ ...SMALL, ...IN_FOLDER });
    write(join(shop.parent, 'preset'), { 'README.md': 'other words\n' });
    const same = await shops.upgrade(shop);
    expect([same.code, same.stderr]).toEqual([0, expect.stringContaining('nothing to do')]);
    write(join(shop.parent, 'preset'), { 'layers/base/a.txt': 'other words\n' });
    expect((await shops.upgrade(shop)).code).toBe(6);
  });

  it('with the integrity of an earlier program, of all files, is upgraded, and records the new one', async () => {
    const contents = { ...SMALL, ...IN_GIT, ...IN_NPM };
    const shop = await openShop(contents);
    const [now, before] = [integrityOf(shop), hashTree(readFolderTree(join(shop.parent, 'preset')))];
    expect(before).not.toBe(now);
    writeFileSync(manifestOf(shop), readFileSync(manifestOf(shop), 'utf8').replace(now, before));
    await shops.commit(shop);
    const audited = await run(['audit', '--format', 'json', '.'], shop.options);
    expect(JSON.parse(audited.stdout).services[0]).toMatchObject({ presets: [{ isCurrent: true }], findings: [] });
    rmSync(join(shop.parent, 'cache'), { recursive: true });
    const upgraded = await shops.upgrade(shop);
    expect([upgraded.code, upgraded.stderr]).toEqual([0, expect.stringContaining('recorded anew')]);
    expect(integrityOf(shop)).toBe(now);
    await shops.commit(shop);
    expect((await shops.upgrade(shop)).stderr).toContain('nothing to do');
  });

  it('with such an integrity, and other content: 6', async () => {
    const shop = await openShop({ ...SMALL, ...IN_GIT });
    const before = hashTree(readFolderTree(join(shop.parent, 'preset')));
    writeFileSync(manifestOf(shop), readFileSync(manifestOf(shop), 'utf8').replace(integrityOf(shop), before));
    await shops.commit(shop);
    rmSync(join(shop.parent, 'cache'), { recursive: true });
    write(join(shop.parent, 'preset'), { 'layers/base/a.txt': 'other words\n' });
    expect((await shops.upgrade(shop)).code).toBe(6);
  });
});

describe('the hash', () => {
  const ALL: Contents = { ...RENDERED, ...IN_FOLDER };
  const template = templateFrom({
    files: { 'base/base.txt': 'base\n', 'base/notes.md.hbs': '{{#> notes}}\nnone\n{{/notes}}\n' },
  });

  /** Everything that comes out of a preset for both tiers; or the reason why nothing does. */
  async function load(contents: Contents): Promise<{ integrity: string; kept: Tree; rendered: string }> {
    const folder = temporaryFolder();
    write(folder, contents);
    const [preset] = await loadPresets(folder, folder);
    if (!preset) throw new Error('nothing was loaded');
    const standard = makeStandard(await template, [preset]);
    const trees = [];
    for (const tier of ['gold', 'silver']) {
      const answers = parseCreateAnswers({ name: 'orders', tier }, standard.questions);
      trees.push(hashTree(await renderStandard(standard, answers)));
    }
    const { policy, migrations } = preset.preset;
    return {
      integrity: preset.pin.integrity,
      kept: preset.files,
      rendered: JSON.stringify([trees, policy, migrations]),
    };
  }

  const isRun = (what: Contents[string] | undefined): what is { run: string } =>
    typeof what === 'object' && 'run' in what;

  /** Other bytes that are still valid, or another mode. */
  const edits: ((what: Contents[string]) => Contents[string])[] = [
    (what) => (isRun(what) ? { run: `${what.run}# more\n` } : `${String(what)}\n`),
    (what) => (isRun(what) ? what.run : { run: String(what) }),
  ];

  it.each(Object.keys(ALL))(
    'of %s: other output is another integrity, and what is not hashed is not there',
    async (path) => {
      const before = await load(ALL);
      const isHashed = Object.hasOwn(RENDERED, path);
      expect([...before.kept.keys()].includes(path as never)).toBe(isHashed);
      for (const [kind, edit] of edits.entries()) {
        const after = await load({ ...ALL, [path]: edit(ALL[path] as string) });
        if (after.rendered !== before.rendered) expect(after.integrity).not.toBe(before.integrity);
        const isInLayer = path.startsWith('layers/');
        if (isHashed && (kind === 0 || isInLayer)) expect(after.integrity).not.toBe(before.integrity);
        else expect(after.integrity).toBe(before.integrity);
      }
      const { [path]: _gone, ...without } = ALL;
      if (path !== 'preset.yaml') expect((await load(without)).integrity === before.integrity).toBe(!isHashed);
    },
  );

  it('of random presets is another one whenever the output is another one', { tags: ['wider'] }, async () => {
    const name = fc.constantFrom('a.txt', 'b.txt.hbs', '_c.json', 'd/e.txt', '.DS_Store');
    const folder = fc.constantFrom('layers/base/', 'layers/gold/', 'layers/', 'blocks/../', '', 'docs/');
    const file = fc.tuple(folder, name).map(([at, what]) => `${at.replace('blocks/../', '')}${what}`);
    const text = fc.constantFrom('{}\n', '{ "x": 1 }\n', '[]\n');
    const extra = fc.dictionary(file, text, { maxKeys: 4 });
    const seen = new Map<string, string>();
    await fc.assert(
      fc.asyncProperty(extra, async (more) => {
        const { integrity, rendered } = await load({ ...RENDERED, ...more });
        expect(seen.get(integrity) ?? rendered).toBe(rendered);
        seen.set(integrity, rendered);
      }),
      { numRuns: 60, seed: 11 },
    );
  });
});
