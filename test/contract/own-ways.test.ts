// @module-tag sampled
import { afterAll, describe, expect, test } from 'vitest';
import { Backing } from '../../contract/harness/backing/backing.ts';
import type { Harness } from '../../contract/harness/harness.ts';
import { errorsFirst, lastLines } from '../../contract/harness/process/quote.ts';
import { normaliseRoute } from '../../contract/harness/schema/route-template.ts';
import { readVariables } from '../../contract/harness/schema/variables.ts';
import { Unseen } from '../../contract/harness/wait.ts';
import { requireFolder } from '../../contract/probes/data/migrations.ts';
import { sendMany } from '../../contract/probes/http/many-requests.ts';
import { Subject } from '../../contract/subject.ts';
import type { ProcessTarget } from '../../contract/target.ts';
import { verify } from '../../contract/verify.ts';
import { makeFolder, removeFolder, write } from '../support/folder.ts';
import { quiet } from '../support/quiet.ts';
import { ruleOf } from './rule-of.ts';
import { broken, lookAt, lookAtService, serviceIn } from './small-service.ts';

/** Ways of services that were called broken, and are not. */

const folders: string[] = [];
afterAll(() => folders.forEach(removeFolder));

/** Holds a program of the standard library against a rule, as a stranger's service. */
function lookAtProgram(id: string, main: string, more: Partial<ProcessTarget> = {}) {
  const folder = makeFolder();
  folders.push(folder);
  write(folder, { 'main.cjs': main });
  return lookAtService(id, serviceIn(folder, { profile: 'twelve-factor', startMs: 5000, ...more }));
}

test('204 of a health path is as good as 200', async () => {
  const source = `const handle = (request, response, pathname) =>
    /^.(health|livez|readyz)/.test(pathname) ? response.writeHead(204).end() : problem(response, 404);`;
  expect(broken(await lookAt('H-1', source))).toEqual([]);
});

describe('a server that ends each connection after one answer', () => {
  /** HTTP/1.0 by hand: it reads one request of a connection. */
  const main = `
    require('node:net').createServer((socket) => {
      socket.on('error', () => undefined);
      socket.once('data', () => socket.end('HTTP/1.0 200 OK\\r\\nContent-Length: 2\\r\\n\\r\\nok', () => socket.destroy()));
    }).listen(Number(process.env.PORT), '127.0.0.1');`;

  test('is sent one request at a time', async () => {
    const folder = makeFolder();
    folders.push(folder);
    write(folder, { 'main.cjs': main });
    const rule = ruleOf('many', async (harness) => {
      const answers = await sendMany(harness, await harness.start(), 300, ['/']);
      harness.saw({ sent: '300 requests', expected: '300 answers', got: String(answers), ok: answers === 300 });
      return harness.evidence;
    });
    const { results } = await verify(serviceIn(folder), { watch: quiet, backing: new Backing(), rules: [rule] });
    expect(results.flatMap(({ evidence }) => evidence.map(({ got }) => got))).toEqual(['300']);
  });

  test('is told nothing of a connection that it should keep', async () => {
    const { evidence } = await lookAtProgram('IX-2', main, { profile: 'house' });
    const kept = evidence.filter(({ sent }) => sent.includes('keeps sending on one connection'));
    expect(kept.map(({ got }) => got)).toEqual(Array(2).fill('none: each answer ends its connection'));
    expect(kept.every(({ ok }) => ok)).toBe(true);
  });
});

describe('a level of the log', () => {
  const target = (env = {}): ProcessTarget => ({ ...serviceIn('/'), env });
  const variables = (LOG_LEVEL: object) => readVariables({ properties: { LOG_LEVEL } }) ?? [];
  const comfort = (schema: object, env = {}) =>
    new Subject(target(env), variables(schema), new Backing()).comfort({ LOG_LEVEL: 'error' });

  test('is set where the service has such a word', () => {
    expect(comfort({ enum: ['error', 'info'] })).toEqual({ LOG_LEVEL: 'error' });
    expect(comfort({ anyOf: [{ enum: ['error'] }, { type: 'null' }] })).toEqual({ LOG_LEVEL: 'error' });
  });

  test('is left alone where it has other words, says none, or the user gave one', () => {
    expect(comfort({ enum: ['ERROR', 'INFO'] })).toEqual({});
    expect(comfort({ type: 'string' })).toEqual({});
    expect(comfort({ enum: ['error', 'info'] }, { LOG_LEVEL: 'info' })).toEqual({});
  });

  test.each(['XI-3', 'VI-4'])(
    'of a service that takes no such word does not break %s',
    { timeout: 120_000 },
    async (id) => {
      const main = `
      if (process.env.LOG_LEVEL) throw new Error('unknown level ' + process.env.LOG_LEVEL);
      require('node:http').createServer((_, response) => response.end('ok')).listen(process.env.PORT, '127.0.0.1');`;
      expect(broken(await lookAtProgram(id, main))).toEqual([]);
    },
  );
});

