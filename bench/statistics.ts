/** The smallest, the middle and the largest of a few measurements, in their unit. */
export interface Spread {
  readonly min: number;
  readonly median: number;
  readonly max: number;
}

/** @throws {RangeError} for no values: a median of nothing would be an invented number */
export function spreadOf(values: readonly number[]): Spread {
  const sorted = [...values].sort((a, b) => a - b);
  const upper = sorted[Math.floor(sorted.length / 2)];
  const lower = sorted[Math.floor((sorted.length - 1) / 2)];
  const [min] = sorted;
  const max = sorted.at(-1);
  if (min === undefined || lower === undefined || upper === undefined || max === undefined)
    throw new RangeError('no values to take a median of');
  return { min, median: (lower + upper) / 2, max };
}

/**
 * Each time divided by the baseline's of the same round, so that a machine that is slow for a while makes no difference.
 * @param times milliseconds, one a round
 * @param baseline milliseconds of the same rounds
 * @throws {RangeError} if the two were not measured in the same rounds
 */
export function ratiosOf(times: readonly number[], baseline: readonly number[]): number[] {
  if (times.length !== baseline.length)
    throw new RangeError(`${times.length} rounds against ${baseline.length} of the baseline`);
  return times.map((time, round) => time / (baseline[round] ?? Number.NaN));
}

/** `met` or `missed`; a subject without a target is there for comparison. */
export function verdictOf(value: number, target: number | undefined): 'met' | 'missed' | '' {
  if (target === undefined) return '';
  return value <= target ? 'met' : 'missed';
}
