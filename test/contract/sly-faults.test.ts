// @module-tag sampled
import { expect, it } from 'vitest';
import { OpenApi } from '../../contract/harness/schema/openapi.ts';
import { broken, lookAt } from './small-service.ts';

/** Faults that show only in what few services are asked for. */

const NOTE = {
  type: 'object',
  properties: {
    id: { type: 'string', readOnly: true },
    text: { type: 'string', maxLength: 100 },
    mood: { type: 'string' },
  },
  required: ['text'],
};

const describing = (parameters: readonly object[] = []) => `document.paths['/notes'] = { post: {
  parameters: ${JSON.stringify(parameters)},
  requestBody: { content: { 'application/json': { schema: ${JSON.stringify(NOTE)} } } }, responses: { 201: {} },
} };`;

it('knows a value for each field that a client may send', () => {
  const schema = { $ref: '#/components/schemas/Note' };
  const post = { requestBody: { content: { 'application/json': { schema } } } };
  const openApi = new OpenApi({ paths: { '/notes': { post } }, components: { schemas: { Note: NOTE } } });
  expect(Object.keys(openApi.write?.body() ?? {})).toEqual(['text']);
  expect(Object.keys(openApi.write?.fields() ?? {})).toEqual(['text', 'mood']);
  expect(Object.keys(openApi.changeOf('POST', '/notes')?.fields?.() ?? {})).toEqual(['text', 'mood']);
});

it('H-2 is broken by a field that may be absent', async () => {
  const taking = (refuses: string) => `${describing()}
    async function handle(request, response) {
      if (request.method !== 'POST' || request.headers['content-type'] !== 'application/json') return problem(response, 404);
      const note = await bodyOf(request).then(JSON.parse).catch(() => undefined);
      if (typeof note?.text !== 'string') return problem(response, 400);
      if (String(note.mood).includes('\\0')) return problem(response, ${refuses});
      answer(response, 201, { id: '1', ...note });
    }`;
  const look = (refuses: string) => lookAt('H-2', taking(refuses), { profile: 'twelve-factor' });
  expect(broken(await look('500'))).toEqual([expect.stringContaining('mood is a text with the character 0: 500')]);
  expect(broken(await look('400'))).toEqual([]);
});

it('VI-5 is broken by an instance that alone knows the key of a write', async () => {
  const KEY = { name: 'Idempotency-Key', in: 'header', schema: { type: 'string' } };
  const keeping = (id: string) => `${describing([KEY])}
    import { randomUUID } from 'node:crypto';
    const done = new Map();
    async function handle(request, response) {
      if (request.method !== 'POST') return problem(response, 404);
      const key = request.headers['idempotency-key'];
      if (!done.has(key)) done.set(key, ${id});
      answer(response, 201, { id: done.get(key) });
    }`;
  const look = (id: string) => lookAt('VI-5', keeping(id), { profile: 'twelve-factor' });
  expect(broken(await look('randomUUID()'))).toEqual([
    expect.stringContaining(
      'POST /notes with one Idempotency-Key through one instance, and again through another: 201',
    ),
  ]);
  expect(broken(await look('key ?? randomUUID()'))).toEqual([]);
});

it('VII-2 is broken by a port that is opened at the first write', async () => {
  const opening = (port: string) => `${describing()}
    let other;
    async function handle(request, response) {
      if (request.method !== 'POST') return problem(response, 404);
      ${port};
      answer(response, 201, { id: '1' });
    }`;
  const look = (port: string) =>
    lookAt('VII-2', opening(port), { profile: 'twelve-factor', env: { HOST: '127.0.0.1' } });
  const inspector = "other ??= createServer((_, response) => response.end('{}')).listen(0, '127.0.0.1')";
  expect(broken(await look(inspector))).toEqual([expect.stringMatching(/GET \/ answers 200/)]);
  expect(broken(await look('other = 1'))).toEqual([]);
});

it('VI-3 is broken by a tag that leaves out a field that may be absent', async () => {
  const tagging = (tagged: string) => `
    import { createHash, randomUUID } from 'node:crypto';
    import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
    const body = { required: true, content: { 'application/json': { schema: ${JSON.stringify(NOTE)} } } };
    document.paths['/notes'] = { post: { requestBody: body, responses: { 201: {} } } };
    document.paths['/notes/{id}'] = { get: {}, put: { requestBody: body } };
    // Both instances have the same folder.
    const fileOf = (id) => new URL('./note-' + id.toLowerCase(), import.meta.url);
    async function handle(request, response, pathname) {
      const [, notes, given] = pathname.split('/');
      if (notes !== 'notes' || (given && !existsSync(fileOf(given)))) return problem(response, 404);
      const id = given ?? randomUUID();
      if (request.method !== 'GET') writeFileSync(fileOf(id), JSON.stringify({ ...JSON.parse(await bodyOf(request)), id }));
      if (request.method === 'GET' && !given) return problem(response, 405);
      const note = JSON.parse(readFileSync(fileOf(id), 'utf8'));
      const etag = '"' + createHash('md5').update(JSON.stringify(${tagged})).digest('hex') + '"';
      if (request.headers['if-none-match'] === etag) return response.writeHead(304, { etag }).end();
      answer(response, given ? 200 : 201, note, { ...json, etag, ...(given ? {} : { location: '/notes/' + id }) });
    }`;
  const look = (tagged: string) => lookAt('VI-3', tagging(tagged), { profile: 'twelve-factor' });
  const known = (who: string) =>
    expect.stringContaining(`another mood; GET with the If-None-Match of before through ${who} instance: 304`);
  expect(broken(await look('note.text'))).toEqual([known('the same'), known('another')]);
  expect(broken(await look('note'))).toEqual([]);
});
