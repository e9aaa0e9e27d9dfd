// @module-tag sampled
import { createServer } from 'node:http';
import { afterAll, describe, expect, test } from 'vitest';
import { Backing } from '../../contract/harness/backing/backing.ts';
import { Endpoint } from '../../contract/harness/http/endpoint.ts';
import { findHealth } from '../../contract/harness/http/health-routes.ts';
import { PATHS } from '../../contract/subject.ts';
import type { ProcessTarget } from '../../contract/target.ts';
import { verify } from '../../contract/verify.ts';
import { makeFolder, removeFolder, write } from '../support/folder.ts';
import { quiet } from '../support/quiet.ts';
import { ruleOf } from './rule-of.ts';
import { serviceIn } from './small-service.ts';

/** The health paths of services that nobody named any for. */

/** What is found of a service that has these statuses at these paths, and another one everywhere else. */
async function found(statuses: Record<string, number>, { others = 404, known = {} } = {}) {
  const server = createServer(({ url = '' }, response) => response.writeHead(statuses[url] ?? others).end());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  try {
    return await findHealth(new Endpoint(`http://127.0.0.1:${port}`, PATHS), known);
  } finally {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
}

describe('health routes', () => {
  test.each([
    [
      { '/livez': 200, '/readyz': 200 },
      { live: '/livez', ready: '/readyz' },
    ],
    [
      { '/healthz': 204, '/ready': 503 },
      { live: '/healthz', ready: '/ready' },
    ],
    [
      { '/health/live': 200, '/health': 200, '/health/ready': 200 },
      { live: '/health/live', ready: '/health/ready' },
    ],
  ])('%j are found', async (statuses, paths) => {
    expect(await found(statuses)).toEqual({
      paths,
      text: `health routes: GET ${paths.live} for liveness, GET ${paths.ready} for readiness`,
    });
  });

  test('one of them stands for both, and the other is asked for', async () => {
    expect(await found({ '/health': 200 })).toMatchObject({
      paths: { live: '/health', ready: '/health' },
      lacks: 'no route for readiness was found: pass --ready',
      text: 'health routes: GET /health for liveness, and none for readiness',
    });
    expect(await found({ '/readyz': 200 })).toMatchObject({
      paths: { live: '/readyz', ready: '/readyz' },
      lacks: 'no route for liveness was found: pass --live',
      text: 'health routes: GET /readyz for readiness, and none for liveness',
    });
  });

  test('that the user names are not looked for', async () => {
    const { paths, lacks } = await found({ '/livez': 200, '/up': 200, '/readyz': 200 }, { known: { live: '/up' } });
    expect([paths, lacks]).toEqual([{ live: '/up', ready: '/readyz' }, undefined]);
  });

  test('are not made of a page that comes for any path', async () => {
    expect(await found({}, { others: 200 })).toMatchObject({ paths: { live: '/', ready: '/' } });
    expect((await found({}, { others: 200 })).paths.usual).toBeUndefined();
  });

  test('that are not there leave the first page, with the status that it has', async () => {
    const { paths, lacks, text } = await found({ '/': 401 });
    expect(paths).toEqual({ live: '/', ready: '/', usual: 401 });
    expect(lacks).toBe('no health route was found: pass --live and --ready');
    expect(text).toBe(`${lacks}. GET / stands for both; it answers 401`);
  });
});

describe('a service without a health route', () => {
  const folder = makeFolder();
  afterAll(() => removeFolder(folder));
  write(folder, {
    'main.mjs': `import { createServer } from 'node:http';
      setTimeout(() => createServer(({ url }, response) => response.writeHead(url === '/api' ? 200 : 404).end())
        .listen(Number(process.env.PORT), '127.0.0.1'), 300);`,
  });
  const look = (profile: NonNullable<ProcessTarget['profile']>) => {
    const { paths: _paths, ...target } = serviceIn(folder, { profile, startMs: 2000 });
    const seen = ruleOf('H-5', async (harness) => {
      const service = await harness.start();
      const status = await service.status(service.paths.ready);
      harness.saw({ sent: '', expected: '', got: `${service.paths.ready} ${status}`, ok: service.isFine(status) });
      return harness.evidence;
    });
    const asked = { ...seen, promises: { 'twelve-factor': 'It answers.' } };
    return verify(target, { watch: quiet, backing: new Backing(), rules: [asked] });
  };

  test('is ready when it answers, and the report says what was asked', async () => {
    const { results, health } = await look('twelve-factor');
    expect(results[0]).toMatchObject({ outcome: 'kept', evidence: [{ got: '/ 404' }] });
    expect(health?.lacks).toBe('no health route was found: pass --live and --ready');
  });

  test('is not ready where it promised the paths of the contract', async () => {
    const { results, health } = await look('house');
    expect(results[0]).toMatchObject({ outcome: 'broken' });
    expect(results[0]?.evidence[0]?.got).toContain('GET /health/ready');
    expect(health).toBeUndefined();
  });
});
