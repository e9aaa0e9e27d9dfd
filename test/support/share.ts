import { execFileSync } from 'node:child_process';

/** What is too long for every run comes in this many shares. */
const SHARES = 4;

/**
 * One share of a long list, chosen by the commit, so that every share comes up over the commits. With TWELVE_SHARE=all
 * it is the whole list, with TWELVE_SHARE=2 the second share. Without a commit, as in an unpacked archive, it is the
 * whole list too.
 * @param what the plural for the message that says which share this is, and how to run all
 */
export function shareOf<T>(all: readonly T[], what: string): T[] {
  const number = shareNumber();
  if (number === undefined) return [...all];
  const share = all.filter((_, index) => index % SHARES === number - 1);
  const which = `share ${number} of ${SHARES}, chosen by the commit`;
  console.log(`${share.length} of ${all.length} ${what}: ${which}; TWELVE_SHARE=all runs all of them`);
  return share;
}

function shareNumber(): number | undefined {
  const given = process.env.TWELVE_SHARE;
  if (given === 'all') return undefined;
  if (given !== undefined) {
    const number = Number(given);
    if (Number.isInteger(number) && number >= 1 && number <= SHARES) return number;
    throw new Error(`TWELVE_SHARE is all or a number from 1 to ${SHARES}, and not ${given}`);
  }
  const commit = headCommit();
  return commit === undefined ? undefined : (Number.parseInt(commit.slice(0, 8), 16) % SHARES) + 1;
}

function headCommit(): string | undefined {
  try {
    const cwd = import.meta.dirname;
    return execFileSync('git', ['rev-parse', 'HEAD'], { cwd, encoding: 'utf8', stdio: 'pipe' }).trim();
  } catch {
    return undefined;
  }
}
