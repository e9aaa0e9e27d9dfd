import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, readdirSync, readFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { plainEnvironment } from '../process.ts';
import { type Load, send } from './load.ts';
import type { Figures, Subject } from './rounds.ts';

const usage = pathToFileURL(join(import.meta.dirname, 'bare/usage.mjs')).href;

export interface Server {
  readonly port: number;
  /** Megabytes that the process holds. */
  memory(): number;
  /** Seconds of processor time that the process has used. */
  processor(): Promise<number>;
  stop(signal?: NodeJS.Signals): Promise<void>;
}

/** Puts a program written by hand beside the service, whose packages it takes. */
export function placeBare(folder: string, name: string): string {
  for (const file of [name, 'app.mjs']) {
    copyFileSync(join(import.meta.dirname, 'bare', file), join(folder, file));
  }
  return name;
}

/** Starts a script for Node that listens on PORT, and resolves when it does; its output is read and dropped. */
export async function startServer(folder: string, args: string[], env: Record<string, string> = {}): Promise<Server> {
  const { child, ...server } = await start(process.execPath, ['--import', usage, ...args], folder, env, true);
  return {
    ...server,
    async processor() {
      child.send('usage');
      const [{ seconds }] = (await once(child, 'message')) as [{ seconds: number }];
      return seconds;
    },
  };
}

/** The same for a program of its own. What it has used is in /proc, so this is for Linux. */
export async function startProgram(folder: string, [file = '', ...args]: string[], env = {}): Promise<Server> {
  const { child, ...server } = await start(file, args, folder, env, false);
  const tasks = `/proc/${child.pid}/task`;
  const secondsOf = (task: string) => Number(readFileSync(`${tasks}/${task}/schedstat`, 'utf8').split(' ')[0]) / 1e9;
  return { ...server, processor: async () => readdirSync(tasks).reduce((sum, task) => sum + secondsOf(task), 0) };
}

async function start(file: string, args: string[], folder: string, env: Record<string, string>, talks: boolean) {
  const port = await freePort();
  const child = spawn(file, args, {
    cwd: folder,
    env: plainEnvironment(folder, { PORT: String(port), RATE_LIMIT_PER_MINUTE: '0', ...env }),
    stdio: talks ? ['ignore', 'pipe', 'pipe', 'ipc'] : ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (chunk) => {
      if (output.length < 5000) output += chunk;
    });
  }
  const exited = once(child, 'exit');
  while (!(await listens(port))) {
    if (child.exitCode !== null) throw new Error(`${[file, ...args].join(' ')} ended: ${output}`);
    await new Promise((resolve) => setTimeout(resolve, talks ? 10 : 1));
  }
  return {
    child,
    port,
    memory: () => Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))?.[1]) / 1024,
    async stop(signal: NodeJS.Signals = 'SIGKILL') {
      child.kill(signal);
      await exited;
    },
  };
}

/** What a server does under load: requests a second, and processor time of its process for each. */
export async function loaded(server: Server, load: Omit<Load, 'port'>): Promise<Subject> {
  const once = async (requests: number): Promise<Figures> => {
    const before = await server.processor();
    const seconds = await send({ ...load, requests, port: server.port });
    const used = (await server.processor()) - before;
    return { rate: requests / seconds, processor: (used / requests) * 1e6 };
  };
  // Until the code is compiled for speed, it is another program.
  await once(load.requests * 2);
  return { sample: () => once(load.requests), close: () => server.stop() };
}

function listens(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });
}

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}
