// @module-tag sampled
import { describe, expect, test } from 'vitest';
import { withoutUtf8 } from '../../contract/probes/http/malformed-requests.ts';
import { broken, lookAt } from './small-service.ts';

/** What a service may promise: one that promises it is held to it, and another is not. */

const notes = (responses: object, answers: string) => `
const schema = { type: 'object', required: ['text'], properties: { text: { type: 'string' } } };
const post = { requestBody: { content: { 'application/json': { schema } } }, responses: ${JSON.stringify(responses)} };
const get = { responses: { 200: {} } };
document.paths = { '/notes': { get, post }, '/openapi.json': { get } };
async function handle(request, response, pathname) {
  if (pathname !== '/notes') return problem(response, 404);
  if (!['GET', 'POST'].includes(request.method)) return problem(response, 405);
  ${answers}
}`;
const REFUSES = `
  if (request.method === 'GET') return answer(response, 200, []);
  if (request.headers['content-type'] !== 'application/json') return problem(response, 415);
  try {
    return typeof JSON.parse(await bodyOf(request)).text === 'string' ? answer(response, 201, {}) : problem(response, 422);
  } catch {
    return problem(response, 400);
  }`;

describe('errors in a description', () => {
  test('are not missed where an operation describes none', async () => {
    expect(broken(await lookAt('H-4', notes({ 201: {} }, REFUSES)))).toEqual([]);
  });

  test('are all there by their class or a default', async () => {
    expect(broken(await lookAt('H-4', notes({ 201: {}, '4XX': {} }, REFUSES)))).toEqual([]);
    expect(broken(await lookAt('H-4', notes({ 201: {}, default: {} }, REFUSES)))).toEqual([]);
  });

  test('are missed where others are described', async () => {
    expect(broken(await lookAt('H-4', notes({ 201: {}, 400: {}, 422: {} }, REFUSES)))).toEqual([
      'POST /notes as application/xml: 415, not described',
    ]);
  });
});

describe('tags', () => {
  const up = (more: string) => `document.paths = {};
    const tag = 'W/"one"';
    server.prependListener('request', (request, response) => { ${more} });
    const handle = (request, response) => problem(response, 404);`;

  test('that no answer has are not asked for', async () => {
    expect(await lookAt('H-6', up(''))).toMatchObject({ outcome: 'skipped', reason: 'no answer has an ETag' });
  });

  test('that are given and ignored break H-6', async () => {
    const seen = broken(await lookAt('H-6', up("response.setHeader('etag', tag);")));
    expect(seen.map((one) => one.replace(/: 200 .*/, ''))).toEqual([
      'GET /up, If-None-Match: W/"one"',
      'GET /up, If-None-Match: "probe-other", W/"on7", W/"one"',
      'GET /up, If-None-Match: *',
    ]);
  });
});

test('a proxy is not asked about where none can be trusted', async () => {
  const reason = 'the service has no TRUSTED_PROXIES';
  expect(await lookAt('S-3', 'const handle = () => undefined;')).toMatchObject({ outcome: 'skipped', reason });
});

test.each([
  ['{"text":"abc"}', '{"text":"ab\xff"}'],
  ['{"n":1,"text":"abc"}', '{"n":1,"text":"ab\xff"}'],
  ['{"n":1}', undefined],
])('bytes that are no UTF-8 are put into the first text of %s', (json, expected) => {
  expect(withoutUtf8(json)?.toString('latin1')).toBe(expected);
});
