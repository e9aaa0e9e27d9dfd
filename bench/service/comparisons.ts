import { DATABASE_COMPARISONS } from './database.ts';
import { requestText } from './load.ts';
import type { Comparison } from './rounds.ts';
import { loaded, placeBare, startServer } from './server.ts';
import { START_COMPARISONS } from './start.ts';

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
  ...DATABASE_COMPARISONS,
  ...START_COMPARISONS,
];
