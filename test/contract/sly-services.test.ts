// @module-tag sampled
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { Backing } from '../../contract/harness/backing/backing.ts';
import { verify } from '../../contract/verify.ts';
import { makeFolder, removeFolder, write } from '../support/folder.ts';
import { quiet } from '../support/quiet.ts';
import { ruleOf } from './rule-of.ts';
import { broken, lookAt, serviceIn } from './small-service.ts';

/** Faults that look fine at first sight, and were missed in services that were written to be missed. */

const folders: string[] = [];
afterAll(() => folders.forEach(removeFolder));

it('IX-2 is broken by what is let go at the end of the delay while requests need it', { timeout: 60_000 }, async () => {
  const letting = (gone: string) => `
    const body = { content: { 'application/json': { schema: { type: 'object', properties: { text: { type: 'string' } } } } } };
    document.paths['/notes'] = { post: { requestBody: body, responses: { 201: {} } } };
    let isGone = false;
    async function handle(request, response) {
      if (request.method !== 'POST') return problem(response, 404);
      await bodyOf(request);
      if (isGone) return problem(response, 500);
      answer(response, 201, { id: '1' });
    }
    for (const name of ['SIGTERM', 'SIGINT']) process.on(name, () => setTimeout(() => {
      isGone = ${gone};
      server.close(() => process.exit(0));
      setInterval(() => server.closeIdleConnections(), 100).unref();
    }, Number(process.env.DELAY_MS)));`;
  const mapping = { shutdownDelay: { name: 'DELAY_MS', unit: 'ms' } } as const;
  const look = (gone: string) => lookAt('IX-2', letting(gone), { profile: 'kubernetes', mapping });
  const late = (signal: string) =>
    `${signal} with DELAY_MS=1500: the second half of a request body, 1300 ms after the delay: 500`;
  expect(broken(await look('true')).sort()).toEqual([late('SIGINT'), late('SIGTERM')]);
  expect(broken(await look('false'))).toEqual([]);
});

it('a command of the mapping file runs the files of a copy where a copy is looked at', async () => {
  const folder = makeFolder();
  folders.push(folder);
  const migrate = join(folder, 'migrate.mjs');
  write(folder, {
    'main.mjs': `import { createServer } from 'node:http';
      createServer((_, response) => response.end()).listen(Number(process.env.PORT), '127.0.0.1');`,
    'migrate.mjs': "process.stdout.write(import.meta.dirname + '\\n');",
  });
  const rule = ruleOf('copied', async (harness) => {
    const target = harness.artifact({ 'more.txt': '' });
    for (const one of [undefined, target]) {
      const { child } = await harness.run(['migrate'], one ? { target: one } : {});
      const got = child.lines[0]?.text ?? '';
      harness.saw({ sent: 'migrate', expected: one?.folder ?? folder, got, ok: got === (one?.folder ?? folder) });
    }
    return harness.evidence;
  });
  const mapping = { migrate: { command: [process.execPath, migrate] } };
  const service = serviceIn(folder, { mapping });
  const { results } = await verify(service, { watch: quiet, backing: new Backing(), rules: [rule] });
  expect(results.flatMap(({ evidence }) => evidence.map(({ ok }) => ok))).toEqual([true, true]);
});

it('VII-2 is broken by one that answers its own machine alone', async (context) => {
  const answering = (whom: string) => `
    server.on('connection', (socket) => ${whom}.test(socket.remoteAddress) || socket.destroy());
    server.removeAllListeners('listening');
    server.close(() => server.listen(Number(process.env.PORT)));
    async function handle(request, response) { problem(response, 404); }`;
  const look = (whom: string) => lookAt('VII-2', answering(whom), { profile: 'twelve-factor' });
  const own = await look('/127\\.|^::1/');
  if (own.leftOut?.length || own.evidence.length < 3) return context.skip('no network namespace can be made here');
  expect(broken(own)).toEqual([
    expect.stringContaining('GET /up from an address that is not of the loopback interface'),
  ]);
  expect(broken(await look('/./'))).toEqual([]);
});
