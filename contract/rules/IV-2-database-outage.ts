import type { Harness } from '../harness/harness.ts';
import { isFine } from '../harness/http/endpoint.ts';
import { describeExit } from '../harness/process/process.ts';
import type { WriteOperation } from '../harness/schema/openapi.ts';
import type { Service } from '../harness/service.ts';
import { sleep, until } from '../harness/wait.ts';
import { leaseProxied } from '../probes/data/proxied-instance.ts';
import { LIVES_MS, probeRefusedPassword } from '../probes/data/refused-password.ts';
import { CLIENTS, LOCKED, probeSlowDatabase } from '../probes/data/slow-database.ts';
import type { Rule } from '../rule.ts';
import { all } from '../subject.ts';

/** How soon readiness says that the database is away, in milliseconds. */
const AWAY_MS = 2000;
/** How soon it says that the database is back. */
const BACK_MS = 6000;
/** How soon where readiness is 1 s old at most. */
const SOON_BACK_MS = 3000;
/** How soon liveness is answered while the database is slow. */
const LIVE_MS = 500;

/** The delay of the database, in each direction, in milliseconds. */
const SLOW = 400;

/** How long the database stays away at first, in milliseconds. */
const HELD_MS = 10_000;
/** Requests at once that need the database: more than a service has connections to it. */
const ITEMS = 24;

export const rule: Rule = {
  id: 'IV-2',
  level: 'MUST',
  weight: 2,
  factor: 'IV. Backing services',
  slow: 'it waits for a database that is away and back',
  promises: {
    kubernetes:
      'While a required backing service is away, or refuses the password, readiness is 503 (within 2 s) and liveness 200, however long; readiness comes back with it, in the same process. While it is slow, readiness does not wait behind requests, and those that wait too long get 503 or 504 with Retry-After.',
  },
  why: 'Traffic goes elsewhere while the database is away; a restart would only add a cold start to the trouble.',
  mend: 'Ask the database in the readiness check with a timeout of about a second, on a connection of its own, survive errors of idle connections, never ask it for liveness.',
  thresholds: [
    `readiness is 503 within ${AWAY_MS} ms, and 200 within ${BACK_MS} ms once the database is back`,
    `liveness and readiness are asked for ${HELD_MS / 1000} s while the database is away, and liveness for ${LIVES_MS / 1000} s while it refuses the password`,
    `liveness is answered within ${LIVE_MS} ms while the database answers ${2 * SLOW} ms later than before`,
    `the table is locked for ${LOCKED} s, while ${CLIENTS} clients write`,
  ],
  byHand: [
    'docker stop $DATABASE; curl -i -m 4 $URL$READY; curl -i $URL$LIVE; docker start $DATABASE; sleep 6; curl -i $URL$READY',
  ],
  inHouse: { thresholds: [`readiness is 200 within ${SOON_BACK_MS} ms where the database refused connections`] },
  applies: (subject) => all(subject.stores(), subject.serves(), subject.tellsHealth()),
  async check(harness) {
    const slow = probeSlowDatabase(harness);
    slow.catch(() => undefined); // Whoever waits for it gets the error.
    const refused = probeRefusedPassword(harness);
    refused.catch(() => undefined);
    const { proxy, service } = await leaseProxied(harness);
    const write = await harness.findWrite('requests that need the database while it is away');
    // Where not all are taken at once, as by a limit of requests, nothing is seen of them later.
    const takesAll = isFine(await askForItems(service, write));
    const falls = { 'cut and refused': () => proxy.down(), 'connected and silent': () => proxy.stall() };
    for (const [how, fall] of Object.entries(falls)) {
      await fall();
      const down = await service.reaches(service.paths.ready, 503, 4000).catch(() => undefined);
      const got = down === undefined ? 'not within 4 s' : `503 after ${Math.round(down)} ms`;
      const sent = `the database is ${how}`;
      harness.saw({
        sent: `${sent}: GET ${service.paths.ready}`,
        expected: `503 within ${AWAY_MS} ms`,
        got,
        ok: down !== undefined && down <= AWAY_MS,
      });
      const live = await service.status(service.paths.live);
      harness.saw({
        sent: `${sent}: GET ${service.paths.live}`,
        expected: '200',
        got: String(live),
        ok: service.isFine(live),
      });
      // What gives up after some seconds, or some requests, is restarted by the platform, and gives up again.
      if (how === 'cut and refused') {
        if (takesAll) await askForItems(service, write);
        await holdLiveness(harness, service);
      }
      const backMs = how === 'cut and refused' && harness.asks('house') ? SOON_BACK_MS : BACK_MS;
      await proxy.up();
      const up = await service.reaches(service.paths.ready, 200, backMs).catch(() => undefined);
      harness.saw({
        sent: `the database that was ${how} is back: GET ${service.paths.ready}`,
        expected: `200 within ${backMs / 1000} s, the same process`,
        got: up === undefined ? `not within ${backMs / 1000} s` : `200 after ${Math.round(up)} ms`,
        ok: up !== undefined && service.child.exited === undefined,
      });
    }
    if (takesAll) await seeItems(harness, service, write);
    proxy.cut();
    const back = await service.reaches(service.paths.ready, 200, BACK_MS).catch(() => undefined);
    harness.saw({
      sent: `the connections to the database are cut, and it takes new ones: GET ${service.paths.ready}`,
      expected: `200 within ${BACK_MS / 1000} s, the same process`,
      got: back === undefined ? `not within ${BACK_MS / 1000} s` : `200 after ${Math.round(back)} ms`,
      ok: back !== undefined && service.child.exited === undefined,
    });
    proxy.slow(SLOW);
    const live = await service.ask(service.paths.live, { timeoutMs: 2000 }).catch((error: Error) => error);
    const answered = live instanceof Error ? live.message : `${live.status} after ${Math.round(live.ms)} ms`;
    harness.saw({
      sent: `the database answers ${2 * SLOW} ms later than before: GET ${service.paths.live}`,
      expected: `200, within ${LIVE_MS} ms`,
      got: answered,
      ok: !(live instanceof Error) && service.isFine(live.status) && live.ms < LIVE_MS,
    });
    await Promise.all([slow, refused]);
    return harness.evidence;
  },
};