describe('what is quoted of a tool', () => {
  const warnings = [
    'npm warn EBADENGINE Unsupported engine {',
    "npm warn EBADENGINE   package: 'a@1',",
    '(node:7) Warning: old',
  ];
  const errors = ['npm error code EUSAGE', 'npm error', 'npm error package.json and package-lock.json are not in sync'];

  test('is its errors, and warnings only where it says nothing else', () => {
    expect(errorsFirst([...warnings, ...errors].join('\n'), 2)).toBe(`${errors[0]}\n${errors[2]}`);
    expect(errorsFirst(['adding a', 'Error: no b', 'done'].join('\n'), 1)).toBe('Error: no b');
    expect(errorsFirst(warnings.join('\n'), 1)).toBe(warnings[0]);
    expect(lastLines([...errors, ...warnings].join('\n'), 1)).toBe(errors[2]);
  });

  test('does not decide: a lock that npm warns of first is still compared', async () => {
    const needs = { node: '>=99' };
    const dependency = { version: '1.0.0', resolved: 'https://registry.npmjs.org/a/-/a-1.0.0.tgz', engines: needs };
    const manifest = { name: 'any', version: '1.0.0', dependencies: { a: '1.0.0', b: '1.0.0', c: '1.0.0' } };
    const packages = Object.fromEntries(['a', 'b', 'c'].map((name) => [`node_modules/${name}`, dependency]));
    const folder = makeFolder();
    folders.push(folder);
    write(folder, {
      'package.json': JSON.stringify(manifest),
      'package-lock.json': JSON.stringify({ ...manifest, lockfileVersion: 3, packages: { '': manifest, ...packages } }),
    });
    const { evidence, outcome } = await lookAtService('II-1', serviceIn(folder));
    expect(evidence.at(-1)?.got).toContain('in sync');
    expect(outcome).toBe('kept');
  });
});

describe('a port that is taken', () => {
  const main = (exit: number) => `
    const server = require('node:http').createServer((_, response) => response.end('ok'));
    if (!/^\\d+$/.test(process.env.PORT)) process.exit(2);
    server.on('error', (error) => {
      console.error('bind: ' + error.message);
      process.exit(${exit});
    });
    server.listen(process.env.PORT, '127.0.0.1');`;

  test('may be told on standard error, with any exit but 0', async () => {
    expect(broken(await lookAtProgram('VII-1', main(3)))).toEqual([]);
    expect(broken(await lookAtProgram('VII-1', main(0)))).toEqual(['a port that is taken: exit 0']);
  });

  test('ends a service of the house with 1', async () => {
    const seen = broken(await lookAtProgram('VII-1', main(3), { profile: 'house' }));
    expect(seen).toContain('a port that is taken: exit 3');
    expect(seen.filter((one) => one.includes('bind:'))).toEqual([]);
  });
});

describe('a connection on which nothing was sent', () => {
  const main = (more: string) => `
    const server = require('node:http').createServer((_, response) => response.end('ok'));
    server.listen(process.env.PORT, '127.0.0.1');
    process.on('SIGTERM', () => {
      server.close(() => process.exit(0));
      ${more}
    });`;

  test('that holds a stop is told so, and holds nothing else', async () => {
    const [held] = broken(await lookAtProgram('IX-8', main('')));
    expect(held).toMatch(/the stop waited \d\.\d s for it, and ended when it was closed \(exit 0\)$/);
    const { evidence } = await lookAtProgram('IX-2', main(''));
    const ends = evidence.filter(({ sent }) => sent.includes('SIGTERM') && sent.endsWith('the end of the process'));
    expect(ends.map(({ ok }) => ok)).toEqual([true]);
  });

  test('is no matter where it is closed, or a stop takes as long or never ends in any case', async () => {
    expect((await lookAtProgram('IX-8', main('server.closeAllConnections();'))).outcome).toBe('kept');
    const slow = main('').replace('server.close(() => process.exit(0));', 'setTimeout(() => process.exit(0), 3500);');
    expect((await lookAtProgram('IX-8', slow)).outcome).toBe('kept');
    const ignores = main('').replace('server.close(() => process.exit(0));', '');
    expect(await lookAtProgram('IX-8', ignores)).toMatchObject({ outcome: 'skipped' });
  });
});

test.each([
  ['/products/:id', '/products/{id}'],
  ['/products/:id(\\d+)/parts/:part?', '/products/{id}/parts/{part}'],
  ['/products/{id:uuid}', '/products/{id}'],
  ['/products/{id:[0-9]{3}}/{rest:.*}', '/products/{id}/{rest}'],
  ['/products/<uuid:id>', '/products/{id}'],
  ['/products/<id>', '/products/{id}'],
  ['/products/[id]/[...rest]', '/products/{id}/{rest}'],
  ['/products/{id}', '/products/{id}'],
  ['/at/10:30', '/at/10:30'],
])('the route %s is %s', (written, expected) => {
  expect(normaliseRoute(written)).toBe(expected);
});

test('a status of migrations that does not come says nothing about where they are', async () => {
  const folder = makeFolder();
  folders.push(folder);
  write(folder, { 'migrations/0001_first.up.sql': 'SELECT 1;' });
  const answers = { code: null, signal: null, at: 0 };
  const harness = {
    subject: { target: { folder } },
    artifact: () => ({ folder }),
    database: async () => ({}),
    run: async () => ({ exit: answers }),
  } as unknown as Harness;
  const error = await requireFolder(harness).catch((thrown: Error) => thrown);
  expect([error instanceof Unseen, String(error)]).toEqual([
    false,
    expect.stringContaining('still running after 60 s'),
  ]);
});

describe('a limit of 60 s for a slow client', { timeout: 200_000 }, () => {
  const main = `
    const { createServer } = require('node:http');
    const server = createServer({ connectionsCheckingInterval: 30_000 }, (_, response) => response.end('ok'));
    server.headersTimeout = server.requestTimeout = Number(process.env.LIMIT_MS);
    server.timeout = 10_000;
    process.on('SIGTERM', () => process.exit(0));
    server.listen(process.env.PORT, '127.0.0.1');`;

  test('is one, and no limit is told as none that was seen', { tags: ['long'] }, async () => {
    const look = (LIMIT_MS: string) => lookAtProgram('S-1', main, { env: { LIMIT_MS } });
    const [limited, unlimited] = await Promise.all([look('60000'), look('0')]);
    expect(broken(limited)).toEqual([]);
    expect(broken(unlimited)).toEqual(['a header line byte by byte: still open after 95 s: no limit that we saw']);
  });
});
