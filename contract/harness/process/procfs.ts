import { readdirSync, readFileSync, readlinkSync, statSync } from 'node:fs';
import { constants } from 'node:os';
import { codeOf } from '../wait.ts';

/** The state TCP_LISTEN in the kernel's tables. */
const LISTENING = '0A';
/** The state TCP_ESTABLISHED. */
const ESTABLISHED = '01';

/** A process may end while its files in /proc are read: what is gone counts as not there. */
export function orGone<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (['ENOENT', 'ESRCH', 'EACCES', 'EPERM', 'ENOTDIR'].includes(codeOf(error))) return undefined;
    throw error;
  }
}

/** Whether this machine shows processes the Linux way. */
export const hasProcfs = (): boolean => orGone(() => statSync('/proc/self/fd')) !== undefined;

/** The first child of a process, if it has one. */
export function firstChild(pid: number): number | undefined {
  const children = orGone(() => readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8'));
  const first = children?.trim().split(' ')[0];
  return first ? Number(first) : undefined;
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

/**
 * Whether a process does something itself when a signal comes: it has a handler, or it holds the signal back to ask for it, as
 * programs do that wait for signals. `undefined` if this user may not see that.
 */
export function handlesSignal(pid: number, name: NodeJS.Signals): boolean | undefined {
  const status = orGone(() => readFileSync(`/proc/${pid}/status`, 'utf8'));
  const masks = [...(status ?? '').matchAll(/^Sig(?:Blk|Cgt):\s*([0-9a-f]+)$/gm)].map(([, mask]) =>
    BigInt(`0x${mask}`),
  );
  if (masks.length === 0) return undefined;
  const bit = 1n << BigInt(constants.signals[name] - 1);
  return masks.some((mask) => (mask & bit) !== 0n);
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

/** A TCP socket that waits for connections. */
export interface Listener {
  readonly port: number;
  /** What its address reaches: every interface, this machine alone, or one network. */
  readonly reach: 'all' | 'loopback' | 'one';
}

/** TCP sockets on which the processes listen. */
export function listeners(pids: readonly number[]): Listener[] {
  const found = pids.flatMap((pid) => {
    const held = new Set(
      (orGone(() => readdirSync(`/proc/${pid}/fd`)) ?? []).map((fd) =>
        orGone(() => readlinkSync(`/proc/${pid}/fd/${fd}`)),
      ),
    );
    return socketsOf(pid)
      .filter((columns) => columns[3] === LISTENING && held.has(`socket:[${columns[9]}]`))
      .map(([, local = '']) => local.split(':'))
      .map(([address = '', port = '']) => ({ port: Number.parseInt(port, 16), reach: reachOf(address) }));
  });
  return [...new Map(found.map((one) => [`${one.reach} ${one.port}`, one])).values()];
}

/** The ports of the clients whose connections to a port are open at this end, in the network that a process is in. */
export function establishedFrom(pid: number, port: number): number[] {
  const portOf = (address = '') => Number.parseInt(address.split(':')[1] ?? '', 16);
  return socketsOf(pid)
    .filter(([, local, , state]) => state === ESTABLISHED && portOf(local) === port)
    .map(([, , remote]) => portOf(remote));
}

/** Rows of the kernel's tables of TCP sockets, as columns. */
function socketsOf(pid: number): string[][] {
  const tables = ['tcp', 'tcp6'].map((name) => orGone(() => readFileSync(`/proc/${pid}/net/${name}`, 'utf8')) ?? '');
  return tables.flatMap((table) => table.split('\n').slice(1)).map((row) => row.trim().split(/\s+/));
}

/** @param address as the kernel's tables write it: 8 or 32 digits, each group of 8 in the order of the machine's bytes */
function reachOf(address: string): Listener['reach'] {
  if (/^0+$/.test(address)) return 'all';
  const isLoopback = /^(.*FFFF0000)?[0-9A-F]{6}7F$/.test(address) || /^0{24}01000000$/.test(address);
  return isLoopback ? 'loopback' : 'one';
}

/** TCP ports that the processes listen on. */
export function listeningPorts(pids: readonly number[]): number[] {
  return [...new Set(listeners(pids).map(({ port }) => port))];
}

/** Whether one of the processes listens on a TCP port. */
export function listensOn(pids: readonly number[], port: number): boolean {
  return listeningPorts(pids).includes(port);
}