async function holdLiveness(harness: Harness, service: Service): Promise<void> {
  const { live, ready } = service.paths;
  const end = performance.now() + HELD_MS;
  let status: number | string = 'nothing';
  do {
    await sleep(250);
    // As a platform asks: who asks the database less often each time finds it back late.
    await service.status(ready);
    status = await service.status(live);
  } while (service.isFine(status) && performance.now() < end);
  harness.saw({
    sent: `the database stays away for ${HELD_MS / 1000} s: GET ${live} all the time`,
    expected: '200',
    got: service.child.exited ? `${status}, ${describeExit(service.child.exited)}` : String(status),
    ok: service.isFine(status),
  });
}

/** Writes and reads at once, more than a service has connections to its database. @returns the worst status */
async function askForItems(service: Service, write: WriteOperation | undefined): Promise<number | string> {
  if (!write) return 'nothing';
  const post = () => service.ask(write.path, { method: 'POST', body: write.body(), timeoutMs: 10_000 });
  const asked = Array.from({ length: ITEMS }, () => post().then(({ status }) => status));
  const statuses = await Promise.all(asked.map((one) => one.catch((error: Error) => error.message)));
  return statuses.find((status) => !isFine(status)) ?? statuses[0] ?? 'nothing';
}

/** Looks whether items can be written once the database is back: connections that died with it are replaced. */
async function seeItems(harness: Harness, service: Service, write: WriteOperation | undefined): Promise<void> {
  if (!write) return;
  let got: number | string = 'nothing';
  const works = async () => {
    got = await askForItems(service, write);
    return isFine(got) || undefined;
  };
  await until('writes to work', BACK_MS, works, 250).catch(() => undefined);
  harness.saw({
    sent: `the database is back: ${ITEMS} times POST ${write.path} at once`,
    expected: `a 2xx answer each, within ${BACK_MS / 1000} s`,
    got: String(got),
    ok: isFine(got),
  });
}
