// @module-tag sampled
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { removeFolder, write } from '../support/folder.ts';
import { execute } from '../support/program.ts';
import * as shops from '../support/shop.ts';

/**
 * docs/faults.md, "Upgrade": commands that a service or a home tells git to run. The merge runs none of them, and its
 * result is the same. `git status` in the service's own repository runs the owner's filters, as usual.
 */
const OLD = { 'a.txt': '1\n2\n3\n4\n5\n', 'b.ts': 'b\n' };
const NEXT = { 'a.txt': 'one\n2\n3\n4\n5\n', 'b.ts': 'bb\n' };

let opened: shops.Shop;
let expected: Record<string, string>;
beforeAll(async () => {
  opened = await shops.openShop(OLD, NEXT);
  write(opened.orders, { 'a.txt': '1\n2\n3\n4\nfive\n' });
  await shops.commit(opened);
  await shops.withCopy(opened, async (shop) => {
    expect((await shops.upgrade(shop)).code).toBe(0);
    expected = shops.files(shop);
  });
});
afterAll(() => {
  removeFolder(opened.parent);
  shops.removeSmallProgram();
});

/** A command that leaves a trace with a name, and copies its input to its output. */
const trap = (parent: string, name: string): string => `touch ${join(parent, `ran-${name}`)}; cat`;

const traces = (parent: string): string[] => readdirSync(parent).filter((name) => name.startsWith('ran-'));

const ATTRIBUTES = '* merge=evil filter=evil diff=evil text eol=crlf working-tree-encoding=UTF-16\n';

/** Settings of git. Each one that can run a command has a trap. */
function settings(parent: string): string {
  return [
    `[merge "evil"]\n\tname = x\n\tdriver = ${JSON.stringify(trap(parent, 'merge'))}`,
    `[diff "evil"]\n\ttextconv = ${JSON.stringify(trap(parent, 'textconv'))}\n\tcommand = ${JSON.stringify(trap(parent, 'diff'))}`,
    `[core]\n\thooksPath = ${join(parent, 'hooks')}\n\tautocrlf = true\n\tattributesFile = ${join(parent, 'attributes')}`,
    '[merge]\n\tconflictStyle = merge\n\trenames = false\n\tdefault = evil',
    '[diff]\n\trenames = false\n\texternal = false',
    '',
  ].join('\n');
}

describe('git is told to run things', () => {
  it('by .git/config, .git/info/attributes and hooks of the service: none of it runs in a merge', async () => {
    const shop = shops.copyOf(opened);
    const { parent, orders } = shop;
    const config = join(orders, '.git/config');
    writeFileSync(
      config,
      readFileSync(config, 'utf8') + settings(parent).replace('autocrlf = true', 'autocrlf = false'),
    );
    write(orders, { '.git/info/attributes': '* merge=evil diff=evil\n' });
    for (const hook of ['pre-commit', 'post-index-change', 'reference-transaction', 'post-checkout'])
      write(parent, { [`hooks/${hook}`]: { run: `#!/bin/sh\n${trap(parent, hook)}\n` } });
    const upgraded = await shops.upgrade(shop);
    expect(upgraded.code, upgraded.stderr).toBe(0);
    expect(shops.files(shop)).toEqual(expected);
    // `git status` itself may call this hook when it writes its index.
    expect(traces(parent).filter((name) => name !== 'ran-post-index-change')).toEqual([]);
  });

  it('by a .gitattributes that is committed: the same', async () => {
    const shop = shops.copyOf(opened);
    write(shop.orders, { '.gitattributes': '* merge=evil diff=evil\n' });
    writeFileSync(
      join(shop.orders, '.git/config'),
      readFileSync(join(shop.orders, '.git/config'), 'utf8') +
        settings(shop.parent).replace('autocrlf = true', 'autocrlf = false'),
    );
    await shops.commit(shop);
    const upgraded = await shops.upgrade(shop);
    expect(upgraded.code, upgraded.stderr).toBe(0);
    const { '.gitattributes': _own, ...rest } = shops.files(shop);
    expect(rest).toEqual(expected);
    expect(traces(shop.parent).filter((name) => name !== 'ran-post-index-change')).toEqual([]);
  });

  it('by the home of the user, the system or the environment: the same', async () => {
    const shop = shops.copyOf(opened);
    const { parent } = shop;
    write(parent, {
      attributes: ATTRIBUTES,
      'home/.gitconfig': settings(parent),
      'home/.config/git/attributes': ATTRIBUTES,
    });
    const hostile = {
      ...shop,
      options: shops.optionsIn(parent, {
        HOME: join(parent, 'home'),
        GIT_EXTERNAL_DIFF: trap(parent, 'environment'),
        GIT_CONFIG_COUNT: '1',
        GIT_CONFIG_KEY_0: 'merge.renames',
        GIT_CONFIG_VALUE_0: 'false',
      }),
    };
    // With these attributes git reports every file as changed. Only a plan can go on, because it does not ask git.
    const planned = await shops.upgrade(hostile, '--plan', '--format', 'json');
    expect(planned.code, planned.stderr).toBe(0);
    const plain = await shops.upgrade(shop, '--plan', '--format', 'json');
    expect(JSON.parse(planned.stdout)).toEqual(JSON.parse(plain.stdout));
    expect(traces(parent)).toEqual([]);
  });

  it('a file system monitor and filters are what `git status` runs: the owner’s own git, and nothing else of ours', async () => {
    const shop = shops.copyOf(opened);
    const { parent, orders } = shop;
    write(parent, { monitor: { run: `#!/bin/sh\ntouch ${join(parent, 'ran-monitor')}\nexit 1\n` } });
    await shops.git(shop, 'config', 'core.fsmonitor', join(parent, 'monitor'));
    await execute('git', ['status'], { cwd: orders, env: shop.options.env });
    expect(existsSync(join(parent, 'ran-monitor'))).toBe(true);
    const planned = await shops.withCopy(shop, async (copy) => {
      const before = readFileSync(join(copy.orders, '.git/config'), 'utf8');
      writeFileSync(join(copy.orders, '.git/config'), before.replaceAll(parent, copy.parent));
      const result = await shops.upgrade(copy, '--plan');
      return [result.code, existsSync(join(copy.parent, 'ran-monitor-again'))];
    });
    expect(planned).toEqual([0, false]);
    const upgraded = await shops.upgrade(shop);
    expect(upgraded.code, upgraded.stderr).toBe(0);
    expect(shops.files(shop)).toEqual(expected);
  });

  it('a repository variable of a hook does not change the place of the merge', async () => {
    const shop = shops.copyOf(opened);
    const elsewhere = join(shop.parent, 'elsewhere');
    await shops.must(execute('git', ['init', '-q', elsewhere], { cwd: shop.parent, env: shop.options.env }));
    const env = {
      GIT_DIR: join(elsewhere, '.git'),
      GIT_INDEX_FILE: join(elsewhere, 'index'),
      GIT_OBJECT_DIRECTORY: elsewhere,
    };
    const upgraded = await shops.upgrade({ ...shop, options: shops.optionsIn(shop.parent, env) });
    expect(upgraded.code, upgraded.stderr).toBe(0);
    expect(shops.files(shop)).toEqual(expected);
    expect(readdirSync(elsewhere)).toEqual(['.git']);
  });
});
