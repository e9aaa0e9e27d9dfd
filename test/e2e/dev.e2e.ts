import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { npmCi } from './support/installed.ts';
import { eventually } from './support/run.ts';
import { makeService, workFolder } from './support/service.ts';

/** `npm run dev` of a service that cannot start, and how it ends. */

const work = workFolder();
const folder = join(work.folder, 'orders');
const started: ChildProcess[] = [];
afterAll(() => {
  for (const child of started) child.kill('SIGTERM');
  work.remove();
});

beforeAll(async () => {
  await makeService('orders', folder, { database: 'none', cache: 'none' });
  await npmCi(folder);
}, 300_000);

function dev(PORT: number): { child: ChildProcess; said: () => string } {
  const env = { ...process.env, PORT: String(PORT), HOST: '127.0.0.1' };
  const child = spawn(process.execPath, ['scripts/dev.mjs'], { cwd: folder, env, stdio: 'pipe', detached: true });
  started.push(child);
  let said = '';
  for (const output of [child.stdout, child.stderr]) output?.on('data', (chunk) => (said += chunk));
  return { child, said: () => said };
}

test('on a port that is taken it ends with 1, and says what to do', { timeout: 120_000 }, async () => {
  const other = createServer().listen(0, '127.0.0.1');
  await once(other, 'listening');
  const { port } = other.address() as AddressInfo;
  const { child, said } = dev(port);
  const [code] = await once(child, 'close');
  other.close();
  expect(said()).toContain(`port ${port} of 127.0.0.1 is already in use: stop what listens there, or set PORT`);
  expect(code).toBe(1);
});

test('a fault in the code is told, and its mending starts the service', { timeout: 240_000 }, async () => {
  const routes = join(folder, 'src/features/slugs/routes.ts');
  const good = readFileSync(routes, 'utf8');
  writeFileSync(routes, `${good}throw new Error("broken on purpose");\n`);
  const { said } = dev(0);
  const heard = (text: string) =>
    eventually(`"${text}" of dev`, async () => said().includes(text) || undefined, { timeout: 100_000 });
  await heard('the service failed; a change of a file tries it again');
  writeFileSync(routes, good);
  await heard('listening on http://127.0.0.1:');
  expect(said()).toContain('broken on purpose');
});

test('SIGINT for all its processes stops it once, without haste', { timeout: 120_000 }, async () => {
  const { child, said } = dev(0);
  await eventually('listening', async () => said().includes('listening on') || undefined, { timeout: 100_000 });
  process.kill(-(child.pid as number), 'SIGINT');
  expect(await once(child, 'close')).toEqual([0, null]);
  expect(said()).toContain('SIGTERM');
  expect(said()).not.toContain('at once');
});
