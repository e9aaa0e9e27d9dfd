// @module-tag sampled
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, test } from 'vitest';
import type { Harness } from '../../contract/harness/harness.ts';
import { Endpoint } from '../../contract/harness/http/endpoint.ts';
import { sendApart } from '../../contract/probes/http/many-requests.ts';

/** Many requests to servers that take few connections at a time: that is no fault of theirs. */

const SERVER = `
  const server = require('node:http').createServer((_, response) => response.end('ok'));
  server.listen({ port: 0, host: '127.0.0.1', backlog: 1 }, () => console.log(server.address().port));`;

test('a connection that has to be tried again is waited for', { timeout: 60_000 }, async () => {
  const child = spawn(process.execPath, ['-e', SERVER], { stdio: ['ignore', 'pipe', 'inherit'] });
  try {
    const [line] = await once(child.stdout, 'data');
    const url = `http://127.0.0.1:${String(line).trim()}`;
    const endpoint = new Endpoint(url, { live: '/', ready: '/' });
    const harness = { connect: (to: Endpoint, ms?: number) => to.connect(ms) } as Harness;
    // Those who come while it stands still fill its queue, and the others try again: 1 s later, and 2 s after that.
    child.kill('SIGSTOP');
    const sent = sendApart(harness, endpoint, 40, undefined);
    setTimeout(() => child.kill('SIGCONT'), 2500);
    await expect(sent).resolves.toBeUndefined();
  } finally {
    child.kill('SIGKILL');
  }
});
