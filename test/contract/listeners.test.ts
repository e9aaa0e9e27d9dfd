// @module-tag sampled
import { createServer } from 'node:net';
import { afterAll, describe, expect, test } from 'vitest';
import { hasProcfs, listeners } from '../../contract/harness/process/procfs.ts';
import { makeFolder, removeFolder, write } from '../support/folder.ts';
import { broken, lookAtService, serviceIn } from './small-service.ts';

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) removeFolder(folder);
});

/** @param more source after its start, which may use `createServer` and `answer` */
function service(host: string, more = '', env: Record<string, string> = {}) {
  const folder = makeFolder();
  folders.push(folder);
  const source = `import { createServer } from 'node:http';
import { createServer as createTcp } from 'node:net';
const answer = (_, response) => response.end('ok');
createServer(answer).listen(Number(process.env.PORT)${host});
${more}`;
  write(folder, { 'main.mjs': source });
  return serviceIn(folder, { env });
}

describe.skipIf(!hasProcfs())('a socket that waits for connections', () => {
  test.each([
    ['0.0.0.0', 'all'],
    ['::', 'all'],
    ['127.0.0.1', 'loopback'],
    ['127.0.0.2', 'loopback'],
    ['::1', 'loopback'],
  ])('on %s reaches: %s', async (address, reach) => {
    const server = createServer();
    const port = await new Promise<number | undefined>((resolve) => {
      // A machine may have no IPv6.
      server.once('error', () => resolve(undefined));
      server.listen(0, address, () => resolve((server.address() as { port: number }).port));
    });
    const found = listeners([process.pid]).find((one) => one.port === port);
    server.close();
    if (port !== undefined) expect(found).toEqual({ port, reach });
  });
});

// Each waits for ports that open late.
describe.skipIf(!hasProcfs())('VII-2', { concurrent: true }, () => {
  test.each([
    ['all interfaces', ''],
    ['the address of HOST, or all', ", process.env.HOST ?? '0.0.0.0'"],
  ])('is kept by a service that listens on %s', async (_, host) => {
    const result = await lookAtService('VII-2', service(host));
    expect([result.outcome, broken(result)]).toEqual(['kept', []]);
  });

  test('is broken by one that only its own machine reaches', async () => {
    expect(broken(await lookAtService('VII-2', service(", '127.0.0.1'")))).toEqual([
      expect.stringMatching(/^start with PORT and without HOST: on the loopback interface alone, port \d+$/),
    ]);
  });

  test('is broken by a second port that answers, even to this machine alone', async () => {
    const more = "createServer(answer).listen(0, '127.0.0.1');";
    expect(broken(await lookAtService('VII-2', service('', more)))).toEqual([
      expect.stringMatching(/: port \d+: GET \/ answers 200 \(no type\) ok$/),
    ]);
  });

  test('is kept with a second port that a variable announces, and with one of its own processes', async () => {
    const more = `createServer(answer).listen(Number(process.env.METRICS_PORT), '127.0.0.1');
createTcp((socket) => socket.destroy()).listen(0, '127.0.0.1');`;
    const result = await lookAtService('VII-2', service('', more, { METRICS_PORT: '28391' }));
    // The second instance cannot have the same port, so it is looked at where it has a network of its own.
    expect(broken(result).filter((one) => one.includes('the ports'))).toEqual([]);
  });

  test('does not ask a service for all interfaces that was told to take one', async () => {
    const result = await lookAtService('VII-2', service(', process.env.HOST', '', { HOST: '127.0.0.1' }));
    expect(result).toMatchObject({ leftOut: ['the interfaces that it listens on: it is given HOST=127.0.0.1'] });
    expect(broken(result)).toEqual([]);
  });
});
