// @module-tag sampled
import { createServer } from 'node:http';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { freePort } from '../../contract/harness/http/ports.ts';
import { hasProcfs } from '../../contract/harness/process/procfs.ts';
import { makeFolder, removeFolder, write } from '../support/folder.ts';
import { broken, lookAt, lookAtService, serviceIn } from './small-service.ts';

/** Services as frameworks make them: what they do in their own way is judged by what it is, not by how it is said. */

const folder = makeFolder();
afterAll(() => removeFolder(folder));

write(folder, {
  'main.cjs': `
    const { createServer } = require('node:http');
    const { DEFAULT_PORT, LINE, NEEDS, PORT } = process.env;
    if (NEEDS && !globalThis[NEEDS]) throw new Error('nothing was loaded first');
    if (!/^\\d+$/.test(PORT)) process.exit(78);
    const log = (level, message) => console.log(JSON.stringify({ level, message }));
    process.on('uncaughtException', (error) => {
      log('fatal', error.stack);
      process.exit(1);
    });
    const server = createServer((request, response) => {
      response.end('{}');
      const { 'x-request-id': request_id } = request.headers;
      console.log(JSON.stringify({ level: 'info', request_id, 'http.route': request.url }));
    });
    server.on('error', ({ message }) => {
      log('error', message);
      process.exit(1);
    });
    server.listen(Number(PORT) || Number(DEFAULT_PORT), '127.0.0.1', () => {
      console.log((LINE ?? '{"port":%}').replace('%', server.address().port));
    });`,
  'first.cjs': 'globalThis.loadedFirst = true;',
});

const look = (id: string, env: Record<string, string>) =>
  lookAtService(id, serviceIn(folder, { env: { DEFAULT_PORT: '0', ...env }, startMs: 5000 }));

describe('a free port', { timeout: 90_000 }, () => {
  const seen = async (env: Record<string, string>) => {
    const result = await look('VII-1', env);
    return result.evidence.find(({ sent }) => sent.startsWith('PORT=0'));
  };

  test.each(['Tomcat started on port % (http)', '{"port":"%"}', '* Listening on http://127.0.0.1:%', '{"port":%}'])(
    'is named by %s',
    async (LINE) => {
      const { got, ok } = (await seen({ LINE })) ?? {};
      expect(got).toMatch(/^port \d{4,5}, and port \d{4,5}$/);
      expect(ok).toBe(true);
    },
  );

  test('is not the usual one, which a service takes if it reads 0 as no port', async () => {
    const DEFAULT_PORT = String(await freePort());
    const { got, ok } = (await seen({ DEFAULT_PORT })) ?? {};
    expect(got).toContain(`port ${DEFAULT_PORT}`);
    expect(got).toMatch(/no such line: .*EADDRINUSE/);
    expect(ok).toBe(false);
  });

  test.skipIf(!hasProcfs())("is not another process's", async () => {
    const other = createServer((_, response) => response.end('ok'));
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const { port } = other.address() as { port: number };
    try {
      const line = `the collector is at ${port}`;
      expect(await seen({ LINE: line })).toMatchObject({
        ok: false,
        got: `no such line: ${line}, and no such line: ${line}`,
      });
    } finally {
      other.close();
    }
  });
});

test('modules that the user preloads are still loaded when the service is made to crash', {
  timeout: 60_000,
}, async () => {
  const env = { NODE_OPTIONS: `--require=${join(folder, 'first.cjs')}`, NEEDS: 'loadedFirst' };
  const result = await look('XI-1', env);
  expect(result.evidence.filter(({ ok }) => !ok)).toEqual([]);
  expect(result.evidence.map(({ sent }) => sent)).toContain('an exception that nobody catches');
});

test('an id may have any form that does no harm', async () => {
  const ids = `let made = 0;
    function handle({ headers }, response) {
      const given = headers['x-request-id'] ?? '';
      const id = /^[\\w-]{1,64}$/.test(given) ? given : 'host.local/75a1604fc4-00000' + made++;
      log({ request_id: id, 'http.route': '/' });
      answer(response, 200, {}, { 'x-request-id': id });
    }`;
  const about = broken(await lookAt('H-3', ids)).filter((one) => !one.startsWith('traceparent'));
  expect(about).toEqual([]);
  expect(broken(await lookAt('H-3', ids.replace('host.local/', '<b>')))).toContainEqual(
    expect.stringMatching(/^GET \/version twice without one/),
  );
});
