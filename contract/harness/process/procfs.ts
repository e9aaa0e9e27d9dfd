import { readdirSync, readFileSync, readlinkSync, statSync } from 'node:fs';
import { codeOf } from '../wait.ts';

/** The state TCP_LISTEN in the kernel's tables. */
const LISTENING = '0A';

/** A process may end while its files in /proc are read: what is gone counts as not there. */
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

/** When a process started, in clock ticks: a later process with the same id has another time. `undefined` if it is gone. */
export function startOf(pid: number): string | undefined {
  const stat = orGone(() => readFileSync(`/proc/${pid}/stat`, 'utf8'));
  const fields = stat?.slice(stat.lastIndexOf(')') + 2).split(' ') ?? [];
  return fields[0] === 'Z' ? undefined : fields[19];
}

/** The children of processes and the children of these, without the processes themselves. */
export function descendants(pids: readonly number[]): number[] {
  const found = new Set<number>();
  const queue = [...pids];
  for (let pid = queue.pop(); pid !== undefined; pid = queue.pop()) {
    const threads = orGone(() => readdirSync(`/proc/${pid}/task`)) ?? [];
    const children = threads.flatMap((thread) => {
      const text = orGone(() => readFileSync(`/proc/${pid}/task/${thread}/children`, 'utf8')) ?? '';
      return text.trim().split(' ').filter(Boolean).map(Number);
    });
    for (const child of children) {
      if (found.has(child)) continue;
      found.add(child);
      queue.push(child);
    }
  }
  return [...found];
}

/** Whether a process id is, here, that of the first process of a container. */
export function isContainerInit(pid: number): boolean {
  const status = orGone(() => readFileSync(`/proc/${pid}/status`, 'utf8')) ?? '';
  const ids = /^NSpid:\s+(.*)$/m.exec(status)?.[1]?.trim().split(/\s+/) ?? [];
  return ids.length > 1 && ids.at(-1) === '1';
}

/** The processes in the same namespace of process ids; none if this user may not see that. */
export function namespaceMembers(pid: number): number[] {
  const namespaceOf = (id: number | string) => orGone(() => readlinkSync(`/proc/${id}/ns/pid`));
  const namespace = namespaceOf(pid);
  if (namespace === undefined) return [];
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && namespaceOf(name) === namespace)
    .map(Number);
}

/** Bytes of physical memory that processes hold. */
export function residentBytes(pids: readonly number[]): number {
  const kilobytes = pids.map((pid) => {
    const status = orGone(() => readFileSync(`/proc/${pid}/status`, 'utf8'));
    return Number(/^VmRSS:\s+(\d+)/m.exec(status ?? '')?.[1] ?? 0);
  });
  return kilobytes.reduce((sum, one) => sum + one, 0) * 1024;
}

/** Whether this user may see which files a process holds open. True for one that has ended. */
export function showsFiles(pid: number): boolean {
  try {
    readdirSync(`/proc/${pid}/fd`);
    return true;
  } catch (error) {
    return !['EACCES', 'EPERM'].includes(codeOf(error));
  }
}

/** Regular files that a process holds open for writing, without those that were removed, which serve as memory. */
export function filesOpenForWriting(pid: number): string[] {
  const fds = orGone(() => readdirSync(`/proc/${pid}/fd`)) ?? [];
  return fds.flatMap((fd) => {
    const path = orGone(() => readlinkSync(`/proc/${pid}/fd/${fd}`));
    const info = orGone(() => readFileSync(`/proc/${pid}/fdinfo/${fd}`, 'utf8'));
    const flags = Number.parseInt(/flags:\s*(\d+)/.exec(info ?? '')?.[1] ?? '0', 8);
    if (path === undefined || !path.startsWith('/') || path.endsWith(' (deleted)') || (flags & 0o3) === 0) return [];
    const file = orGone(() => statSync(`/proc/${pid}/fd/${fd}`));
    return file?.isFile() ? [path] : [];
  });
}

/** Processes, zombies left out, whose environment at their start had this assignment (`NAME=value`). */
export function processesWith(assignment: string): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .filter((name) => {
      const environment = orGone(() => readFileSync(`/proc/${name}/environ`, 'latin1'));
      return environment !== undefined && `\0${environment}`.includes(`\0${assignment}\0`);
    })
    .map(Number);
}

/** TCP ports that the processes listen on. */
export function listeningPorts(pids: readonly number[]): number[] {
  const ports = pids.flatMap((pid) => {
    const held = new Set(
      (orGone(() => readdirSync(`/proc/${pid}/fd`)) ?? []).map((fd) =>
        orGone(() => readlinkSync(`/proc/${pid}/fd/${fd}`)),
      ),
    );
    const tables = ['tcp', 'tcp6'].map((name) => orGone(() => readFileSync(`/proc/${pid}/net/${name}`, 'utf8')) ?? '');
    return tables
      .flatMap((table) => table.split('\n').slice(1))
      .map((row) => row.trim().split(/\s+/))
      .filter((columns) => columns[3] === LISTENING && held.has(`socket:[${columns[9]}]`))
      .map(([, local = '']) => Number.parseInt(local.slice(local.indexOf(':') + 1), 16));
  });
  return [...new Set(ports)];
}

/** Whether one of the processes listens on a TCP port. */
export function listensOn(pids: readonly number[], port: number): boolean {
  return listeningPorts(pids).includes(port);
}
