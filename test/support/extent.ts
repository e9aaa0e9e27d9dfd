import { shareNumber } from './share.ts';

/** Whether this is `npm test`, which tries only a sample of a long list. All other runs try every item. */
export const isSampled = process.env.TWELVE_SAMPLE === 'only';

/**
 * Every `stride`th item of a list, and the last two. Where it starts is the share of this run: the commit chooses it, and
 * TWELVE_SHARE repeats it. The whole list if nothing is sampled.
 */
export function sampleOf<T>(all: readonly T[], stride: number): T[] {
  if (!isSampled) return [...all];
  const start = (shareNumber(stride) ?? 1) - 1;
  return all.filter((_, index) => index % stride === start || index >= all.length - 2);
}

/** Parameters of fast-check's `assert`. */
interface Campaign {
  readonly numRuns: number;
  readonly seed?: number;
  readonly interruptAfterTimeLimit?: number;
  readonly markInterruptAsFailure?: boolean;
}

/**
 * How long random tests run: a number of runs in `npm test`, and a time in `npm run test:rest`. The seed of a timed run
 * is printed; TWELVE_SEED repeats it.
 */
export function campaign(numRuns: number): Campaign {
  const seconds = Number(process.env.TWELVE_CAMPAIGN_SECONDS ?? 0);
  if (seconds === 0) return { numRuns };
  const seed = Number(process.env.TWELVE_SEED ?? Date.now() % 2 ** 31);
  console.log(`a random campaign of ${seconds} s, TWELVE_SEED=${seed}`);
  const interruptAfterTimeLimit = seconds * 1000;
  return { seed, numRuns: 10_000_000, interruptAfterTimeLimit, markInterruptAsFailure: false };
}
