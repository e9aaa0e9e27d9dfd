import { expect, it } from 'vitest';
import { upgradeAll, visible } from '../support/merging.ts';
import { randomUpgrade } from '../support/random-upgrade.ts';
import { forRandomUpgrades } from '../support/upgrade-runs.ts';

/** Law 5. An upgrade to the version that a service has changes nothing; so does an upgrade that was done before. */
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
