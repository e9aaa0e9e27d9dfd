// @module-tag wider
import { expect, it } from 'vitest';
import { visible } from '../support/merging.ts';
import { randomUpgrade, untouched } from '../support/random-upgrade.ts';
import { forRandomUpgrades } from '../support/upgrade-runs.ts';

/** Law 4. The upgrade of an unedited service gives the same as a fresh generation of the new version. */
it('an upgrade of an unedited service equals a fresh generation', { timeout: 300_000 }, async () => {
  await forRandomUpgrades(randomUpgrade.map(untouched), (upgraded) => {
    for (const { tree, next, exit, manifest } of upgraded) {
      expect(visible(tree)).toEqual(visible(next));
      expect([exit, manifest.pending]).toEqual([0, undefined]);
      expect(Object.keys(manifest.files).sort()).toEqual([...next.keys()].sort());
    }
  });
});
