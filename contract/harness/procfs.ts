import { readdirSync, readFileSync, readlinkSync, statSync } from 'node:fs';
import { codeOf } from './wait.ts';

/** Reads of /proc race with processes that end; what is gone counts as not there. */
function orGone<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (['ENOENT', 'ESRCH', 'EACCES', 'EPERM', 'ENOTDIR'].includes(codeOf(error))) return undefined;
    throw error;
  }
}

/** Whether this machine shows processes the Linux way. */
export const hasProcfs = (): boolean => orGone(() => statSync('/proc/self/fd')) !== undefined;

/** Process ids of a process group, zombies left out. */
export function groupMembers(group: number): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((name) => {
      const stat = orGone(() => readFileSync(`/proc/${name}/stat`, 'utf8'));
      const [state, , pgrp] = stat?.slice(stat.lastIndexOf(')') + 2).split(' ') ?? [];
      return state !== 'Z' && Number(pgrp) === group;
    })
    .map(Number);
}

/** The first child of a process, if it has one. */
export function firstChild(pid: number): number | undefined {
  const children = orGone(() => readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8'));
  const first = children?.trim().split(' ')[0];
  return first ? Number(first) : undefined;
}

/** Regular files that a process holds open for writing. */
export function filesOpenForWriting(pid: number): string[] {
  const fds = orGone(() => readdirSync(`/proc/${pid}/fd`)) ?? [];
  return fds.flatMap((fd) => {
    const path = orGone(() => readlinkSync(`/proc/${pid}/fd/${fd}`));
    const info = orGone(() => readFileSync(`/proc/${pid}/fdinfo/${fd}`, 'utf8'));
    const flags = Number.parseInt(/flags:\s*(\d+)/.exec(info ?? '')?.[1] ?? '0', 8);
    if (path === undefined || !path.startsWith('/') || (flags & 0o3) === 0) return [];
    const file = orGone(() => statSync(`/proc/${pid}/fd/${fd}`));
    return file?.isFile() ? [path] : [];
  });
}

/** Whether one of the processes listens on a TCP port. */
export function listensOn(pids: readonly number[], port: number): boolean {
  const hex = port.toString(16).toUpperCase().padStart(4, '0');
  for (const pid of pids) {
    const tables = ['tcp', 'tcp6'].map((name) => orGone(() => readFileSync(`/proc/${pid}/net/${name}`, 'utf8')) ?? '');
    const inodes = tables
      .flatMap((table) => table.split('\n').slice(1))
      .map((row) => row.trim().split(/\s+/))
      .filter(([, local, , state]) => state === '0A' && local?.endsWith(`:${hex}`))
      .map((columns) => `socket:[${columns[9]}]`);
    const fds = orGone(() => readdirSync(`/proc/${pid}/fd`)) ?? [];
    if (fds.some((fd) => inodes.includes(orGone(() => readlinkSync(`/proc/${pid}/fd/${fd}`)) ?? ''))) return true;
  }
  return false;
}
