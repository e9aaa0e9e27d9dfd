import { describeExit, type Exit, isCleanStop } from '../harness/process/process.ts';
import { sleep } from '../harness/wait.ts';
import { RollingLoad } from '../probes/stop/rolling-load.ts';
import type { Rule } from '../rule.ts';
import { all } from '../subject.ts';

/** Longer than a load balancer takes to notice, in milliseconds. */
const DELAY = 1000;

export const rule: Rule = {
  id: 'IX-5',
  level: 'MUST',
  factor: 'IX. Disposability',
  slow: 'it starts three instances under load',
  promises: { kubernetes: 'Instances are replaced one after the other under load, and no client sees an error.' },
  why: 'A team that loses requests with each deployment deploys rarely, and at night.',
  mend: 'Be ready only when everything works, and go on taking every kind of request for the whole of `SHUTDOWN_DELAY_MS`.',
  thresholds: [`the delay after the signal is ${DELAY} ms`],
  byHand: [
    'while curl -sf -o /dev/null $URL$READY; do curl -s -o /dev/null -w "%{http_code}\\n" $URL$ITEM; done & kill -TERM $PID',
  ],
  applies: (subject) => all(subject.serves(), subject.tellsHealth()),
  async check(harness) {
    const delay = harness.subject.shutdownDelay(DELAY);
    const shared = {
      ...(harness.subject.hasDatabase ? { database: await harness.database() } : {}),
      env: {
        ...delay,
        ...harness.subject.shutdownTimeout(6000),
        ...(harness.subject.hasCache ? { REDIS_URL: await harness.redisUrl() } : {}),
      },
    };
    let old = await harness.start(shared);
    const load = await RollingLoad.start(harness);
    const ends: (Exit | undefined)[] = [];
    try {
      load.add(old);
      for (let replaced = 0; replaced < 2; replaced += 1) {
        const next = await harness.start(shared);
        load.add(next);
        // What has no delay of its own gets it from a preStop hook, while the load balancer sends it nothing more.
        if (!delay) await load.leave(old, DELAY);
        await old.signal('SIGTERM');
        ends.push(await old.child.ended(10_000).catch(() => undefined));
        old = next;
      }
      await sleep(200);
    } finally {
      await load.stop();
    }
    const failed = [...load.failures].map(([what, count]) => `${count} x ${what}`);
    harness.saw({
      sent: `two instances replaced, ${delay ? 'with' : 'behind a preStop hook that makes'} a delay of ${DELAY} ms, while clients send to those that are ready`,
      expected: 'no request fails',
      got: failed.join(', ') || `${load.requests} requests, none failed`,
      ok: failed.length === 0 && load.requests > 0,
    });
    const isHouse = harness.asks('house');
    harness.saw({
      sent: 'the same: how they end',
      expected: isHouse ? 'exit 0, exit 0' : 'exit 0, exit 143 or SIGTERM each',
      got: ends.map(describeExit).join(', '),
      ok: ends.every((exit) => exit !== undefined && (isHouse ? exit.code === 0 : isCleanStop(exit, 'SIGTERM'))),
    });
    return harness.evidence;
  },
};
