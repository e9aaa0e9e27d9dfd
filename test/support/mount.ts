import { spawnSync } from 'node:child_process';
import { plainEnvironment, type RunResult } from './program.ts';

/** Why the test cannot mount its own disk here. Nothing if it can. */
export function mountProblem(): string | undefined {
  const { status } = spawnSync('unshare', ['-m', 'mount', '-t', 'tmpfs', 'tmpfs', '/mnt'], { stdio: 'ignore' });
  return status === 0 ? undefined : 'mounting a small or read-only disk needs root and unshare';
}

/** A run on its own small disk, in a mount namespace that ends with it. */
interface DiskRun {
  /** The size option of tmpfs, e.g. `40k`. */
  readonly size: string;
  readonly program: string;
  /** Shell commands on the fresh disk. */
  readonly prepare: string;
  /** Options of a second mount before the run: `ro`. */
  readonly remount?: string;
  readonly args: readonly string[];
}

/** @returns the files on the disk before and after, as `find` lists them, and the result of the run */
export function onDisk({ size, program, prepare, remount, args }: DiskRun): {
  before: string[];
  after: string[];
  result: RunResult;
} {
  const mark = '@@';
  const script = [
    `mount -t tmpfs -o size=${size} tmpfs /mnt && cd /mnt && { ${prepare}; } || exit 99`,
    ...(remount ? [`mount -o remount,${remount} /mnt || exit 99`, 'cd /mnt'] : []),
    `find . | sort; echo ${mark}`,
    '"$@"; code=$?',
    `echo ${mark}; find . | sort; exit $code`,
  ].join('\n');
  const command = ['-m', 'sh', '-c', script, 'sh', process.execPath, program, ...args];
  const { status, signal, stdout, stderr } = spawnSync('unshare', command, {
    encoding: 'utf8',
    env: plainEnvironment(),
  });
  const [before = '', , after = ''] = [stdout.split(`${mark}\n`)[0], '', stdout.split(`${mark}\n`).at(-1)];
  const lines = (text: string): string[] => text.trim().split('\n');
  return { before: lines(before), after: lines(after), result: { code: status, signal, stdout, stderr } };
}
