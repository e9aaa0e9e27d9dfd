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
export async function askOffline(pid: number, url: string): Promise<string | undefined> {
  const script = `fetch(process.argv[1], { signal: AbortSignal.timeout(3000) })
    .then(({ status }) => console.log(status), ({ cause, message }) => console.log(cause?.code ?? message))`;
  const user = userFlags().length > 0 ? ['--user', '--preserve-credentials'] : [];
  const inside = ['--target', String(pid), '--net', ...user, '--', process.execPath, '-e', script, url];
  const asked = exec(findProgram('nsenter') ?? '', inside, { timeout: 10_000 });
  return asked.then(
    ({ stdout }) => stdout.trim() || undefined,
    () => undefined,
  );
}

const userFlags = (): string[] => (process.getuid?.() === 0 ? [] : ['--user', '--map-root-user']);
