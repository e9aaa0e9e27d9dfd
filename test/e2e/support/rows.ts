import { test } from 'vitest';
import { shareOf } from '../../support/share.ts';

/**
 * This run's share of the rows of a suite, as `shareOf` has it. A share may be empty, and vitest calls a file without a
 * test broken: so an empty share is one skipped test, whose name says why.
 * @param what a plural for the messages
 */
export function rowsOf<T>(all: readonly T[], what: string, shares?: number): T[] {
  const rows = shareOf(all, what, shares);
  if (rows.length === 0) test.skip(`${what}: none is in this share`);
  return rows;
}

/**
 * The rows that this machine can run. A line says why another one cannot; if none can, there is one skipped test.
 * @param what a plural for the messages
 * @param whyNot what a row misses here
 */
export function rowsHere<T>(rows: readonly T[], what: string, whyNot: (row: T) => string | undefined): T[] {
  const there = rows.filter((row) => {
    const why = whyNot(row);
    if (why !== undefined) console.log(`skipped: ${what}: ${why}`);
    return why === undefined;
  });
  if (there.length === 0 && rows.length > 0) test.skip(`${what}: this machine can run none`);
  return there;
}
