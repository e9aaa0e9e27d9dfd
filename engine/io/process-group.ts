import type { ChildProcess } from 'node:child_process';
import { ownRepository } from './command.ts';

/** How a tool is run in a process group of its own. */
interface GroupRun {
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  /** Ends the tool and everything that it started. */
  readonly stop: AbortSignal;
  /** Milliseconds that the tool has to end by itself once it is stopped; it is then killed. Without it, it is killed at once. */
  readonly graceMs?: number;
  readonly input?: string | Uint8Array;
  /** Limit of stdout. */
  readonly maxBytes?: number;
}

/** How it ended: by itself, because it was stopped, because it printed too much; or it is not installed. */
type GroupEnd =
  | { readonly kind: 'ended'; readonly status: number | null; readonly stdout: Buffer; readonly stderr: string }
  | { readonly kind: 'stopped' }
  | { readonly kind: 'flooded' }
  | { readonly kind: 'missing' };

const MAX_STDERR_BYTES = 64 * 1024;

/**
 * Runs one of the user's own tools in its own process group. It has no terminal to ask questions on, and a Ctrl-C reaches it only
 * through `stop`. What is printed on stderr is cut after 64 KB. It is killed if this process ends first.
 */
export function runGroup(command: string, args: readonly string[], run: GroupRun): Promise<GroupEnd> {
  const { cwd, env, stop, graceMs = 0, input = '', maxBytes = 16 * 1024 * 1024 } = run;
  if (stop.aborted) return Promise.resolve({ kind: 'stopped' });
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
    let cut: 'stopped' | 'flooded' | undefined;
    let failure: NodeJS.ErrnoException | undefined;
    let timer: NodeJS.Timeout | undefined;
    const kill = (): void => {
      signalGroup(child, 'SIGKILL');
      // A process that left the group may still have them open.
      for (const stream of [child.stdin, child.stdout, child.stderr]) stream.destroy();
    };
    const stopped = (): void => {
      cut ??= 'stopped';
      if (graceMs === 0) kill();
      else {
        signalGroup(child, 'SIGTERM');
        timer = setTimeout(kill, graceMs);
      }
    };
    stop.addEventListener('abort', stopped);
    process.once('exit', kill);
    child.stdout.on('data', (chunk: Buffer) => {
      outBytes += chunk.length;
      if (outBytes <= maxBytes) out.push(chunk);
      else {
        cut ??= 'flooded';
        kill();
      }
    });
    child.stderr.on('data', (chunk: Buffer) => {
      if (errBytes < MAX_STDERR_BYTES) err.push(chunk);
      errBytes += chunk.length;
    });
    // A tool that ends without reading its input closes the pipe. Only its exit code matters.
    child.stdin.on('error', () => undefined).end(input);
    const settle = (status: number | null): void => {
      clearTimeout(timer);
      stop.removeEventListener('abort', stopped);
      process.removeListener('exit', kill);
      if (cut === 'stopped') resolve({ kind: 'stopped' });
      else if (cut === 'flooded') resolve({ kind: 'flooded' });
      else if (failure?.code === 'ENOENT') resolve({ kind: 'missing' });
      else if (failure !== undefined) reject(failure);
      else
        resolve({
          kind: 'ended',
          status,
          stdout: Buffer.concat(out),
          stderr: Buffer.concat(err).toString('utf8'),
        });
    };
    child.on('error', (error: NodeJS.ErrnoException) => {
      failure ??= error;
      settle(null);
    });
    child.on('close', settle);
  });
}

function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return;
  try {
    if (process.platform === 'win32') child.kill(signal);
    else process.kill(-child.pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
