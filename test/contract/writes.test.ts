// @module-tag sampled
import { createServer } from 'node:http';
import { afterAll, describe, expect, it } from 'vitest';
import { Backing } from '../../contract/harness/backing/backing.ts';
import { Endpoint } from '../../contract/harness/http/endpoint.ts';
import type { Result } from '../../contract/result.ts';
import { rules as allRules } from '../../contract/rules/index.ts';
import type { ProcessTarget } from '../../contract/target.ts';
import { verify } from '../../contract/verify.ts';
import { makeFolder, removeFolder, write } from '../support/folder.ts';
import { quiet } from '../support/quiet.ts';
import { copyReference } from './reference-copy.ts';
import { ruleOf } from './rule-of.ts';

/** What probes write, to services that do not take everything; and verifications that lack something. */

const backing = new Backing();
const folder = makeFolder();
afterAll(async () => {
  await backing.stop();
  removeFolder(folder);
});

/** Takes an item with a credential alone; `PATTERN` is what its name has to match. */
const SERVICE = `
import { createServer } from 'node:http';
const name = { type: 'string', pattern: process.env.PATTERN };
const schema = { type: 'object', required: ['name'], properties: { name } };
const post = { requestBody: { content: { 'application/json': { schema } } }, responses: { 201: {} } };
createServer((request, response) => {
  const isRefused = request.method === 'POST' && request.headers.authorization !== 'Bearer let-me-in';
  response.statusCode = isRefused ? 401 : request.method === 'POST' ? 201 : 200;
  response.setHeader('content-type', 'application/json');
  response.end(request.url === '/openapi.json' ? JSON.stringify({ paths: { '/items': { post } } }) : '{}');
}).listen(Number(process.env.PORT), '127.0.0.1');
`;
write(folder, { 'main.mjs': SERVICE });

const target = (PATTERN: string, headers?: Record<string, string>): ProcessTarget => ({
  kind: 'process',
  name: 'items',
  folder,
  command: [process.execPath, `${folder}/main.mjs`],
  verbless: true,
  paths: { live: '/', ready: '/' },
  env: { PATTERN },
  ...(headers ? { headers } : {}),
});

/** Says whether it found a route to write to, and left out what it has to. */
const finds = ruleOf('finds', async (harness) => {
  const found = await harness.findWrite('a write');
  harness.saw({ sent: 'find', expected: 'either', got: found?.path ?? 'none', ok: true });
  return harness.evidence;
});
const needs = ruleOf('needs', async (harness) => {
  const { path } = await harness.write();
  harness.saw({ sent: 'need', expected: 'either', got: path, ok: true });
  return harness.evidence;
});

async function lookAt(pattern: string, headers?: Record<string, string>): Promise<Result[]> {
  const { results } = await verify(target(pattern, headers), { watch: quiet, backing, rules: [finds, needs] });
  return [...results];
}

describe('a route that takes no body made for it is not written to', () => {
  it.each([
    ['it wants credentials', '^[a-z]+$', 'POST /items answers 401 to a body that fits its description'],
    ['nothing fits its description', '^a$^b$', 'no body for POST /items: no text was found for the pattern ^a$^b$'],
  ])('%s', async (_, pattern, reason) => {
    const [found, needed] = await lookAt(pattern);
    expect(found).toMatchObject({ outcome: 'partly', leftOut: [`a write: ${reason}`] });
    expect(needed).toMatchObject({ outcome: 'skipped', reason });
  });

  it('it is given them', async () => {
    const [found, needed] = await lookAt('^[a-z]+$', { Authorization: 'Bearer let-me-in' });
    expect(found).not.toHaveProperty('leftOut');
    expect([found, needed].map((one) => one?.evidence[0]?.got)).toEqual(['/items', '/items']);
  });

  it('no load goes on by itself where no body can be made', async () => {
    const rolling = allRules.filter(({ id }) => id === 'IX-5');
    const { results } = await verify(target('^a$^b$'), { watch: quiet, backing, rules: rolling });
    expect(results[0]?.leftOut?.[0]).toMatch(/^writes: no body for POST/);
  });
});

it('headers of the user go with every request, and give way to those of a probe', async () => {
  const seen: (string | undefined)[] = [];
  const server = createServer((request, response) => {
    seen.push(request.headers.authorization);
    response.end('ok');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    const { port } = server.address() as { port: number };
    const paths = { live: '/', ready: '/' };
    const endpoint = new Endpoint(`http://127.0.0.1:${port}`, paths, { Authorization: 'Bearer let-me-in' });
    await endpoint.ask('/');
    await endpoint.ask('/', { headers: { Authorization: 'other' } });
    const connection = await endpoint.connect();
    connection.get('/');
    await connection.answer();
    connection.sendPart('POST', '/', '{}', 1);
    await connection.answer();
    connection.destroy();
  } finally {
    server.close();
  }
  expect(seen).toEqual(['Bearer let-me-in', 'other', 'Bearer let-me-in', 'Bearer let-me-in']);
});

it('says what the machine lacks, where rules were skipped for it', async () => {
  class NoPostgres extends Backing {
    override get hasPostgres(): boolean {
      return false;
    }
  }
  const service = copyReference();
  try {
    const look = (...ids: string[]) =>
      verify(service, {
        watch: quiet,
        backing: new NoPostgres(),
        rules: allRules.filter(({ id }) => ids.includes(id)),
      });
    expect((await look('X-1', 'H-3')).lacks).toMatch(/^needs PostgreSQL/);
    expect(await look('X-1')).not.toHaveProperty('lacks');
  } finally {
    removeFolder(service.folder);
  }
});

it('a check that cannot be ended is reported, and does not stop the other rules', async () => {
  const stays = ruleOf('stays', async (harness) => {
    harness.dispose = () => Promise.reject(new Error('it withstands'));
    harness.saw({ sent: 'stay', expected: 'either', got: 'either', ok: true });
    return harness.evidence;
  });
  const { results } = await verify(target('^a$'), { watch: quiet, backing, rules: [stays, finds] });
  expect(results.map(({ outcome }) => outcome)).toEqual(['partly', 'partly']);
  expect(results[0]?.leftOut).toEqual(['its end: it withstands']);
});

it('stopping a backing service that did not start is no error', async () => {
  const away = new Backing({ databaseUrl: 'postgres://nobody:none@127.0.0.1:1/none' });
  const starting = away.postgres();
  await expect(away.stop()).resolves.toBeUndefined();
  await expect(starting).rejects.toThrow('PostgreSQL of DATABASE_URL does not answer');
});
