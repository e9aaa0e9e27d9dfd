import { execFileSync } from 'node:child_process';

/** Long lists are divided into this many shares. */
export const SHARES = 4;

/**
 * One share of a long list. The commit chooses it, so that every share runs in some commit. With TWELVE_SHARE=all it is
 * the whole list, with TWELVE_SHARE=2 the second share. Without a commit, as in an unpacked archive, it is the whole
 * list too.
 * @param what a plural for the message, which says which share this is and how to run all
 */
export function shareOf<T>(all: readonly T[], what: string, shares = SHARES): T[] {
  const number = shareNumber(shares);
  if (number === undefined) return [...all];
  const share = all.filter((_, index) => index % shares === number - 1);
  const by = process.env.TWELVE_SHARE ? 'TWELVE_SHARE' : 'the commit';
  const which = `share ${number} of ${shares}, which ${by} chooses`;
  console.log(`${share.length} of ${all.length} ${what}: ${which}; TWELVE_SHARE=all runs all of them`);
  return share;
}

/** The share of this run, from 1 to `SHARES`. Not set for the whole list. */
export function shareNumber(shares = SHARES): number | undefined {
  const given = process.env.TWELVE_SHARE;
  if (given === 'all') return undefined;
  if (given && !/^[1-9]\d?$/.test(given)) throw new Error(`TWELVE_SHARE is "all" or a number, and not ${given}`);
  const number = given ? Number(given) - 1 : commitNumber();
  return number === undefined ? undefined : (number % shares) + 1;
}

function commitNumber(): number | undefined {
  try {
    const cwd = import.meta.dirname;
    const id = execFileSync('git', ['rev-parse', 'HEAD'], { cwd, encoding: 'utf8', stdio: 'pipe' });
    return Number.parseInt(id.slice(0, 8), 16);
  } catch {
    return undefined;
  }
}
