import { printable, UserError } from '../../core/errors.ts';
import { IN_ENGLISH, ownRepository } from '../command.ts';
import { diskErrorSaid } from '../failure.ts';

interface GitOptions {
  readonly input?: string | Uint8Array;
  /** Added to the user's own environment. */
  readonly env?: NodeJS.ProcessEnv;
}

/** Limit for git's output: enough for every file of a service. */
const MAX_BYTES = 1024 * 1024 * 1024;

/** Options with which git runs no hook of the user's or of the repository. */
export const NO_HOOKS = ['-c', 'core.hooksPath=/dev/null'];

/** Lines of an error of git's that are shown. */
const MAX_LINES = 6;

/**
 * Runs git in a folder.
 * @returns its stdout, trimmed
 * @throws {UserError} NOT_POSSIBLE with what git said
 */
export function git(folder: string, args: readonly string[], options: GitOptions = {}): string {
  return gitBytes(folder, args, options).toString('utf8').trim();
}

/** Like {@link git}, but returns bytes and does not trim. */
export function gitBytes(folder: string, args: readonly string[], { input, env = {} }: GitOptions = {}): Buffer {
  const { spawnSync } = process.getBuiltinModule('node:child_process');
  const { error, status, signal, stdout, stderr } = spawnSync('git', args, {
    cwd: folder,
    env: { ...ownRepository(), ...IN_ENGLISH, ...env },
    maxBuffer: MAX_BYTES,
    ...(input === undefined ? { stdio: ['ignore', 'pipe', 'pipe'] } : { input }),
  });
  if (!error && status === 0) return stdout;
  const said = stderr
    ?.toString('utf8')
    .split('\n')
    .filter((line) => line.trim() !== '')
    .slice(0, MAX_LINES)
    .join('; ');
  const command = args.find((arg, index) => !arg.startsWith('-') && args[index - 1] !== '-c');
  const full = diskErrorSaid(said ?? '', `git ${command}`, env.GIT_WORK_TREE ?? folder);
  throw (
    full ?? gitFailed(command ?? '', error?.message ?? (signal ? `it was stopped by ${signal}` : (said ?? '')), error)
  );
}

/** The error of a git command that failed. */
export function gitFailed(command: string, reason: string, cause?: unknown): UserError {
  const full = diskErrorSaid(reason, `git ${command}`);
  if (full) return full;
  const message = `git ${command} failed: ${printable(reason)}`;
  return new UserError('NOT_POSSIBLE', message, 'Check the repository, then run the command again.', { cause });
}
