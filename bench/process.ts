import { spawn } from 'node:child_process';

/** A process to run. The environment is complete: nothing is inherited. */
export interface Command {
  readonly argv: readonly [string, ...string[]];
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
}

export interface Run {
  /** Milliseconds from before the spawn to the exit. */
  readonly ms: number;
  /** `undefined` after a success. */
  readonly failure: string | undefined;
}

/**
 * Runs a process and times it as a whole, as the person who waits for it would.
 * @param sink a file descriptor for both outputs; a pipe would be read by this process, on the same cores
 */
export function timeProcess({ argv: [program, ...args], cwd, env }: Command, sink: number): Promise<Run> {
  return new Promise((resolve, reject) => {
    const start = performance.now();
    const child = spawn(program, args, { cwd, env, stdio: ['ignore', sink, sink] });
    child.once('error', reject);
    child.once('exit', (code, signal) => {
      const ms = performance.now() - start;
      resolve({ ms, failure: code === 0 ? undefined : `${program} ended with ${signal ?? `exit code ${code}`}` });
    });
  });
}

/**
 * The environment of everything measured: a short list. With all of ours, `NODE_OPTIONS`, `NODE_EXTRA_CA_CERTS` (read by
 * Node at each start) and what `npm run` sets would be measured too.
 * @param home a folder without anybody's settings
 */
export function plainEnvironment(home: string, extra: Record<string, string> = {}): NodeJS.ProcessEnv {
  const path = (process.env.PATH ?? '').split(':').filter((folder) => !folder.includes('node_modules'));
  const kept = Object.fromEntries(
    ['LANG', 'TMPDIR'].flatMap((name) => {
      const value = process.env[name];
      return value === undefined ? [] : [[name, value]];
    }),
  );
  return {
    ...kept,
    PATH: path.join(':'),
    HOME: home,
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_AUTHOR_NAME: 'bench',
    GIT_AUTHOR_EMAIL: 'bench@example.com',
    GIT_COMMITTER_NAME: 'bench',
    GIT_COMMITTER_EMAIL: 'bench@example.com',
    ...extra,
  };
}
