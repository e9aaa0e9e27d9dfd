/** In `npm test`, where a sample has to do. Everywhere else each of a long list is tried. */
export const isSampled = process.env.TWELVE_SAMPLE === 'only';

/** Every `stride`th of a list, from a random one on, and the last two; all of it where nothing is sampled. */
export function sampleOf<T>(all: readonly T[], stride: number): T[] {
  if (!isSampled) return [...all];
  const start = Math.floor(Math.random() * stride);
  return all.filter((_, index) => index % stride === start || index >= all.length - 2);
}

/** What fast-check's `assert` takes. */
export interface Campaign {
  readonly numRuns: number;
  readonly seed?: number;
  readonly interruptAfterTimeLimit?: number;
  readonly markInterruptAsFailure?: boolean;
}

/**
 * How long a random campaign goes on: so many runs in `npm test`, and in `npm run test:rest` for a time. The seed of
 * such a one is printed, and TWELVE_SEED takes it again.
 */
export function campaign(numRuns: number): Campaign {
  const seconds = Number(process.env.TWELVE_CAMPAIGN_SECONDS ?? 0);
  if (seconds === 0) return { numRuns };
  const seed = Number(process.env.TWELVE_SEED ?? Date.now() % 2 ** 31);
  console.log(`a random campaign of ${seconds} s, TWELVE_SEED=${seed}`);
  const interruptAfterTimeLimit = seconds * 1000;
  return { seed, numRuns: 10_000_000, interruptAfterTimeLimit, markInterruptAsFailure: false };
}
