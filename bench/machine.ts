import { cpus, loadavg, platform, release, totalmem } from 'node:os';

/** What the numbers depend on beside the program. */
export interface Machine {
  readonly node: string;
  readonly os: string;
  readonly arch: string;
  readonly cpu: string;
  readonly cores: number;
  readonly memoryGiB: number;
}

export function describeMachine(): Machine {
  const cores = cpus();
  return {
    node: process.version,
    os: `${platform()} ${release()}`,
    arch: process.arch,
    cpu: cores[0]?.model.trim() ?? 'unknown',
    cores: cores.length,
    memoryGiB: Math.round(totalmem() / 2 ** 30),
  };
}

/** Processes that wanted a core, on average over the last minute. */
export function currentLoad(): number {
  return loadavg()[0] ?? 0;
}

/** The bench keeps about this many processes running by itself, npm and its registry included. */
const OWN_LOAD = 1.5;

/**
 * A warning if other programs took cores meanwhile: ratios of the same round cancel a slow machine, not a program that comes
 * and goes.
 * @param before load average when the bench began, @param after when it ended
 */
export function loadWarning(before: number, after: number, cores: number): string | undefined {
  const others = Math.max(before, after - OWN_LOAD);
  if (others <= cores / 2) return undefined;
  return `load average ${before.toFixed(1)} before and ${after.toFixed(1)} after on ${cores} cores: these numbers are not reliable`;
}
