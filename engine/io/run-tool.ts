import type { ChildProcess } from 'node:child_process';
import { UserError } from '../core/errors.ts';
import { templateError } from '../core/template/template.ts';
import { ownRepository } from './command.ts';

/** The options that all tools of one fetch share. */
export interface ToolRun {
  readonly cwd: string;
  /** The user's environment. */
  readonly env: NodeJS.ProcessEnv;
  /** Ends the tool and everything that it started. */
  readonly deadline: AbortSignal;
  /** The source as a person wrote it, for messages. */
  readonly source: string;
}

/** The result of a tool that was not stopped. `stderr` is cut after 64 KB. */
export interface ToolEnd {
  readonly status: number | null;
  readonly stdout: Buffer;
  readonly stderr: string;
}

const MAX_STDERR_BYTES = 64 * 1024;

/**
 * Runs one of the user's own tools in its own process group. It has no terminal to ask questions on, and its time and
 * its output are limited.
 * @param maxBytes of stdout
 * @throws {UserError} NOT_POSSIBLE (not installed), SOURCE_UNREACHABLE (too late), TEMPLATE_UNSAFE (too much output)
 */
export function runTool(
  command: string,
  args: readonly string[],
  { cwd, env, deadline, source }: ToolRun,
  { input = '', maxBytes = 16 * 1024 * 1024 }: { input?: string; maxBytes?: number } = {},
): Promise<ToolEnd> {
  if (deadline.aborted) return Promise.reject(tooLate(source));
  const { spawn } = process.getBuiltinModule('node:child_process');
  const windows = process.platform === 'win32';
  // npm is a batch file on Windows, and Node starts batch files only through a shell. No argument may end its quotes.
  const shell = windows && command === 'npm';
  const child = spawn(command, shell ? args.map((arg) => `"${arg.replace(/["%\r\n]/g, '')}"`) : args, {
    cwd,
    env: ownRepository(env),
    stdio: ['pipe', 'pipe', 'pipe'],
    detached: !windows,
    windowsHide: true,
    shell,
  });
  return new Promise((resolve, reject) => {
    const out: Buffer[] = [];
    const err: Buffer[] = [];
    let outBytes = 0;
    let errBytes = 0;
    let failure: unknown;
    const stop = (error?: unknown): void => {
      failure ??= error;
      killGroup(child);
      // A process that left the group may still have them open.
      for (const stream of [child.stdin, child.stdout, child.stderr]) stream.destroy();
    };
    const late = (): void => stop(tooLate(source));
    const leave = (): void => stop();
    deadline.addEventListener('abort', late);
    process.once('exit', leave);
    child.stdout.on('data', (chunk: Buffer) => {
      outBytes += chunk.length;
      if (outBytes > maxBytes) stop(templateError('TEMPLATE_UNSAFE', source, 'is too large'));
      else out.push(chunk);
    });
    child.stderr.on('data', (chunk: Buffer) => {
      if (errBytes < MAX_STDERR_BYTES) err.push(chunk);
      errBytes += chunk.length;
    });
    // A tool that ends without reading its input closes the pipe. Only its exit code matters.
    child.stdin.on('error', () => undefined).end(input);
    const settle = (status: number | null): void => {
      deadline.removeEventListener('abort', late);
      process.removeListener('exit', leave);
      if (failure !== undefined) reject(failure);
      else resolve({ status, stdout: Buffer.concat(out), stderr: Buffer.concat(err).toString('utf8') });
    };
    child.on('error', (error: NodeJS.ErrnoException) => {
      failure ??= error.code === 'ENOENT' ? notInstalled(command, source) : error;
      settle(null);
    });
    child.on('close', settle);
  });
}

function killGroup(child: ChildProcess): void {
  if (child.pid === undefined) return;
  try {
    if (process.platform === 'win32') child.kill();
    else process.kill(-child.pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

function tooLate(source: string): UserError {
  return new UserError(
    'SOURCE_UNREACHABLE',
    `${source} could not be fetched: the server did not answer in time`,
    'Check the network, the proxy and the server, then run the command again.',
  );
}

function notInstalled(command: string, source: string): UserError {
  return new UserError(
    'NOT_POSSIBLE',
    `${source} cannot be fetched: ${command} is not installed`,
    `Install ${command}, or give the source as a folder.`,
  );
}
