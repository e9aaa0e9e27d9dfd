import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeFolder, removeFolder } from './folder.ts';
import { plainEnvironment, type RunOptions, type RunResult, run } from './program.ts';

const SABOTEUR = join(import.meta.dirname, 'saboteur.cjs');

/** What happens at the `at`th file-system call below `zone`; see `saboteur.cjs`. */
interface Sabotage {
  readonly zone: string;
  readonly at: number;
  readonly act: 'kill' | 'SIGINT' | 'SIGTERM' | 'EIO' | 'ENOSPC' | 'EXDEV';
  /** Only these calls are counted. */
  readonly only?: readonly string[];
  /** Whether it happens at every later call too. */
  readonly on?: boolean;
}

/** Calls that need space on the disk. */
export const TAKES_ROOM = ['mkdirSync', 'openSync', 'writeSync', 'linkSync'] as const;

/** Runs the program with a saboteur in it. */
export function runSabotaged(args: readonly string[], options: RunOptions, sabotage: Sabotage): Promise<RunResult> {
  return run(args, { ...options, node: ['--require', SABOTEUR], env: withSabotage(options.env, sabotage) });
}

/** The file-system calls of an undisturbed run that ends with `exit`, in order. */
export async function callsOf(
  args: readonly string[],
  options: RunOptions,
  zone: string,
  exit: 0 | 4 = 0,
): Promise<string[]> {
  const folder = makeFolder();
  try {
    const log = join(folder, 'calls');
    const env = withSabotage(options.env, { zone, at: 0, act: 'kill', log });
    const result = await run(args, { ...options, node: ['--require', SABOTEUR], env });
    if (result.code !== exit) throw new Error(`the undisturbed run ended with ${result.code}: ${result.stderr}`);
    return readFileSync(log, 'utf8').trim().split('\n');
  } finally {
    removeFolder(folder);
  }
}

function withSabotage(env = plainEnvironment(), sabotage: object): NodeJS.ProcessEnv {
  return { ...env, TWELVE_SABOTAGE: JSON.stringify(sabotage) };
}

/** Runs a task for each item, several at a time, and keeps the order. */
export async function inParallel<T, R>(items: readonly T[], task: (item: T) => Promise<R>, width = 3): Promise<R[]> {
  const results: R[] = [];
  const queue = [...items.entries()];
  await Promise.all(
    Array.from({ length: width }, async () => {
      for (let next = queue.shift(); next; next = queue.shift()) results[next[0]] = await task(next[1]);
    }),
  );
  return results;
}
