import { execFileSync } from 'node:child_process';
import { lstatSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Comparison, Figures, Subject } from './rounds.ts';
import { placeBare, startServer } from './server.ts';

const DATABASE = 'postgres://nobody@127.0.0.1:1/none';

/** Milliseconds until a program listens. */
function started(folder: string, args: string[], env?: Record<string, string>, before?: () => void): Subject {
  return {
    sample: async () => {
      before?.();
      const begun = performance.now();
      const server = await startServer(folder, args, env);
      const time = performance.now() - begun;
      await server.stop('SIGTERM');
      return { time };
    },
  };
}

const dev = (id: string, title: string, time: number, forget: boolean): Comparison => ({
  id,
  title,
  options: [],
  targets: { time },
  rounds: 3,
  service: async (folder) => {
    const data = join(folder, 'node_modules/.cache');
    const prepare = () => forget && rmSync(data, { recursive: true, force: true });
    return started(folder, ['scripts/dev.mjs'], {}, prepare);
  },
});

/** Milliseconds from the command that makes a service until it listens in development; npm's cache is filled. */
async function created(generator: string): Promise<Figures> {
  const parent = mkdtempSync(join(tmpdir(), 'twelve-bench-create-'));
  const begun = performance.now();
  execFileSync(process.execPath, [generator, 'orders', '--yes'], { cwd: parent, stdio: 'ignore' });
  const server = await startServer(join(parent, 'orders'), ['scripts/dev.mjs']);
  const time = performance.now() - begun;
  await server.stop('SIGTERM');
  rmSync(parent, { recursive: true });
  return { time };
}

/** Ready in production, in development, and what an installation takes. */
export const START_COMPARISONS: readonly Comparison[] = [
  {
    id: 'ready',
    title: 'ready after start',
    options: [],
    targets: { time: 1.3 },
    service: async (folder) => started(folder, ['dist/main.js', 'web'], { DATABASE_URL: DATABASE }),
    bare: async (folder) => started(folder, [placeBare(folder, 'slugs.mjs')]),
  },
  dev('dev', 'npm run dev, the first time', 2500, true),
  dev('dev-again', 'npm run dev, the second time', 1500, false),
  {
    id: 'new',
    title: 'create, npm ci and npm run dev',
    options: [],
    targets: { time: 5000 },
    rounds: 3,
    service: async (_folder, generator) => ({ sample: () => created(generator) }),
  },
  {
    id: 'installed',
    title: 'node_modules',
    options: [],
    targets: { size: 182 },
    rounds: 1,
    service: async (folder) => ({ sample: async () => ({ size: megabytes(join(folder, 'node_modules')) }) }),
  },
];

function megabytes(folder: string): number {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  return files.reduce((sum, file) => sum + lstatSync(join(folder, file)).size, 0) / 2 ** 20;
}
