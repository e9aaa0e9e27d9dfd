// @module-tag sampled
import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeFolder, removeFolder, temporaryFolder, write } from '../support/folder.ts';
import { FILES_ONLY, run } from '../support/program.ts';

/** Commands that install nothing say whether a lockfile fits. */

let parent: string;
beforeAll(async () => {
  parent = makeFolder();
  const made = await run(['orders', '--database', 'none', '--yes', ...FILES_ONLY], { cwd: parent });
  expect(made.code, made.stderr).toBe(0);
});
afterAll(() => removeFolder(parent));

/** A copy of the service, with another package.json. */
function service(change: (manifest: { dependencies: Record<string, string> }) => void = () => {}): string {
  const folder = temporaryFolder();
  cpSync(parent, folder, { recursive: true });
  const path = join(folder, 'orders/package.json');
  const manifest = JSON.parse(readFileSync(path, 'utf8'));
  change(manifest);
  writeFileSync(path, `${JSON.stringify(manifest, undefined, 2)}\n`);
  return folder;
}

const ADD = (manifest: { dependencies: Record<string, string> }) => {
  manifest.dependencies['left-pad'] = '^1.3.0';
};
const MISFIT = 'package-lock.json does not fit package.json: left-pad@^1.3.0 is missing';

describe('an audit', () => {
  const findings = async (folder: string) => {
    const { code, stdout } = await run(['audit', 'orders', '--format', 'json'], { cwd: folder });
    return { code, found: JSON.parse(stdout).services[0].findings };
  };

  it('finds a lockfile that does not fit', async () => {
    const { code, found } = await findings(service(ADD));
    expect([code, found]).toEqual([4, [{ rule: 'lockfile/misfit', path: 'package-lock.json', message: MISFIT }]]);
    expect((await findings(service())).found).toEqual([]);
  });

  it('in a workspace, looks at the lockfile of the workspace', async () => {
    const folder = service(ADD);
    const own = JSON.parse(readFileSync(join(folder, 'orders/package-lock.json'), 'utf8')).packages;
    const around = (more: object) =>
      write(folder, {
        'package.json': '{"workspaces":["orders"],"overrides":{"light-my-request":"6.6.0"}}',
        'package-lock.json': JSON.stringify({ packages: { ...own, '': {}, orders: {}, ...more } }),
      });
    around({});
    expect((await findings(folder)).found).toMatchObject([{ rule: 'lockfile/misfit', message: MISFIT }]);
    around({ 'node_modules/left-pad': { version: '1.3.0' } });
    expect((await findings(folder)).found).toEqual([]);
  });
});

it('adopt counts it as a gap', async () => {
  const folder = service(ADD);
  rmSync(join(folder, 'orders/.twelve.json'));
  const { code, stdout } = await run(['adopt', '--plan', '--format', 'json'], { cwd: join(folder, 'orders') });
  expect(code).toBe(0);
  expect(JSON.parse(stdout).gaps[0]).toEqual({ rules: ['II-1'], what: `a lockfile that fits: ${MISFIT}` });
});

describe('an addition that brings packages', () => {
  const add = async (folder: string) => {
    const { code, stdout } = await run(['add-flag', 'beta', '--yes', '--format', 'json'], {
      cwd: join(folder, 'orders'),
    });
    return { code, ...JSON.parse(stdout) };
  };

  it('says nothing of a lockfile that fits', async () => {
    expect(await add(service())).toMatchObject({ code: 0, attention: [] });
  });

  it('names what is too old for them: 4', async () => {
    const folder = service((manifest) => {
      manifest.dependencies['@openfeature/core'] = '1.5.0';
    });
    const path = join(folder, 'orders/package-lock.json');
    const lock = JSON.parse(readFileSync(path, 'utf8'));
    lock.packages['node_modules/@openfeature/core'] = { version: '1.5.0' };
    writeFileSync(path, JSON.stringify(lock, undefined, 2));
    expect(await add(folder)).toMatchObject({
      code: 4,
      attention: [expect.stringContaining('@openfeature/core@^1.12.0: it has 1.5.0 (of @openfeature/server-sdk)')],
      next: ['npm install'],
    });
  });

  it('says what is to be installed once, and not of a second one that brings nothing more', async () => {
    const folder = service();
    for (const [name, next] of [
      ['stock', ['npm install']],
      ['payments', []],
    ] as const) {
      const { stdout } = await run(['add-client', name, '--yes', '--format', 'json'], { cwd: join(folder, 'orders') });
      expect(JSON.parse(stdout)).toMatchObject({ next });
    }
  });
});
