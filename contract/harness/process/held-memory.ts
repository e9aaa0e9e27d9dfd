import { HOLDS, HOLDS_SIGNAL, RAN } from '../../runtimes/runtime.ts';
import { codeOf, until } from '../wait.ts';
import type { Child } from './child.ts';

/** A collection of a large heap takes a second on a busy machine. */
const ANSWER_MS = 10_000;

/** Whether a program, or a part of it, runs code that was given to it; see `Faults.crash`. */
export const isAsked = (child: Child): boolean => processesOf(child).length > 0;

/**
 * How many bytes the objects of a program hold after a collection; see `Faults.crash`. `undefined` if it does not say so: it is
 * not one process and one thread that runs what was given to it, or it has ended, or is too busy.
 */
export async function heldBytes(child: Child): Promise<number | undefined> {
  const [pid, ...more] = processesOf(child);
  const members = child.members();
  if (pid === undefined || more.length > 0 || members.length !== 1 || members[0] !== pid) return undefined;
  const said = () =>
    [...child.stderr.matchAll(new RegExp(`^${HOLDS} (\\d+)$`, 'gm'))].map(([, bytes]) => Number(bytes));
  const before = said().length;
  try {
    process.kill(pid, HOLDS_SIGNAL);
  } catch (error) {
    if (codeOf(error) === 'ESRCH') return undefined;
    throw error;
  }
  return until('its memory', ANSWER_MS, () => said()[before]).catch(() => undefined);
}

/** A process for each time that it said it runs the code, or that it has one more thread. */
const processesOf = ({ stderr }: Child): number[] =>
  [...stderr.matchAll(new RegExp(`^${RAN} (\\d+)$`, 'gm'))].map(([, pid]) => Number(pid));
