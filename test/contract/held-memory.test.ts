import { describe, expect, test } from 'vitest';
import { Child } from '../../contract/harness/process/child.ts';
import { heldBytes, isAsked } from '../../contract/harness/process/held-memory.ts';
import { hasProcfs } from '../../contract/harness/process/procfs.ts';
import { until } from '../../contract/harness/wait.ts';
import { node } from '../../contract/runtimes/node.ts';
import { temporaryFolder } from '../support/folder.ts';

const RUNS = 'setInterval(() => {}, 1000)';
/** What it keeps is no object of the main thread. */
const THREAD = `const { Worker } = await import('node:worker_threads'); await new Promise((up) => new Worker('${RUNS}', { eval: true }).on('online', up));`;
const PROCESS = `const { spawn } = await import('node:child_process'); spawn(process.execPath, ['-e', '${RUNS}'], { env: {} });`;

const LOADER = `const { register } = await import('node:module'); register('data:text/javascript,export const resolve = (one, context, next) => next(one, context);'); await import('node:path/posix');`;

/** What a program of Node says that it holds, once it has done `does`. */
async function held(does: string): Promise<number | undefined> {
  const code = `const kept = new Array(2e6).fill(Math.random()); ${does} console.log('ready'); setInterval(() => kept, 1000);`;
  const child = new Child({
    file: process.execPath,
    args: ['main.mjs'],
    // With `node -e` a thread runs what was given to the process, so this test would prove nothing.
    cwd: temporaryFolder({ 'main.mjs': code }),
    env: node.faults?.crash({}) ?? {},
  });
  try {
    await until('the program', 20_000, () => child.output.includes('ready') || undefined);
    expect(isAsked(child)).toBe(true);
    return await heldBytes(child);
  } finally {
    await child.dispose();
  }
}

describe('the memory that objects hold', { timeout: 60_000 }, () => {
  test('is told by a program of one process and one thread', async () => {
    // 8 bytes for each of the two million numbers.
    expect(await held('')).toBeGreaterThan(16e6);
  });

  test('is not told by a program with a thread that is made from a text', async () => {
    expect(await held(THREAD)).toBeUndefined();
  });

  test.skipIf(!hasProcfs())('is not told by a program with a process', async () => {
    expect(await held(PROCESS)).toBeUndefined();
  });

  test('is told by a program that changes how modules are loaded, which Node does in a thread of its own', async () => {
    expect(await held(LOADER)).toBeGreaterThan(16e6);
  });
});
