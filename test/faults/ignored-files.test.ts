// @module-tag sampled
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { removeFolder, temporaryFolder } from '../support/folder.ts';
import { execute, FILES_ONLY, plainEnvironment, run } from '../support/program.ts';
import * as shops from '../support/shop.ts';

/** docs/faults.md, "Target folder" and "Upgrade": what is generated into a repository, and git ignores it. */

let opened: shops.Shop;
beforeAll(async () => {
  const old = { '.env.example': 'A=1\n', 'docs/a.md': 'old\n', 'docs/same.md': 'same\n', 'kept.txt': 'old\n' };
  const next = { ...old, '.env.example': 'A=2\n', 'docs/a.md': 'new\n', 'docs/b.md': 'b\n', 'kept.txt': 'new\n' };
  opened = await shops.openShop(old, next);
});
afterAll(() => {
  removeFolder(opened.parent);
  shops.removeSmallProgram();
});

/** A service whose repository lacks what the person's own settings ignore. */
async function ignoring(...patterns: string[]): Promise<shops.Shop> {
  const shop = shops.copyOf(opened);
  mkdirSync(join(shop.parent, 'config/git'), { recursive: true });
  writeFileSync(join(shop.parent, 'config/git/ignore'), `${patterns.join('\n')}\n`);
  const options = shops.optionsIn(shop.parent, { XDG_CONFIG_HOME: join(shop.parent, 'config') });
  await shops.git(shop, 'rm', '-rq', '--cached', '.env.example', 'docs');
  await shops.git({ ...shop, options }, 'commit', '-q', '-m', 'as git add --all would have it');
  return { ...shop, options };
}

const outcomes = (stdout: string): Record<string, string> =>
  Object.fromEntries(
    JSON.parse(stdout).files.map(({ path, outcome }: { path: string; outcome: string }) => [path, outcome]),
  );

describe('upgrade', () => {
  it('--branch: an ignored file is not called deleted, and 4 names what changed', async () => {
    const shop = await ignoring('.env*', 'docs');
    const { code, stdout, stderr } = await shops.upgrade(shop, '--branch', '--format', 'json');
    expect(code, stderr).toBe(4);
    expect(outcomes(stdout)).toMatchObject({
      '.env.example': 'kept',
      'docs/a.md': 'kept',
      'docs/same.md': 'kept',
      'kept.txt': 'updated',
    });
    const because = `git ignores it (${join(shop.parent, 'config/git/ignore')}:`;
    expect(JSON.parse(stdout).attention).toEqual([
      `.env.example changed in the template; ${because}1), so the last commit lacks it: git add -f .env.example`,
      `docs/a.md changed in the template; ${because}2), so the last commit lacks it: git add -f docs/a.md`,
    ]);
    expect(await shops.git(shop, 'log', '-1', '--format=%B', 'twelve/upgrade')).not.toContain('eleted by you');
  });

  it('in place: what is written and ignored is named, in the plan too', async () => {
    const shop = await ignoring('.env*', 'docs/b.md');
    const attention = [
      expect.stringMatching(/^git ignores \.env\.example \(.*:1\), so a clone lacks it: git add -f \.env\.example$/),
      expect.stringMatching(/^git ignores docs\/b\.md /),
    ];
    await shops.git(shop, 'add', '-A');
    await shops.git(shop, 'commit', '-q', '-m', 'docs');
    for (const args of [['--plan'], []]) {
      const { code, stdout, stderr } = await shops.upgrade(shop, ...args, '--format', 'json');
      expect([code, JSON.parse(stdout).attention], stderr).toEqual([4, attention]);
    }
  });

  it("what the service's own .gitignore names is meant so", async () => {
    const shop = shops.copyOf(opened);
    writeFileSync(join(shop.orders, '.gitignore'), 'docs\n');
    await shops.git(shop, 'rm', '-rq', '--cached', 'docs');
    await shops.commit(shop);
    const branched = await shops.upgrade(shop, '--branch', '--format', 'json');
    expect([branched.code, JSON.parse(branched.stdout).attention], branched.stderr).toEqual([0, []]);
    expect(outcomes(branched.stdout)).toMatchObject({ 'docs/a.md': 'kept' });
    expect((await shops.upgrade(shop)).code).toBe(0);
  });

  it('a file that the team deleted is still called deleted', async () => {
    const shop = shops.copyOf(opened);
    await shops.git(shop, 'rm', '-q', '.env.example');
    await shops.commit(shop);
    const { code, stdout } = await shops.upgrade(shop, '--branch', '--format', 'json');
    expect([code, outcomes(stdout)]).toMatchObject([0, { '.env.example': 'deleted by you' }]);
  });
});

it('add-task: a new file that git ignores is named, with 4; what git has is not', async () => {
  const cwd = temporaryFolder({ 'config/git/ignore': 'src/tasks\n*.md\n' });
  const env = plainEnvironment({ XDG_CONFIG_HOME: join(cwd, 'config') });
  expect((await run(['orders', '--database', 'none', '--yes', ...FILES_ONLY], { cwd, env })).code).toBe(0);
  const orders = join(cwd, 'orders');
  for (const args of [
    ['init', '-q'],
    ['add', '-f', 'README.md', 'AGENTS.md'],
  ])
    expect((await execute('git', args, { cwd: orders, env })).code).toBe(0);
  for (const [code, ...more] of [[0, '--plan'], [4]] as const) {
    const added = await run(['add-task', 'sweep', '--format', 'json', ...more], { cwd: orders, env });
    expect([added.code, JSON.parse(added.stdout).attention], added.stderr).toEqual([
      code,
      [
        expect.stringMatching(
          /^git ignores src\/tasks\/sweep\.test\.ts, src\/tasks\/sweep\.ts \(.*:1\), so a clone lacks them: /,
        ),
      ],
    ]);
  }
});
