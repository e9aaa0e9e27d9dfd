import { readdirSync, readFileSync } from 'node:fs';
import { descendants, orGone } from './procfs.ts';

/** Process ids of a process group, zombies left out. */
export const groupMembers = (group: number): number[] => relatives(group);

/** The value of a variable in the environment of each process at its start; empty without one. */
const values = new Map<string, string>();

/**
 * Process ids of a process group, and of what has an assignment (`NAME=value`) in its environment; zombies left out.
 * An environment is read once: what forks has that of its parent from the start.
 */
export function relatives(group: number, assignment?: string): number[] {
  const [name = ''] = assignment?.split('=') ?? [];
  const seen = new Set<string>();
  const found = readdirSync('/proc').filter((pid) => {
    const first = pid.charCodeAt(0);
    if (first < 48 || first > 57) return false;
    const { state, group: own, startedAt } = statOf(pid) ?? {};
    if (state === undefined || state === 'Z') return false;
    const key = `${name} ${pid} ${startedAt}`;
    seen.add(key);
    if (own === group) return true;
    if (assignment === undefined || Number(pid) === process.pid) return false;
    const value = values.get(key) ?? assigned(pid, name);
    if (value !== undefined) values.set(key, value);
    return `${name}=${value}` === assignment;
  });
  for (const key of values.keys()) if (key.startsWith(`${name} `) && !seen.has(key)) values.delete(key);
  return found.map(Number);
}

/** `undefined` if it cannot be read, or not yet. */
function assigned(pid: string, name: string): string | undefined {
  const environment = orGone(() => readFileSync(`/proc/${pid}/environ`, 'latin1'));
  if (!environment) return undefined;
  const row = environment.split('\0').find((one) => one.startsWith(`${name}=`));
  return row?.slice(name.length + 1) ?? '';
}

/** The processor time that a process and all that it started have taken, in clock ticks of 10 ms. */
export function processorTicks(pid: number): number {
  return [pid, ...descendants([pid])].reduce((sum, one) => sum + (statOf(one)?.ticks ?? 0), 0);
}

interface Stat {
  readonly state: string;
  readonly group: number;
  /** Processor time, in clock ticks. */
  readonly ticks: number;
  /** In clock ticks: a later process with the same id has another time. */
  readonly startedAt: string;
}

/** `undefined` if it is gone. */
function statOf(pid: number | string): Stat | undefined {
  const text = orGone(() => readFileSync(`/proc/${pid}/stat`, 'latin1'));
  if (text === undefined) return undefined;
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  return {
    state: fields[0] ?? '',
    group: Number(fields[2]),
    ticks: Number(fields[11]) + Number(fields[12]),
    startedAt: fields[19] ?? '',
  };
}

/** When a process started, in clock ticks: a later process with the same id has another time. `undefined` if it is gone. */
export function startOf(pid: number): string | undefined {
  const stat = statOf(pid);
  return stat?.state === 'Z' ? undefined : stat?.startedAt;
}
