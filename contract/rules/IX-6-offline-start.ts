import { askOffline, canBeOffline } from '../harness/process/offline.ts';
import { lastLines } from '../harness/process/quote.ts';
import type { Service } from '../harness/service.ts';
import { Unseen, until } from '../harness/wait.ts';
import { leaseOffline } from '../probes/http/offline-instance.ts';
import type { Rule } from '../rule.ts';
import { all, START_MS } from '../subject.ts';

/** One that another check has started is asked for so long at least, in milliseconds. */
const LEAST_MS = 5000;

/** How long it has to live, in milliseconds: what looks for a network now and then gives up after some seconds. */
const LIFE_MS = 8000;

export const rule: Rule = {
  id: 'IX-6',
  level: 'MUST',
  mustFrom: 'house',
  factor: 'IX. Disposability',
  slow: 'it waits for what an instance does without a network',
  promises: {
    'twelve-factor': 'It starts, and lives, without a network: no route, no resolver, no server that it can reach.',
  },
  why: 'After a power cut everything starts at once, in any order. A service that fetches something at its start may wait for one that waits for it.',
  mend: 'Fetch nothing at start: ship what is needed in the artifact, and connect to backing services in the background.',
  thresholds: [
    `it answers within ${START_MS / 1000} s of its start (--start-timeout), and ${LIFE_MS / 1000} s after it`,
  ],
  byHand: ["unshare --user --map-root-user --net sh -c 'ip link set lo up; $SERVICE & sleep 3; curl -i $URL$LIVE'"],
  applies: (subject) => all(subject.runs(), canBeOffline(subject.target)),
  async check(harness) {
    const service = await leaseOffline(harness);
    const { startMs } = harness.subject;
    const age = performance.now() - service.child.startedAt;
    const left = Math.max(LEAST_MS, startMs - age);
    if (harness.subject.form === 'worker') {
      const why = await service.ready(startMs).then(
        () => undefined,
        (error: Error) => error.message,
      );
      if (why === undefined) await livesOn(service);
      const got = why ?? (service.child.exited ? `it has ended: ${lastLines(service.child.output, 4)}` : 'it runs');
      const sent = `start where there is nothing but the loopback interface, and ${LIFE_MS / 1000} s`;
      harness.saw({ sent, expected: 'it runs', got, ok: got === 'it runs' });
      return harness.evidence;
    }
    // Whether it needs anything besides a database is not known here.
    const asks = [
      [service.paths.live, ['200']],
      [service.paths.ready, harness.subject.hasDatabase ? ['503'] : ['200', '503']],
    ] as const;
    for (const [path, statuses] of [...asks, asks[0]]) {
      const isAgain = harness.evidence.length === asks.length;
      if (isAgain) await livesOn(service);
      const expected: readonly string[] = statuses;
      const isExpected = (status: string) => expected.includes(service.isFine(Number(status)) ? '200' : status);
      let got = '';
      const ask = async () => {
        // What is not asked in time, on a busy machine, says nothing: the answer before it counts.
        got = service.child.exited
          ? `it has ended: ${lastLines(service.child.output, 4)}`
          : ((await askOffline(service.child.pid, service.url + path)) ?? got);
        return isExpected(got) || service.child.exited ? true : undefined;
      };
      await until('an answer', left, ask).catch(() => undefined);
      if (got === '')
        throw new Unseen(`it could not be asked for ${path} from inside of its network in ${startMs / 1000} s`);
      harness.saw({
        sent: `start where there is nothing but the loopback interface; GET ${path} from inside${isAgain ? `, ${LIFE_MS / 1000} s after the start` : ''}`,
        expected: `${expected.join(' or ')} within ${startMs / 1000} s`,
        got,
        ok: isExpected(got),
      });
    }
    return harness.evidence;
  },
};

/** Waits until it is old enough, or has ended. */
async function livesOn({ child }: Service): Promise<void> {
  const left = LIFE_MS - (performance.now() - child.startedAt);
  await until('its end', Math.max(0, left), () => (child.exited ? true : undefined)).catch(() => undefined);
}
