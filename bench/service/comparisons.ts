import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { requestText } from './load.ts';
import type { Comparison } from './rounds.ts';
import { loaded, startServer } from './server.ts';

/** Puts a program written by hand beside the service, whose packages it takes. */
function placeBare(folder: string, name: string): string {
  for (const file of [name, 'headers.mjs']) {
    copyFileSync(join(import.meta.dirname, 'bare', file), join(folder, file));
  }
  return name;
}

const slug = {
  request: requestText('POST', '/slugs', { title: 'Crème brûlée, and what else there is' }),
  status: 200,
  connections: 16,
  requests: 2000,
};

/** Every row of the table. A file of this folder for each kind of them keeps this one short. */
export const COMPARISONS: readonly Comparison[] = [
  {
    id: 'post',
    title: 'POST with validation',
    options: ['--database', 'none'],
    targets: { rate: 0.85, processor: 1.18 },
    service: async (folder) => loaded(await startServer(folder, ['dist/main.js', 'web']), slug),
    bare: async (folder) => loaded(await startServer(folder, [placeBare(folder, 'slugs.mjs')]), slug),
  },
];
