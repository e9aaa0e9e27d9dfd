// @module-tag sampled
import { describe, expect, it } from 'vitest';
import { OpenApi } from '../../contract/harness/schema/openapi.ts';
import { broken, lookAt } from './small-service.ts';

/** What H-2 and H-4 send that nobody described, and what they make of the answers. */

/** `METHODS` of /notes are described and served; what else is asked for goes to `other`. */
const notes = (methods: readonly string[], other: string) => `
const METHODS = ${JSON.stringify(methods)};
const schema = { type: 'object', required: ['text'], properties: { text: { type: 'string' } } };
const post = { requestBody: { content: { 'application/json': { schema } } }, responses: { 201: {} } };
const item = Object.fromEntries(METHODS.map((method) => [method.toLowerCase(), { responses: { 200: {} } }]));
if (item.post) item.post = post;
document.paths = { '/notes': item, '/openapi.json': { get: { responses: { 200: {} } } } };
let isDeleted = false;
async function handle(request, response, pathname) {
  const { method } = request;
  if (pathname !== '/notes') return nowhere(request, response);
  if (!METHODS.includes(method)) return other(request, response);
  if (method === 'DELETE') isDeleted = true;
  if (method !== 'POST') return answer(response, isDeleted ? 500 : 204);
  if (isDeleted) return answer(response, 500);
  if (Number(request.headers['content-length']) > 1e6) return problem(response, 413, { connection: 'close' });
  const { 'content-type': type, 'content-encoding': encoding } = request.headers;
  if (type !== 'application/json' || encoding) return problem(response, 415);
  try {
    return typeof JSON.parse(await bodyOf(request)).text === 'string' ? answer(response, 201, {}) : problem(response, 422);
  } catch {
    return problem(response, 400);
  }
}
${other}
${other.includes('nowhere') ? '' : 'const nowhere = (_, response) => problem(response, 404);'}
`;
const refuses = (status: number, headers = '{}') =>
  `function other(request, response) { problem(response, ${status}, ${headers}); }`;

describe('H-2', () => {
  it.each([
    ['describes DELETE, which nobody may send to a shared service', ['GET', 'POST', 'DELETE'], refuses(405)],
    ['describes all that may be tried', ['GET', 'POST', 'PUT', 'PATCH'], refuses(405)],
    ['says 405 without Allow, which is not in the statement', ['GET', 'POST'], refuses(405)],
  ])('is kept by a service that %s', async (_, methods, other) => {
    const result = await lookAt('H-2', notes(methods, other));
    expect(broken(result)).toEqual([]);
    const left = methods.includes('PATCH') ? ['405: /notes describes each method that may be tried'] : undefined;
    expect(result.leftOut).toEqual(left);
  });

  it('is broken by a 405 that is no problem', async () => {
    const other = "function other(_, response) { response.writeHead(405, { allow: 'GET, POST' }).end('no'); }";
    expect(broken(await lookAt('H-2', notes(['GET', 'POST'], other)))).toEqual([
      expect.stringMatching(/^PATCH \/notes: 405/),
    ]);
  });

  it('sends escapes that are well formed, so that a program sees them', async () => {
    const other = `${refuses(405)}
      function nowhere({ url }, response) {
        if (/%(?![0-9a-f]{2})/i.test(url)) return response.writeHead(400, { 'content-type': 'text/plain' }).end('400 Bad Request');
        problem(response, 404);
      }`;
    expect(broken(await lookAt('H-2', notes(['POST'], other)))).toEqual([]);
  });
});

describe('H-4', () => {
  it.each([
    ['404', refuses(404)],
    ['405 without Allow', refuses(405)],
    ['405 and some of what is described', refuses(405, "{ allow: 'POST' }")],
    ['405 and all of it', refuses(405, "{ allow: 'get,POST, HEAD, OPTIONS' }")],
    ['as a gate does everywhere', `${refuses(401)}\nconst nowhere = other;`],
  ])('is kept where a wrong method is answered with %s', async (_, other) => {
    expect(broken(await lookAt('H-4', notes(['GET', 'POST'], other)))).toEqual([]);
  });

  it('leaves out the paths that a gate answers for, and says so', async () => {
    const { outcome, leftOut } = await lookAt('H-4', notes(['GET', 'POST'], `${refuses(403)}\nconst nowhere = other;`));
    expect({ outcome, leftOut }).toEqual({
      outcome: 'partly',
      leftOut: ['paths that answer 403: so does one that does not exist'],
    });
  });

  it.each([
    ['an Allow that names more', refuses(405, "{ allow: 'GET, POST, DELETE' }"), '405, Allow: GET, POST, DELETE'],
    ['a method that is served', 'function other(_, response) { answer(response, 204); }', '204'],
  ])('is broken by %s', async (_, other, got) => {
    expect(broken(await lookAt('H-4', notes(['GET', 'POST'], other)))).toEqual([
      `PATCH /notes, which is not described: ${got}`,
    ]);
  });

  it('is broken by a path that is served and not described, behind a gate too', async () => {
    const gate = `${refuses(401)}
      function nowhere(request, response) {
        if (request.url === '/metrics') return answer(response, 200, {});
        other(request, response);
      }`;
    expect(broken(await lookAt('H-4', notes(['GET', 'POST'], gate)))).toEqual([
      expect.stringMatching(/stand in its files: \/metrics: 200$/),
    ]);
  });
});

it('the methods of a path are those of every template that it fits', () => {
  const openApi = new OpenApi({
    paths: { '/notes/{id}': { get: {}, patch: {} }, '/notes/mine': { put: {} }, '/notes.json': { delete: {} } },
  });
  expect(openApi.methodsAt('/notes/mine')).toEqual(['GET', 'PATCH', 'PUT']);
  expect(openApi.absentMethod('/notes/mine')).toBeUndefined();
  expect(openApi.absentMethod('/notes/1')).toBe('PUT');
  expect(openApi.methodsAt('/notesXjson')).toEqual([]);
});
