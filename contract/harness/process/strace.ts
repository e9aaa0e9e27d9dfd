import { spawnSync } from 'node:child_process';
import { findProgram } from './programs.ts';

/** The calls from which every written file is known, and the folder in which a relative path begins. */
const CALLS =
  'open openat creat mkdir mkdirat rename renameat renameat2 unlink unlinkat link linkat symlink symlinkat truncate chdir fchdir';
/** No machine has all of these calls: a question mark allows that one is missing. */
const FLAGS = [
  '-y',
  '-qq',
  '--seccomp-bpf',
  '-s',
  '500',
  '-e',
  `trace=${CALLS.replace(/\w+ ?/g, '?$&').replaceAll(' ', ',')}`,
];

/** Arguments of `strace` for a program. Each thread has a trace of its own: `output`, a dot and the thread's id. */
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
