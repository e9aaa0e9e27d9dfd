import { afterAll, expect, it } from 'vitest';
import type { ProcessTarget } from '../../contract/target.ts';
import { makeFolder, removeFolder, write } from '../support/folder.ts';
import { lookAtService, serviceIn } from './small-service.ts';

/** What counts as ready, and as a start that failed. */

const folder = makeFolder();
afterAll(() => removeFolder(folder));
write(folder, {
  'main.mjs': `import { createServer } from 'node:http';
    const { STATUS, PORT } = process.env;
    createServer((_, response) => response.writeHead(Number(STATUS)).end()).listen(Number(PORT), '127.0.0.1');`,
});
const look = async (more: Partial<ProcessTarget>) =>
  JSON.stringify((await lookAtService('H-5', serviceIn(folder, more))).evidence);

it('takes any 2xx for a yes', async () => {
  expect(await look({ env: { STATUS: '204' } })).not.toContain('not ready');
  expect(await look({ env: { STATUS: '302' }, startMs: 1000 })).toMatch(/not ready within 1000 ms: .* gave 302/);
});

it('waits for a start as long as it is told', async () => {
  expect(await look({ env: { STATUS: '503' }, startMs: 500 })).toContain('not ready within 500 ms');
});
