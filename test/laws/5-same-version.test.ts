// @module-tag wider
import { execFileSync } from 'node:child_process';
import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { temporaryFolder } from '../support/folder.ts';
import { upgradeAll, visible } from '../support/merging.ts';
import { FILES_ONLY, plainEnvironment, run } from '../support/program.ts';
import { randomUpgrade } from '../support/random-upgrade.ts';
import { forRandomUpgrades } from '../support/upgrade-runs.ts';

/**
 * Law 5. An upgrade to the version that a service already has changes nothing, and a repeated upgrade changes nothing.
 */
it('the same version changes nothing, whatever was edited', { timeout: 300_000 }, async () => {
  const same = randomUpgrade.map((drawn) => ({ ...drawn, next: drawn.old }));
  await forRandomUpgrades(same, (upgraded) => {
    for (const { tree, team, exit } of upgraded) {
      expect(visible(tree)).toEqual(visible(team));
      expect(exit).toBe(0);
    }
  });
});

it('the second upgrade changes nothing', { timeout: 300_000 }, async () => {
  await forRandomUpgrades(randomUpgrade, async (upgraded, drawn) => {
    const again = drawn.map(({ next }, index) => ({ old: next, next, team: () => upgraded[index]?.tree ?? new Map() }));
    const second = await upgradeAll(again);
    for (const [index, { tree, exit }] of second.entries()) {
      expect(visible(tree)).toEqual(visible(upgraded[index]?.tree ?? new Map()));
      expect(exit).toBe(0);
    }
  });
});

it.each([
  ['as it grew', ''],
  ['edited since', '# Ours.\n'],
])(
  'the same version leaves a service that grew as it is (%s), and its manifest too',
  { tags: ['sampled'] },
  async (_how, text) => {
    const cwd = temporaryFolder();
    expect((await run(['orders', '--dir', '.', '--yes', ...FILES_ONLY], { cwd })).code).toBe(0);
    for (const words of [
      ['client', 'payments'],
      ['worker', 'mailer'],
      ['flag', 'new-checkout'],
    ])
      expect((await run(['add', ...words, '--yes'], { cwd })).code).toBe(0);
    for (const path of ['docker-compose.orders.yaml', '.env.example']) appendFileSync(join(cwd, path), text);
    const git = (...args: string[]) => execFileSync('git', args, { cwd, env: plainEnvironment(), encoding: 'utf8' });
    git('init', '--quiet');
    git('add', '--all');
    git('-c', 'user.name=A', '-c', 'user.email=a@example.invalid', 'commit', '--quiet', '--message', 'All');
    const { code, stderr } = await run(['upgrade'], { cwd });
    expect([code, stderr]).toEqual([0, expect.stringContaining('nothing to do')]);
    expect(git('status', '--porcelain')).toBe('');
  },
);
