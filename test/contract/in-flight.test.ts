// @module-tag sampled
import { expect, test } from 'vitest';
import { broken, lookAt } from './small-service.ts';

/** Stops of services that describe no POST: what takes a while is found, and has to come to its end. */

/** `stop` says what a signal does besides; the listener is closed by then. */
const service = (answers: string, stop: string) => `
  import { Readable } from 'node:stream';
  document = undefined;
  function* parts() { for (let part = 0; part < 200; part += 1) yield Buffer.alloc(64 * 1024); }
  let draining = false;
  async function handle(request, response, pathname) {
    if (draining) response.setHeader('connection', 'close');
    ${answers}
    problem(response, 404);
  }
  for (const name of ['SIGTERM', 'SIGINT']) process.on(name, () => {
    draining = true;
    server.close(() => process.exit(0));
    ${stop}
  });`;

const SLOW = `if (pathname === '/slow') return setTimeout(() => answer(response, 200, {}), 900);`;
const LARGE = `if (pathname === '/download') return Readable.from(parts()).pipe(response.writeHead(200));`;
const CUT = 'setTimeout(() => process.exit(0), 300);';
const inFlight = /which was under way|of which half was read/;

test.each([
  ['a slow answer that is waited for', SLOW, '', []],
  ['a slow answer that is cut', SLOW, CUT, ['GET /slow, which was under way when the signal came']],
  ['a large answer that is waited for', LARGE, '', []],
  ['a large answer that is cut', LARGE, CUT, ['GET /download, of which half was read when the signal came']],
])('%s', async (_, answers, stop, expected) => {
  const result = await lookAt('IX-2', service(answers, stop));
  expect(result.evidence.some(({ sent }) => inFlight.test(sent))).toBe(true);
  const found = broken(result).filter((text) => inFlight.test(text));
  for (const what of expected) expect(found.join('\n')).toContain(what);
  if (expected.length === 0) expect(found).toEqual([]);
});
