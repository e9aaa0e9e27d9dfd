// @module-tag sampled
import { expect, it } from 'vitest';
import { Backing } from '../../contract/harness/backing/backing.ts';
import { sendOversizedBody } from '../../contract/probes/http/oversized-body.ts';
import { verify } from '../../contract/verify.ts';
import { makeFolder, removeFolder, write } from '../support/folder.ts';
import { quiet } from '../support/quiet.ts';
import { ruleOf } from './rule-of.ts';
import { broken, lookAt, SERVICE, serviceIn } from './small-service.ts';

/** S-1: a body that is too long is refused, or its connection ends, in whatever way that is done. */

const TIMEOUTS = 'server.headersTimeout = server.requestTimeout = 4000;';
const THINGS = `document = {
  openapi: '3.1.0',
  paths: { '/things': { post: { requestBody: { content: { 'application/json': { schema: { type: 'object' } } } }, responses: { 201: {} } } } },
};`;

/** `TOO_LONG` is what becomes of a body over 1 MB. */
const service = (tooLong: string) => `${TIMEOUTS} ${THINGS}
function handle(request, response, pathname) {
  let size = 0;
  request.on('data', (chunk) => {
    size += chunk.length;
    if (size > 1e6) { ${tooLong} }
  });
  request.on('end', () => answer(response, pathname === '/things' ? 201 : 404, {}));
}`;

it.each([
  ['an answer', 'answer(response, 413, {});'],
  ['a reset', 'request.socket.resetAndDestroy();'],
  ['the end of the connection, without an answer', 'request.socket.end();'],
])('is kept by %s', async (_, tooLong) => {
  const result = await lookAt('S-1', service(`request.removeAllListeners(); request.resume(); ${tooLong}`));
  expect(broken(result)).toEqual([]);
  expect(result.evidence.map(({ sent }) => sent)).toContain('a body of 64 MiB');
});

it('is broken where it is taken for as long as a request may last', async () => {
  expect(broken(await lookAt('S-1', service(''))).sort()).toEqual([
    'a body of 64 MiB in chunks, its length not announced: 408',
    'a body of 64 MiB: 408',
  ]);
});

it('is known to be read where most of it has left the verifier', { timeout: 30_000 }, async () => {
  const size = 64 * 1024 * 1024;
  const sentTo = async (tooLong: string) => {
    const folder = makeFolder();
    write(folder, { 'main.mjs': SERVICE + service(tooLong).replace(TIMEOUTS, '') });
    const rule = ruleOf('sent', async (harness) => {
      const connection = await harness.connect(await harness.start());
      await sendOversizedBody(connection, '/things', size, true);
      const got = connection.sentBytes > size / 2 ? 'most' : 'a part';
      harness.saw({ sent: 'a body', expected: 'most', got, ok: true });
      return harness.evidence;
    });
    const target = serviceIn(folder, { paths: { live: '/up', ready: '/up' } });
    const { results } = await verify(target, { watch: quiet, backing: new Backing(), rules: [rule] });
    removeFolder(folder);
    return results[0]?.evidence[0]?.got;
  };
  expect([await sentTo(''), await sentTo('request.socket.resetAndDestroy();')]).toEqual(['most', 'a part']);
});
