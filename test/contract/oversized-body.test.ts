// @module-tag sampled
import { expect, it } from 'vitest';
import { broken, lookAt } from './small-service.ts';

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
