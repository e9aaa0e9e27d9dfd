import { randomUUID } from 'node:crypto';
import type { Harness } from '../harness/harness.ts';
import { describe } from '../harness/http/ask.ts';
import type { Endpoint } from '../harness/http/endpoint.ts';
import { sleep } from '../harness/wait.ts';
import { probeImageHealth } from '../probes/artifact/image-health.ts';
import { leaseProxied } from '../probes/data/proxied-instance.ts';
import type { Rule } from '../rule.ts';
import { all } from '../subject.ts';

/** How soon liveness is answered while the database is silent, in milliseconds. */
const LIVE_MS = 500;
/** How soon readiness is, asked ten times at once. */
const READY_MS = 2000;

/** Longer than an outage may take to show, in milliseconds. */
const PAUSE_MS = 2500;

/** The paths of the contract. */
const OWN = ['/health/live', '/livez', '/health/ready', '/readyz', '/healthz'];

export const rule: Rule = {
  id: 'H-1',
  level: 'MUST',
  factor: 'HTTP',
  promises: {
    kubernetes: 'Liveness depends on nothing else; readiness reflects the required services, at most 1 s old.',
    house:
      "Liveness is at `/health/live` (`/livez`, `/healthz`), readiness at `/health/ready` (`/readyz`); the image's HEALTHCHECK asks for liveness on 127.0.0.1 and the given `PORT`, with what the image has anyway.",
  },
  why: 'A liveness check that asks the database restarts the whole fleet when the database is slow.',
  mend: 'Answer liveness from memory; let readiness share one bounded question to each required service among all probers of a second.',
  thresholds: [
    `liveness is answered within ${LIVE_MS} ms while the database is silent`,
    `readiness is answered within ${READY_MS} ms then, also when ten ask at once`,
    `it is 503 when it is asked for the first time after ${PAUSE_MS} ms of this`,
  ],
  byHand: [
    'curl -i $URL$LIVE',
    'docker pause $DATABASE; curl -i -m 2 $URL$LIVE; curl -i -m 4 $URL$READY; docker unpause $DATABASE',
  ],
  applies: (subject) => all(subject.tellsHealth(), subject.answers()),
  async check(harness) {
    const service = await harness.endpoint();
    const isHouse = harness.asks('house');
    const { live, ready } = service.paths;
    for (const path of isHouse ? OWN : new Set([live, ready])) {
      const answer = await service.ask(path);
      harness.saw({
        sent: `GET ${path}`,
        expected: 'a 2xx answer',
        got: describe(answer),
        ok: service.isFine(answer.status),
      });
    }
    await catchAll(harness, service);
    if (harness.subject.hasDatabase && !harness.leavesOut('a database that does not answer'))
      await silentDatabase(harness);
    if (isHouse && harness.subject.target.kind === 'image') await probeImageHealth(harness, harness.subject.target);
    return harness.evidence;
  },
};

/** A server that answers every path the same says nothing about its health. */
async function catchAll(harness: Harness, service: Endpoint): Promise<void> {
  const { live, ready } = service.paths;
  for (const path of new Set([live, ready])) {
    const nowhere = `${path.replace(/\/+$/, '')}/no-such-${randomUUID().slice(0, 8)}`;
    const [there, elsewhere] = [await service.ask(path), await service.ask(nowhere)];
    harness.saw({
      sent: `GET ${nowhere}, which is no health path`,
      expected: `another answer than GET ${path}`,
      got: describe(elsewhere),
      ok: !service.isFine(elsewhere.status) || elsewhere.text !== there.text,
    });
  }
}

async function silentDatabase(harness: Harness): Promise<void> {
  const { proxy, service } = await leaseProxied(harness);
  proxy.stall();
  const answer = await service.ask(service.paths.live, { timeoutMs: 2000 }).catch((error: Error) => error);
  const got = answer instanceof Error ? answer.message : `${answer.status} after ${Math.round(answer.ms)} ms`;
  const ok = !(answer instanceof Error) && service.isFine(answer.status) && answer.ms < LIVE_MS;
  const { live, ready } = service.paths;
  harness.saw({ sent: `a database that does not answer: GET ${live}`, expected: `200 within ${LIVE_MS} ms`, got, ok });
  // Whoever answers with what the question before has found says something old to the first who asks after a pause.
  await sleep(PAUSE_MS);
  const first = await service.ask(ready, { timeoutMs: 4000 }).catch((error: Error) => error);
  harness.saw({
    sent: `the same, and nobody asks for ${PAUSE_MS} ms: GET ${ready}`,
    expected: '503',
    got: first instanceof Error ? first.message : String(first.status),
    ok: !(first instanceof Error) && first.status === 503,
  });
  const probes = await Promise.all(Array.from({ length: 10 }, () => service.ask(ready)));
  const slowest = Math.round(Math.max(...probes.map(({ ms }) => ms)));
  const honest = probes.every(({ status }) => status === 503) && slowest < READY_MS;
  harness.saw({
    sent: `the same: ten GET ${ready} at once`,
    expected: `503 each, within ${READY_MS} ms`,
    got: `${[...new Set(probes.map(({ status }) => status))].join(', ')} after ${slowest} ms at most`,
    ok: honest,
  });
}
