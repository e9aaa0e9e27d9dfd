import fc from 'fast-check';
import { type Upgraded, type Upgrading, upgradeAll } from './merging.ts';

/** Cases at a time: git takes as long for a hundred merges as for one. */
const BATCH = 50;
/** 2,000 cases with TWELVE_EVERY_CALL, as `.ci/run` has it. */
const CASES = process.env.TWELVE_EVERY_CALL ? 2_000 : 200;

/** Upgrades random services, and holds each to a law. */
export async function forRandomUpgrades<T extends Upgrading>(
  upgrades: fc.Arbitrary<T>,
  law: (upgraded: readonly Upgraded[], drawn: readonly T[]) => void | Promise<void>,
): Promise<void> {
  await fc.assert(
    fc.asyncProperty(fc.array(upgrades, { minLength: 1, maxLength: BATCH, size: 'max' }), async (drawn) =>
      law(await upgradeAll(drawn), drawn),
    ),
    { numRuns: Math.ceil((2 * CASES) / BATCH), interruptAfterTimeLimit: 230_000, markInterruptAsFailure: false },
  );
}
