import { isFine } from '../harness/http/endpoint.ts';
import { probeSlowDatabase } from '../probes/slow-database.ts';
import type { Rule } from '../rule.ts';

/** The delay of the database, in each direction, in milliseconds. */
const SLOW = 400;

export const rule: Rule = {
  id: 'IV-2',
  level: 'MUST',
  factor: 'IV. Backing services',
  statement:
    'While a required backing service is away, readiness is 503 (within 2 s) and liveness 200; readiness comes back with it, in the same process. While it is slow, readiness does not wait behind requests, and those that wait too long get 503 or 504 with Retry-After.',
  why: 'Traffic goes elsewhere while the database is away; a restart would only add a cold start to the trouble.',
  mend: 'Ask the database in the readiness check with a timeout of about a second, on a connection of its own, survive errors of idle connections, never ask it for liveness.',
  applies: (subject) => subject.stores(),
  async check(harness) {
    const slow = probeSlowDatabase(harness);
    slow.catch(() => undefined); // Whoever waits for it gets the error.
    const { proxy, url } = await harness.proxied(await harness.database());
    const service = await harness.start({ database: { url } });
    const falls = { 'cut and refused': () => proxy.down(), 'connected and silent': () => proxy.stall() };
    for (const [how, fall] of Object.entries(falls)) {
      await fall();
      const down = await service.reaches(service.paths.ready, 503, 4000).catch(() => undefined);
      const got = down === undefined ? 'not within 4 s' : `503 after ${Math.round(down)} ms`;
      const sent = `the database is ${how}`;
      harness.saw({
        sent: `${sent}: GET ${service.paths.ready}`,
        expected: '503 within 2000 ms',
        got,
        ok: down !== undefined && down <= 2000,
      });
      const live = await service.status(service.paths.live);
      harness.saw({ sent: `${sent}: GET ${service.paths.live}`, expected: '200', got: String(live), ok: live === 200 });
      await proxy.up();
      const up = await service.reaches(service.paths.ready, 200, 6000).catch(() => undefined);
      harness.saw({
        sent: `the database that was ${how} is back: GET ${service.paths.ready}`,
        expected: '200 within 6 s, the same process',
        got: up === undefined ? 'not within 6 s' : `200 after ${Math.round(up)} ms`,
        ok: up !== undefined && service.child.exited === undefined,
      });
    }
    proxy.cut();
    const back = await service.reaches(service.paths.ready, 200, 6000).catch(() => undefined);
    harness.saw({
      sent: `the connections to the database are cut, and it takes new ones: GET ${service.paths.ready}`,
      expected: '200 within 6 s, the same process',
      got: back === undefined ? 'not within 6 s' : `200 after ${Math.round(back)} ms`,
      ok: back !== undefined && service.child.exited === undefined,
    });
    proxy.slow(SLOW);
    const live = await service.ask(service.paths.live, { timeoutMs: 2000 }).catch((error: Error) => error);
    const answered = live instanceof Error ? live.message : `${live.status} after ${Math.round(live.ms)} ms`;
    harness.saw({
      sent: `the database answers ${2 * SLOW} ms later than before: GET ${service.paths.live}`,
      expected: '200, within 500 ms',
      got: answered,
      ok: !(live instanceof Error) && isFine(live.status) && live.ms < 500,
    });
    await slow;
    return harness.evidence;
  },
};
