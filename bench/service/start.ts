import { lstatSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Comparison, Subject } from './rounds.ts';
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
      await server.stop();
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
