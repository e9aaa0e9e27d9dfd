// @module-tag sampled
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterAll, expect, test } from 'vitest';
import { Endpoint } from '../../contract/harness/http/endpoint.ts';

/** A server whose queue has place for one or two connections, and which takes none for a while when it is asked for `/block`. */
const SERVER = `
const server = require('node:http').createServer(({ url }, response) => {
  response.end('yes');
  if (url === '/block') setImmediate(() => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 2500));
});
server.listen(0, '127.0.0.1', 1, () => console.log(server.address().port));`;

const child = spawn(process.execPath, ['-e', SERVER], { stdio: ['ignore', 'pipe', 'inherit'] });
afterAll(() => child.kill('SIGKILL'));

test('a connection that has to wait until others are taken is no finding', { timeout: 30_000 }, async () => {
  const [port] = await once(child.stdout, 'data');
  const server = new Endpoint(`http://127.0.0.1:${String(port).trim()}`, { live: '/', ready: '/' });
  await server.ask('/block');
  const connections = Array.from({ length: 8 }, () => server.connect());
  // Its place in the queue comes after two seconds.
  const hasty = server.connect(2000).then(
    () => 'open',
    (error: Error) => error.message,
  );
  const status = server.statusInTurn('/');
  const opened = await Promise.all(connections);
  expect(await hasty).toMatch(/^a connection to .*: nothing within 2000 ms$/);
  for (const connection of opened) connection.destroy();
  expect(await status).toBe(200);
});
