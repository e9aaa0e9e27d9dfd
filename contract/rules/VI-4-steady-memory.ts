import { marginOf } from '../evidence.ts';
import { hasProcfs, residentBytes } from '../harness/process/procfs.ts';
import { leaseBusy } from '../probes/http/busy-instance.ts';
import { anotherClient, sendApart, sendMany } from '../probes/http/many-requests.ts';
import { probeMemoryAtRest, REST_LIMIT } from '../probes/worker.ts';
import type { Rule } from '../rule.ts';
import { all } from '../subject.ts';

/** Requests for the warm-up, in which a runtime compiles. */
const WARM = 3000;
/** Requests between two looks at the memory. */
const STRETCH = 4000;
/** A heap grows to the size that it works with, which takes up to 20,000 requests. A leak does not level off. */
const STRETCHES = 8;
/** What a stretch may add: a heap moves by some MiB, a leak of 8 KiB a request by 31. */
const GROWTH = 20 * 1024 * 1024;
const MIB = 1024 * 1024;
/**
 * What grows by less may still be a leak. One that still grows by so much is sent more at a time: what a heap adds is the same then,
 * what a leak adds is not.
 */
const SMALL = { growth: 8 * MIB, stretch: 12_000, stretches: 3, limit: 30 * MIB };
/** The same for requests that cost more: each on a connection of its own, by a client of its own, a write if there is one. */
const APART = { warm: 500, stretch: 1000, stretches: 6, growth: 8 * MIB };

export const rule: Rule = {
  id: 'VI-4',
  level: 'MUST',
  factor: 'VI. Processes',
  slow: 'it sends 8,500 requests',
  // A service that still grows is sent up to 45,000, and the machine may be busy.
  boundMs: 300_000,
  promises: {
    'twelve-factor':
      'Memory is steady: after a warm-up, thousands of requests, writes, connections and clients leave the process as large as it was; so does time a worker.',
  },
  why: 'A leak is an outage with a delay: every instance reaches its limit, and often all of them on the same day.',
  mend: 'Bound every cache, drop listeners with what they listen to, keep nothing per request, and label metrics with templates.',
  thresholds: [
    `${WARM} requests to warm up, then at most ${STRETCHES} times ${STRETCH}`,
    `the last of these adds at most ${GROWTH / MIB} MiB`,
    `if that is over ${SMALL.growth / MIB} MiB, at most ${SMALL.stretches} times ${SMALL.stretch} more: the last adds at most ${SMALL.limit / MIB} MiB`,
    `the same with ${APART.warm} and ${APART.stretch} writes, each by another client on a connection of its own: ${APART.growth / MIB} MiB`,
    REST_LIMIT,
  ],
  byHand: ['ps -o rss= -p $PID; for i in $(seq 6000); do curl -s -o /dev/null $URL$ITEM; done; ps -o rss= -p $PID'],
  applies: (subject) =>
    all(subject.isProcess(), subject.runs(), hasProcfs() || 'the memory of a process cannot be seen here'),
  async check(harness) {
    if (harness.subject.form === 'worker') {
      await probeMemoryAtRest(harness, await harness.start());
      return harness.evidence;
    }
    const service = await leaseBusy(harness);
    const { live, ready } = service.paths;
    const write = await harness.findWrite();
    const paths = [live, '/version', '/no/such/route', ready, '/no/such/route/%7Bid%7D?page=1'];
    const kinds = [
      {
        what: 'requests over a few connections',
        warm: WARM,
        stretch: STRETCH,
        stretches: STRETCHES,
        growth: GROWTH,
        send: (count: number) => sendMany(harness, service, count, paths, () => [anotherClient()]),
      },
      {
        what: write
          ? `POST ${write.path}, each by another client on a connection of its own`
          : 'requests, each by another client on a connection of its own',
        ...APART,
        send: (count: number) => sendApart(harness, service, count, write),
      },
    ];
    for (const { what, warm, stretch, stretches, growth, send } of kinds) {
      const sizes: number[] = [];
      const look = async (count: number) => {
        await send(count);
        sizes.push(residentBytes(service.child.members()));
      };
      const grown = () => (sizes.at(-1) ?? 0) - (sizes.at(-2) ?? 0);
      await look(warm);
      for (let done = 0; done < stretches && (done === 0 || grown() > growth); done += 1) await look(stretch);
      const ok = harness.saw({
        sent: `${warm} ${what}, then at most ${stretches} times ${stretch}; the resident memory after each`,
        expected: `at most ${growth / MIB} MiB more than the time before, in the end`,
        got: sizes.map((bytes) => `${Math.round(bytes / MIB)} MiB`).join(', '),
        ok: grown() <= growth && service.child.exited === undefined,
        margin: marginOf(grown(), growth),
      });
      // A process that is full may end at the next request.
      if (!ok) break;
      if (growth !== GROWTH || grown() <= SMALL.growth) continue;
      const from = sizes.length;
      const rest = () => sizes.slice(from - 1).map((bytes) => `${Math.round(bytes / MIB)} MiB`);
      const isGrowing = () => sizes.length === from || grown() > SMALL.limit;
      for (let done = 0; done < SMALL.stretches && isGrowing(); done += 1) await look(SMALL.stretch);
      const isSteady = harness.saw({
        sent: `the same, since it still grew: at most ${SMALL.stretches} times ${SMALL.stretch} requests`,
        expected: `at most ${SMALL.limit / MIB} MiB more than the time before, in the end`,
        got: rest().join(', '),
        ok: !isGrowing() && service.child.exited === undefined,
        margin: marginOf(grown(), SMALL.limit),
      });
      if (!isSteady) break;
    }
    return harness.evidence;
  },
};
