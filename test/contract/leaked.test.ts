import { expect, test } from 'vitest';
import { findLeak } from '../../contract/probes/log/leaked.ts';
import { broken, lookAt } from './small-service.ts';

const SECRET = 'hunter2-do-not-"log"/+';

test.each([
  ['as it is', SECRET],
  ['in a URL', encodeURIComponent(SECRET)],
  ['in JSON', JSON.stringify({ password: SECRET })],
  ['in JSON in JSON', JSON.stringify({ body: JSON.stringify({ password: SECRET }) })],
  ['in Base64', Buffer.from(SECRET).toString('base64')],
  ['in Base64 after one character', Buffer.from(`:${SECRET}@`).toString('base64')],
  ['in Base64 after two characters', Buffer.from(`u:${SECRET}@host`).toString('base64')],
  ['in Base64 for URLs', Buffer.from(`user:${SECRET}@`).toString('base64url')],
  ['in hexadecimal', Buffer.from(SECRET).toString('hex')],
  ['as the bytes of a buffer', JSON.stringify(Buffer.from(SECRET))],
])('a secret %s is found', (_, text) => {
  expect(findLeak(`{"msg":"${text}"}`, [SECRET])).toBeDefined();
});

test.each([
  ['another secret', Buffer.from('hunter2-do-not-tell').toString('base64')],
  ['stars', 'postgresql://user:***@host/db'],
  ['nothing', ''],
])('%s is not', (_, text) => {
  expect(findLeak(text, [SECRET])).toBeUndefined();
});

test('XI-3 shows a line that leaks once, and one of standard error too', async () => {
  const leaks = (stream: string) => `async function handle(request, response) {
    if (request.url.includes('?')) process.${stream}.write(request.url + ' ' + request.headers['x-request-id'] + '\\n');
    problem(response, 404);
  }`;
  const seen = async (stream: string) =>
    broken(await lookAt('XI-3', leaks(stream))).map((one) => one.slice(0, one.indexOf(':')));
  expect(await seen('stdout')).toEqual(['credentials in a query', 'credentials in a query of no route']);
  expect(await seen('stderr')).toEqual(['all of these; other lines, and standard error']);
});
