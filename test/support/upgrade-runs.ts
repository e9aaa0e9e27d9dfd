import fc from 'fast-check';
import { campaign, isSampled } from './extent.ts';
import { type Upgraded, type Upgrading, upgradeAll } from './merging.ts';

/** Number of cases in one run: git takes as long for a hundred merges as for one. */
const BATCH = 50;
const CASES = isSampled ? 200 : 2_000;

/** Upgrades random services, and checks a law for each. */
export async function forRandomUpgrades<T extends Upgrading>(
  upgrades: fc.Arbitrary<T>,
  law: (upgraded: readonly Upgraded[], drawn: readonly T[]) => void | Promise<void>,
): Promise<void> {
  await fc.assert(
    fc.asyncProperty(fc.array(upgrades, { minLength: 1, maxLength: BATCH, size: 'max' }), async (drawn) =>
      law(await upgradeAll(drawn), drawn),
    ),
    campaign(Math.ceil((2 * CASES) / BATCH)),
  );
}
