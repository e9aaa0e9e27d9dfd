import { closeSync, openSync, readdirSync, readFileSync, readlinkSync, readSync, statSync } from 'node:fs';
import { constants } from 'node:os';
import { codeOf } from '../wait.ts';

/** The state TCP_LISTEN in the kernel's tables. */
const LISTENING = '0A';
/** What the first line of a table has in the column of states. */
const HEAD = 'st';
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
  const found = listenersIn(pids, readListening);
  // Kernels that are not Linux, and show the same files, may have another order.
  return found.length > 0 ? found : listenersIn(pids, readAll);
}

function listenersIn(pids: readonly number[], readTable: (path: string) => string): Listener[] {
  const found = pids.flatMap((pid) => {
    const held = new Set(
      (orGone(() => readdirSync(`/proc/${pid}/fd`)) ?? []).map((fd) =>
        orGone(() => readlinkSync(`/proc/${pid}/fd/${fd}`)),
      ),
    );
    return socketsOf(pid, LISTENING, readTable)
      .filter((columns) => held.has(`socket:[${columns[9]}]`))
      .map(([, local = '']) => local.split(':'))
      .map(([address = '', port = '']) => ({ port: Number.parseInt(port, 16), reach: reachOf(address) }));
  });
  return [...new Map(found.map((one) => [`${one.reach} ${one.port}`, one])).values()];
}

/** The ports of the clients whose connections to a port are open at this end, in the network that a process is in. */
export function establishedFrom(pid: number, port: number): number[] {
  const portOf = (address = '') => Number.parseInt(address.split(':')[1] ?? '', 16);
  return socketsOf(pid, ESTABLISHED, readAll)
    .filter(([, local]) => portOf(local) === port)
    .map(([, , remote]) => portOf(remote));
}

/** Rows of the kernel's tables of TCP sockets that are in a state, as columns. */
function socketsOf(pid: number, state: string, readTable: (path: string) => string): string[][] {
  return ['tcp', 'tcp6']
    .flatMap((name) => (orGone(() => readTable(`/proc/${pid}/net/${name}`)) ?? '').split('\n').slice(1))
    .map((row) => row.trim().split(/\s+/))
    .filter((columns) => columns[3] === state);
}

const readAll = (path: string): string => readFileSync(path, 'utf8');

/**
 * Sockets that listen come first in a table (Documentation/networking/proc_net_tcp.rst of Linux). The kernel takes long to find the
 * others, of which there may be thousands.
 */
function readListening(path: string): string {
  const file = openSync(path, 'r');
  try {
    const chunk = Buffer.alloc(4096);
    let text = '';
    let isMore = true;
    while (isMore) {
      const count = readSync(file, chunk);
      text += chunk.toString('latin1', 0, count);
      const last = text.slice(0, text.lastIndexOf('\n')).split('\n').at(-1)?.trim().split(/\s+/)[3];
      isMore = count > 0 && (last === LISTENING || last === HEAD);
    }
    return text.slice(0, text.lastIndexOf('\n'));
  } finally {
    closeSync(file);
  }
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
