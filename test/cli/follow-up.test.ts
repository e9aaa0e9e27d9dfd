// @module-tag sampled
// @module-tag node

import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createIn, smallService } from '../support/creating.ts';
import { type Contents, filesIn } from '../support/folder.ts';

/** What is installed after the files are written, by an npm that writes down how it was started. */

let small: ReturnType<typeof smallService>;
beforeAll(() => {
  small = smallService();
});
afterAll(() => small.remove());

const create = (args: string[], files: Contents, extra: NodeJS.ProcessEnv = {}) =>
  createIn(small.program, args, files, extra);

describe('npm', () => {
  it('npm ci runs in the service, development dependencies included', async () => {
    const { code, stdout, npmRan, cwd } = await create(['orders', '--no-git'], {}, { NODE_ENV: 'production' });
    expect([code, JSON.parse(stdout).install]).toEqual([0, 'done']);
    expect(npmRan).toMatch(new RegExp(`npm ci .*--include=dev.* in ${cwd}/orders`));
  });

  it('npm ci failing: 4, the files stay, and it says what to run', async () => {
    const { code, stdout, cwd } = await create(['orders', '--no-git'], {}, { NPM_EXIT: '1' });
    const { install, notes, ok } = JSON.parse(stdout);
    expect([code, ok, install, notes]).toEqual([
      4,
      true,
      'failed',
      [expect.stringMatching(/^dependencies are not installed: .+; run npm ci$/)],
    ]);
    expect(filesIn(join(cwd, 'orders'))).toHaveLength(4);
  });

  it('npm ci held back by the age of a version: 4, with the setting', async () => {
    const said =
      'npm error code ETARGET\\nnpm error notarget No matching version found for a@1.0.0 with a date before 1/1/2026.\\n';
    const { code, stdout } = await create(['orders', '--no-git'], {}, { NPM_EXIT: '1', NPM_SAYS: said });
    expect([code, JSON.parse(stdout).notes]).toEqual([
      4,
      [
        expect.stringMatching(
          /npm takes no version of a@1\.0\.0: its setting min-release-age .+; wait until .+; run npm ci$/,
        ),
      ],
    ]);
  });

  it('npm asks no registry about what it has kept, but where that is too old', async () => {
    const old = 'npm error code ETARGET\\nnpm error notarget No matching version found for a@2.0.0.\\n';
    const run = `#!/bin/sh
echo "npm $*" >> "$HOME/npm-ran"
case "$*" in *--prefer-offline*) printf '${old}' >&2; exit 1 ;; esac
`;
    const { code, stdout, npmRan } = await create(['orders', '--no-git'], { 'bin/npm': { run } });
    expect([code, JSON.parse(stdout).install]).toEqual([0, 'done']);
    const runs = npmRan.trim().split('\n');
    expect(runs.map((each) => each.includes('--prefer-offline'))).toEqual([true, false]);
  });

  it('npm missing: 4', async () => {
    const { code, stdout } = await create(['orders', '--no-git'], {}, { PATH: '/nonexistent' });
    expect([code, JSON.parse(stdout).notes]).toEqual([
      4,
      [expect.stringContaining('npm is not installed; install npm first, then run npm ci')],
    ]);
  });

  it('inside an npm workspace: not run, and it says where to', async () => {
    const { code, stdout, npmRan, cwd } = await create(['orders', '--no-git', '--dir', 'services/orders'], {
      'package.json': '{"workspaces": ["services/*"]}',
    });
    expect([code, JSON.parse(stdout)]).toMatchObject([
      0,
      { install: 'skipped', notes: [`it is inside the npm workspace ${cwd}: run npm install there`] },
    ]);
    expect(npmRan).toBe('');
  });

  it.each([
    ['["packages/*"]', 'install'],
    ['["services/*", "!services/orders"]', 'install'],
    ['["./services/**"]', 'workspace'],
    ['{"packages": ["services/orders/"]}', 'workspace'],
    ['["{services,apps}/*"]', 'workspace'],
    ['[]', 'install'],
  ])('below a package.json with the workspaces %s: %s', async (workspaces, how) => {
    const { code, stdout, npmRan } = await create(['orders', '--no-git', '--dir', 'services/orders'], {
      'package.json': `{"workspaces": ${workspaces}}`,
    });
    expect([code, JSON.parse(stdout).install, npmRan !== '']).toEqual(
      how === 'install' ? [0, 'done', true] : [0, 'skipped', false],
    );
  });

  it.each([
    ['broken', '{'],
    ['null', 'null'],
    ['a list', '[]'],
  ])('a package.json above that is %s is not a workspace', async (_what, text) => {
    const { code, stdout, stderr } = await create(['orders', '--no-git'], { 'package.json': text });
    expect([code, JSON.parse(stdout).install], stderr).toEqual([0, 'done']);
  });

  it('a package.json above that cannot be read does not fail the run: 0 or 4, never 1', async () => {
    const { code, stdout, cwd } = await create(['orders', '--no-git'], { 'package.json': { link: 'package.json' } });
    expect([0, 4]).toContain(code);
    expect(() => JSON.parse(stdout)).not.toThrow();
    expect(filesIn(join(cwd, 'orders'))).toHaveLength(4);
  });
});
