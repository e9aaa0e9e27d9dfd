import { spawn } from 'node:child_process';

export type Result = { code: number; stdout: string; stderr: string };
export type RunOptions = {
  cwd?: string;
  /** Added to this process's environment; `undefined` takes a variable away. */
  env?: Record<string, string | undefined>;
  input?: string;
  /** Milliseconds after which the command is killed; its code is then 124. */
  timeout?: number;
};

/** Runs a command without a shell and resolves with whatever came out; a command that cannot start rejects. */
export function run(command: string, args: readonly string[], options: RunOptions = {}): Promise<Result> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd: options.cwd,
      env: { ...process.env, ...options.env },
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    const out: Buffer[] = [];
    const err: Buffer[] = [];
    let late = false;
    const timer = setTimeout(() => {
      late = true;
      child.kill('SIGKILL');
    }, options.timeout ?? 470_000);
    child.stdout.on('data', (chunk: Buffer) => out.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => err.push(chunk));
    // A command that does not read its input closes it early, which is its right.
    child.stdin.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') reject(error);
    });
    child.stdin.end(options.input ?? '');
    child.on('error', reject);
    child.on('close', (code) => {
      clearTimeout(timer);
      const text = (chunks: Buffer[]) => Buffer.concat(chunks).toString('utf8');
      resolve({ code: late ? 124 : (code ?? 1), stdout: text(out), stderr: text(err) });
    });
  });
}

/** Runs a command that has to succeed, and resolves with its trimmed stdout. */
export async function must(command: string, args: readonly string[], options: RunOptions = {}): Promise<string> {
  const { code, stdout, stderr } = await run(command, args, options);
  if (code !== 0) {
    const words = [command, ...args].join(' ');
    throw new Error(`exit ${code}: ${words}\n${stdout.slice(-4000)}\n${stderr.slice(-8000)}`);
  }
  return stdout.trim();
}

/**
 * Asks again every `every` ms until the answer is not undefined; fails with `what` after `timeout` ms.
 * @param what as a function it is asked at the end, so that it can tell what was heard until then
 */
export async function eventually<T>(
  what: string | (() => string),
  ask: () => Promise<T | undefined>,
  { timeout = 30_000, every = 100 } = {},
): Promise<T> {
  const end = Date.now() + timeout;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    if (Date.now() > end) throw new Error(`not within ${timeout} ms: ${typeof what === 'string' ? what : what()}`);
    await new Promise((resolve) => setTimeout(resolve, every));
  }
}
