import { execFile, spawnSync } from 'node:child_process';
import { promisify } from 'node:util';
import type { Target } from '../../target.ts';
import { findProgram } from './programs.ts';

const exec = promisify(execFile);
/** Run in a new network namespace, in which the loopback interface is still down. */
const UP = 'ip link set lo up && exec "$@"';

/** Arguments of `unshare` for a program without a network but the loopback interface. */
export function offlineArguments(file: string, args: readonly string[]): string[] {
  return [...userFlags(), '--net', '--', '/bin/sh', '-c', UP, 'sh', file, ...args];
}

/** Whether a target can be started without a network here, or why not. */
export function canBeOffline({ kind }: Target): true | string {
  if (kind !== 'process') return 'only a process is asked from inside of its network';
  for (const name of ['unshare', 'nsenter', 'ip'])
    if (findProgram(name) === undefined) return `needs ${name}, which is not installed here`;
  const { status } = spawnSync(findProgram('unshare') ?? '', offlineArguments('/bin/true', []), { timeout: 5000 });
  return status === 0 || 'no network namespace can be made here';
}

/**
 * Sends a GET request from inside a process's network.
 * @returns the status, or the code of what went wrong; `undefined` if the asking program did not come to its end
 */
export function askOffline(pid: number, url: string): Promise<string | undefined> {
  const script = `fetch(process.argv[1], { signal: AbortSignal.timeout(3000) })
    .then(({ status }) => console.log(status), ({ cause, message }) => console.log(cause?.code ?? message))`;
  return inNetworkOf(pid, process.execPath, '-e', script, url);
}

/** An address for documentation, which nobody has. */
const OUTER = '198.51.100.7';
/** The network has the address for as long as a command runs. */
const WITH_ADDRESS = `ip address add ${OUTER}/32 dev lo && { "$@"; ip address del ${OUTER}/32 dev lo; }`;

/**
 * The same as a client that has an address of a network: by this address it asks, and is asked for it.
 * @returns the status, or the code of what went wrong; `undefined` if nobody could ask
 */
export function askAsStranger(pid: number, url: string): Promise<string | undefined> {
  const { host, port, pathname, search } = new URL(url);
  // Some answer only where Host is what they expect.
  const options = { host: OUTER, port, path: pathname + search, headers: { host }, agent: false, timeout: 3000 };
  const script = `const asked = require('node:http').get(${JSON.stringify(options)}, ({ statusCode }) => end(statusCode));
    asked.on('timeout', () => end('no answer within 3 s')).on('error', ({ code, message }) => end(code ?? message));
    const end = (what) => (console.log(what), process.exit());`;
  return inNetworkOf(pid, '/bin/sh', '-c', WITH_ADDRESS, 'sh', process.execPath, '-e', script);
}

/** @returns what a command prints that is run in the network of a process, if it comes to its end */
async function inNetworkOf(pid: number, ...command: readonly string[]): Promise<string | undefined> {
  const user = userFlags().length > 0 ? ['--user', '--preserve-credentials'] : [];
  const inside = ['--target', String(pid), '--net', ...user, '--', ...command];
  const asked = exec(findProgram('nsenter') ?? '', inside, { timeout: 10_000 });
  return asked.then(
    ({ stdout }) => stdout.trim() || undefined,
    () => undefined,
  );
}

const userFlags = (): string[] => (process.getuid?.() === 0 ? [] : ['--user', '--map-root-user']);
