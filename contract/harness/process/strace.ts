import { spawnSync } from 'node:child_process';
import { findProgram } from './programs.ts';

/** What a tracer has to see to know every file that was written, and the folder that a relative path begins in. */
const CALLS =
  'open openat creat mkdir mkdirat rename renameat renameat2 unlink unlinkat link linkat symlink symlinkat truncate chdir fchdir';
/** A machine does not have all of them, which a question mark allows. */
const FLAGS = [
  '-y',
  '-qq',
  '--seccomp-bpf',
  '-s',
  '500',
  '-e',
  `trace=${CALLS.replace(/\w+ ?/g, '?$&').replaceAll(' ', ',')}`,
];

/** Arguments of `strace` for a program whose threads have a trace each, `output` with `.` and the thread's id. */
export function straceArguments(output: string, file: string, args: readonly string[]): string[] {
  return ['-ff', ...FLAGS, '-o', output, '--', file, ...args];
}

/** Whether programs can be traced here, or why not. */
export function canTrace(): true | string {
  const strace = findProgram('strace');
  if (strace === undefined) return 'needs strace, which is not installed here';
  const { status, stderr } = spawnSync(strace, ['-f', ...FLAGS, '--', '/bin/true'], {
    timeout: 5000,
    encoding: 'utf8',
  });
  return status === 0 || `strace does not work here: ${stderr?.trim().split('\n')[0] ?? ''}`;
}
