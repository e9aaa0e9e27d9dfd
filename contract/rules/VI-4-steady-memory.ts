import { marginOf } from '../evidence.ts';
import { heldBytes, isAsked } from '../harness/process/held-memory.ts';
import { hasProcfs, residentBytes } from '../harness/process/procfs.ts';
import { Unseen } from '../harness/wait.ts';
import { leaseBusy } from '../probes/http/busy-instance.ts';
import { anotherClient, sendApart, sendMany } from '../probes/http/many-requests.ts';
import { probeMemoryAtRest, REST_LIMIT } from '../probes/worker.ts';
import type { Rule } from '../rule.ts';
import { all } from '../subject.ts';

const KIB = 1024;
const MIB = 1024 * KIB;

/** How many requests are sent between two looks at the memory, at most how often, and how many bytes such a stretch may add. */
interface Load {
  readonly warm: number;
  readonly stretch: number;
  readonly stretches: number;
  readonly growth: number;
}

/** Requests over a few connections, and requests by a client and on a connection of its own each: writes where there are some. */
interface Loads {
  readonly many: Load;
  readonly apart: Load;
}

/** What a process says of its objects does not count what is free in its heap, so a small leak shows early. */
const EXACT: Loads = {
  many: { warm: 500, stretch: 500, stretches: 24, growth: MIB },
  apart: { warm: 150, stretch: 300, stretches: 12, growth: 600 * KIB },
};
/** Other heaps that services of the house have follow what is in them. */
const HOUSE: Loads = {
  many: { warm: 1000, stretch: 1000, stretches: 16, growth: 2 * MIB },
  apart: { warm: 300, stretch: 600, stretches: 10, growth: 1200 * KIB },
};
/** Others grow to the size that they work with, which takes up to 20,000 requests, and move by some MiB. A leak does not level off. */
const ANY: Loads = {
  many: { warm: 3000, stretch: 4000, stretches: 8, growth: 20 * MIB },
  apart: { warm: 500, stretch: 1000, stretches: 6, growth: 8 * MIB },
};
/**
 * What such a heap grows by may still be a leak. One that still grows by so much is sent more at a time: what a heap adds is the
 * same then, what a leak adds is not.
 */
const SMALL = { growth: 8 * MIB, stretch: 12_000, stretches: 3, limit: 30 * MIB };

/** So many requests of each kind come before anything is measured. */
const FIRST = 10;

