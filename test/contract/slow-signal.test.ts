// @module-tag sampled
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, test, vi } from 'vitest';
import { Child } from '../../contract/harness/process/child.ts';
import { sleep } from '../../contract/harness/wait.ts';
import { broken, lookAtService, serviceIn } from './small-service.ts';

/** A service that stops as it should, or with a fault: probed through an engine that takes its time for a signal. */
const SERVICE = `
const { createServer } = require('node:http');
const { FAULT, PORT, SHUTDOWN_DELAY_MS = 0, SHUTDOWN_TIMEOUT_MS = 8000 } = process.env;
const document = {
  paths: { '/things': { post: { requestBody: { content: { 'application/json': { schema: { type: 'object' } } } }, responses: { 201: {} } } } },
};
let draining = false;
const log = (level, message) => process.stdout.write(JSON.stringify({ level, message }) + '\\n');
const server = createServer((request, response) => {
  if (request.url === '/openapi.json') return response.end(JSON.stringify(document));
  request.resume().on('end', () => {
    if (draining) response.setHeader('connection', 'close');
    response.statusCode = request.method === 'POST' ? 201 : draining && request.url === '/ready' ? 503 : 200;
    response.end();
  });
});
for (const name of ['SIGTERM', 'SIGINT'])
  process.on(name, () => {
    if (draining) process.exit(1);
    draining = true;
    setTimeout(() => { log('error', 'too late'); process.exit(1); }, FAULT === 'gives up early' ? 100 : SHUTDOWN_TIMEOUT_MS).unref();
    setTimeout(() => {
      if (FAULT === 'keeps listening') return setTimeout(() => process.exit(0), 2500);
      server.close(() => process.exit(0));
      server.closeIdleConnections();
    }, FAULT === 'closes at once' ? 0 : SHUTDOWN_DELAY_MS);
  });
server.listen(Number(PORT), '127.0.0.1');
`;

const folder = mkdtempSync(join(tmpdir(), 'twelve-slow-signal-'));
writeFileSync(join(folder, 'main.cjs'), SERVICE);
afterAll(() => rmSync(folder, { recursive: true, force: true }));
afterEach(() => void vi.restoreAllMocks());

/** Longer than the service goes on serving. */
const SLOW_MS = 1200;
const send = Child.prototype.signal;
const engines = {
  'delivers at once and says so late': async function (this: Child, name: NodeJS.Signals) {
    await send.call(this, name);
    await sleep(SLOW_MS);
  },
  'delivers late': async function (this: Child, name: NodeJS.Signals) {
    await sleep(SLOW_MS);
    await send.call(this, name);
  },
};

const look = (id: string, fault?: string) => {
  const env = fault === undefined ? {} : { FAULT: fault };
  return lookAtService(id, serviceIn(folder, { paths: { live: '/', ready: '/ready' }, env }));
};

describe.each(Object.entries(engines))('an engine that %s', (_, signal) => {
  test.each(['IX-2', 'IX-3'])('turns %s not red', async (id) => {
    vi.spyOn(Child.prototype, 'signal').mockImplementation(signal);
    expect(broken(await look(id))).toEqual([]);
  });

  test('leaves what keeps listening red', async () => {
    vi.spyOn(Child.prototype, 'signal').mockImplementation(signal);
    expect(broken(await look('IX-2', 'keeps listening')).join('\n')).toContain('a new connection after the delay: 200');
  });
});

test('what does not wait for the delay is red', async () => {
  // A connection that was waiting to be taken is reset.
  expect(broken(await look('IX-2', 'closes at once')).join('\n')).toMatch(/during the delay: ECONNRE(FUSED|SET)/);
});

test('what gives up early is red', async () => {
  expect(broken(await look('IX-3', 'gives up early')).join('\n')).toMatch(/byte by byte: exit 1 after \d+ ms/);
});
