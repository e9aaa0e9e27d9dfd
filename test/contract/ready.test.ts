import { afterAll, expect, it } from 'vitest';
import { Backing } from '../../contract/harness/backing.ts';
import { rules } from '../../contract/rules/index.ts';
import type { ProcessTarget } from '../../contract/types.ts';
import { verify } from '../../contract/verify.ts';
import { makeFolder, removeFolder, write } from '../support/folder.ts';

/** What counts as ready, and as a start that failed. */

const folder = makeFolder();
afterAll(() => removeFolder(folder));
write(folder, {
  'main.mjs': `import { createServer } from 'node:http';
    const { STATUS, PORT } = process.env;
    if (STATUS === undefined) setInterval(() => undefined, 1000);
    else createServer((_, response) => response.writeHead(Number(STATUS)).end()).listen(Number(PORT), '127.0.0.1');`,
});
const look = async (more: Partial<ProcessTarget>) => {
  const command = [process.execPath, `${folder}/main.mjs`];
  const paths = { live: '/', ready: '/' };
  const target: ProcessTarget = { kind: 'process', name: 'it', folder, command, verbless: true, paths, ...more };
  const { results } = await verify(target, { backing: new Backing(), rules: rules.filter(({ id }) => id === 'H-5') });
  return JSON.stringify(results[0]?.evidence);
};

it('takes any 2xx for a yes', async () => {
  expect(await look({ env: { STATUS: '204' } })).not.toContain('not ready');
  expect(await look({ env: { STATUS: '302' }, startMs: 1000 })).toMatch(/not ready within 1000 ms: .* gave 302/);
});

it('waits for a start as long as it is told', async () => {
  expect(await look({ startMs: 500 })).toContain('not ready within 500 ms');
});