export const rule: Rule = {
  id: 'VI-4',
  level: 'MUST',
  factor: 'VI. Processes',
  slow: 'it sends thousands of requests',
  // A service that still grows is sent up to 77,500, and the machine may be busy.
  boundMs: 300_000,
  promises: {
    'twelve-factor':
      'Memory is steady: after a warm-up, thousands of requests, writes, connections and clients leave the process as large as it was; so does time a worker.',
  },
  why: 'A leak is an outage with a delay: every instance reaches its limit, and often all of them on the same day.',
  mend: 'Bound every cache, drop listeners with what they listen to, keep nothing per request, and label metrics with templates.',
  thresholds: [
    `where the process says what its objects hold: ${describe(EXACT)}`,
    `another: ${describe(ANY)}`,
    `if the requests add over ${SMALL.growth / MIB} MiB, at most ${SMALL.stretches} times ${SMALL.stretch} more: the last adds at most ${SMALL.limit / MIB} MiB`,
    REST_LIMIT,
  ],
  inHouse: { thresholds: [`a process that does not say what its objects hold: ${describe(HOUSE)}`] },
  byHand: [
    'ps -o rss= -p $PID; for i in $(seq 6000); do curl -s -o /dev/null $URL$ITEM; done; ps -o rss= -p $PID',
    'for n in 1 2 3; do for i in $(seq 1000); do curl -s -o /dev/null --json "$BODY" $URL$ROUTE; done; ps -o rss= -p $PID; done',
  ],
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
        kind: 'many',
        send: (count: number) => sendMany(harness, service, count, paths, () => [anotherClient()]),
      },
      {
        what: write
          ? `POST ${write.path}, each by another client on a connection of its own`
          : 'requests, each by another client on a connection of its own',
        kind: 'apart',
        send: (count: number) => sendApart(harness, service, count, write),
      },
    ] as const;
    // Some make their threads at the first request.
    for (const { send } of kinds) await send(FIRST);
    const isExact = (await heldBytes(service.child)) !== undefined;
    // The heap of a runtime that could be asked grows as it likes, whoever wrote the program.
    const isTight = harness.asks('house') && !isAsked(service.child);
    const loads = isExact ? EXACT : isTight ? HOUSE : ANY;
    const size = async (): Promise<number> => {
      if (!isExact) return residentBytes(service.child.members());
      const bytes = (await heldBytes(service.child)) ?? (await heldBytes(service.child));
      if (bytes === undefined && !service.child.exited)
        throw new Unseen('it does not say any more what its objects hold: it is too busy, or has threads by now');
      return bytes ?? 0;
    };
    for (const { what, kind, send } of kinds) {
      const load = loads[kind];
      const sizes: number[] = [];
      const look = async (count: number) => {
        await send(count);
        sizes.push(await size());
      };
      await look(load.warm);
      while (sizes.length <= load.stretches && !isSteady(sizes, load.growth)) await look(load.stretch);
      const ok = harness.saw({
        sent: `${load.warm} ${what}, then at most ${load.stretches} times ${load.stretch}; ${isExact ? 'what its objects hold' : 'the resident memory'} after each`,
        expected: `at most ${describeSize(load.growth)} more than the time before, in the end`,
        got: sizes.map(describeSize).join(', '),
        ok: isSteady(sizes, load.growth) && service.child.exited === undefined,
        margin: marginOf(lastStep(sizes), load.growth),
      });
      // A process that is full may end at the next request.
      if (!ok) break;
      if (load !== ANY.many || lastStep(sizes) <= SMALL.growth) continue;
      const from = sizes.length;
      const isGrowing = () => sizes.length === from || lastStep(sizes) > SMALL.limit;
      for (let done = 0; done < SMALL.stretches && isGrowing(); done += 1) await look(SMALL.stretch);
      const isFlat = harness.saw({
        sent: `the same, since it still grew: at most ${SMALL.stretches} times ${SMALL.stretch} requests`,
        expected: `at most ${describeSize(SMALL.limit)} more than the time before, in the end`,
        got: sizes
          .slice(from - 1)
          .map(describeSize)
          .join(', '),
        ok: !isGrowing() && service.child.exited === undefined,
        margin: marginOf(lastStep(sizes), SMALL.limit),
      });
      if (!isFlat) break;
    }
    return harness.evidence;
  },
};

const lastStep = (sizes: readonly number[]): number => (sizes.at(-1) ?? 0) - (sizes.at(-2) ?? 0);

/** Whether the last stretch added little, and the one before it too if all of them added more: a leak pauses when memory is freed. */
function isSteady(sizes: readonly number[], growth: number): boolean {
  const steps = sizes.slice(1).map((size, index) => size - (sizes[index] ?? 0));
  const mean = steps.reduce((sum, step) => sum + step, 0) / steps.length;
  const looked = mean <= growth ? 1 : 2;
  return steps.length >= looked && steps.slice(-looked).every((step) => step <= growth);
}

function describeSize(bytes: number): string {
  return `${Number((bytes / MIB).toFixed(1))} MiB`;
}

/** The thresholds of a way to look at the memory. */
function describe({ many, apart }: Loads): string {
  return [many, apart]
    .map(
      ({ warm, stretch, stretches, growth }) =>
        `${warm} to warm up, then at most ${stretches} times ${stretch}, of which the last adds at most ${describeSize(growth)}`,
    )
    .join('; on a connection each: ');
}
