// @module-tag sampled
import { describe, expect, it } from 'vitest';
import { broken, lookAt } from './small-service.ts';

/** A service that hands out cookies signed with a key, or in memory. */
const withCookie = (more: string) => `
import { createHmac } from 'node:crypto';
document.paths = { '/me': { get: { responses: { 200: {} } } } };
${more}
async function handle({ headers }, response, pathname) {
  if (pathname !== '/me') return problem(response, 404);
  const [, value] = /who=([^;]+)/.exec(headers.cookie ?? '') ?? [];
  if (value && isKnown(value)) return answer(response, 200, { known: true });
  answer(response, 200, { known: false }, { ...json, 'set-cookie': 'who=' + make() + '; HttpOnly' });
}`;
const signed = (
  key: string,
) => `const sign = (text) => text + '.' + createHmac('sha256', ${key}).update(text).digest('hex');
const make = () => sign(Math.random().toString(36).slice(2));
const isKnown = (value) => sign(value.split('.')[0]) === value;`;

describe('VI-5', () => {
  it.each([
    ['a session in a cookie that all instances can read', withCookie(signed("'the same'"))],
    [
      'answers that differ each time',
      `async function handle(_, response) { answer(response, 200, { id: Math.random(), at: new Date() }); }`,
    ],
    [
      'the time in seconds',
      `async function handle(_, response) { answer(response, 200, { at: Math.round(Date.now() / 1000) }); }`,
    ],
    [
      'metrics, which are of one instance',
      `let count = 0;
document.paths = { '/metrics': { get: { responses: { 200: {} } } } };
async function handle(_, response, pathname) {
  if (pathname !== '/metrics') return answer(response, 200, {});
  response.writeHead(200, { 'content-type': 'text/plain; version=0.0.4' }).end('requests ' + (count += 1));
}`,
    ],
  ])('is kept, but for what writes change, with %s', async (_, source) => {
    const { outcome, leftOut } = await lookAt('VI-5', source);
    expect([outcome, leftOut]).toEqual(['partly', [expect.stringContaining('no route is known that takes a POST')]]);
  });

  it('is broken by a session that is signed with a key of one process', async () => {
    expect(broken(await lookAt('VI-5', withCookie(signed('String(process.pid)'))))).toEqual([
      expect.stringMatching(/^GET \/me through one instance gives cookie; GET \/me with it .*: as to a stranger: 200/),
    ]);
  });

  it('is broken by a counter in memory, and by what a POST left there', async () => {
    const counter = `let count = 0;
async function handle(_, response) { answer(response, 200, { count: (count += 1) }); }`;
    expect(broken(await lookAt('VI-5', counter))).toEqual([expect.stringMatching(/GET \/: 200 .*"count":/)]);
    const list = `const tasks = [];
const schema = { type: 'object', properties: { name: { type: 'string' } }, required: ['name'] };
document.paths = {
  '/tasks': { post: { requestBody: { content: { 'application/json': { schema } } }, responses: { 201: {} } } },
  '/board': { get: { responses: { 200: {} } } },
};
async function handle(request, response, pathname) {
  if (request.method === 'POST') return answer(response, 201, { size: tasks.push(await bodyOf(request)) });
  if (pathname === '/board') return answer(response, 200, { size: tasks.length });
  problem(response, 404);
}`;
    expect(broken(await lookAt('VI-5', list))).toEqual([expect.stringMatching(/GET \/board: 200 .*"size":1/)]);
  });

  it('is broken by a list in a file that other instances do not have', async () => {
    const list = `import { appendFileSync, existsSync, readFileSync } from 'node:fs';
document = undefined;
const file = process.env.TMPDIR + '/tasks';
async function handle(request, response, pathname) {
  if (pathname !== '/tasks') return answer(response, 404);
  if (request.method === 'POST') appendFileSync(file, await bodyOf(request) + '\\n');
  answer(response, request.method === 'POST' ? 201 : 200, existsSync(file) ? readFileSync(file, 'utf8').split('\\n') : []);
}`;
    const mapping = { write: { path: '/tasks', body: { name: 'task {random}' } } };
    expect(broken(await lookAt('VI-5', list, { profile: 'twelve-factor', mapping }))).toEqual([
      expect.stringMatching(/GET \/tasks: 200 /),
    ]);
  });

  it('is broken by a list in memory that a mapped write changes', async () => {
    const list = `document = undefined;
const tasks = [];
async function handle(request, response, pathname) {
  if (pathname !== '/tasks') return answer(response, 404);
  if (request.method === 'POST') return answer(response, 201, { id: tasks.push(await bodyOf(request)) });
  answer(response, 200, tasks);
}`;
    const mapping = { write: { path: '/tasks', body: { name: 'task {random}' } } };
    const result = await lookAt('VI-5', list, { profile: 'twelve-factor', mapping });
    expect(broken(result)).toEqual([expect.stringMatching(/GET \/tasks: 200 /)]);
  });
});
