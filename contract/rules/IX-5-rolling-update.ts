import { describeExit } from '../harness/process/process.ts';
import { sleep } from '../harness/wait.ts';
import { RollingLoad } from '../probes/rolling-load.ts';
import type { Rule } from '../rule.ts';

/** Longer than a load balancer takes to notice, in milliseconds. */
const DELAY = 500;

export const rule: Rule = {
  id: 'IX-5',
  level: 'MUST',
  factor: 'IX. Disposability',
  statement: 'Instances are replaced one after the other under load, and no client sees an error.',
  why: 'A team that loses requests with each deployment deploys rarely, and at night.',
  mend: 'Be ready only when everything works, and go on taking every kind of request for the whole of `SHUTDOWN_DELAY_MS`.',
  applies: (subject) => subject.serves(),
  async check(harness) {
    const shared = {
      ...(harness.subject.hasDatabase ? { database: await harness.database() } : {}),
      env: {
        SHUTDOWN_DELAY_MS: String(DELAY),
        SHUTDOWN_TIMEOUT_MS: '6000',
        ...(harness.subject.hasCache ? { REDIS_URL: await harness.redisUrl() } : {}),
      },
    };
    let old = await harness.start(shared);
    const load = await RollingLoad.start(harness);
    const ends: string[] = [];
    try {
      load.add(old);
      for (let replaced = 0; replaced < 2; replaced += 1) {
        const next = await harness.start(shared);
        load.add(next);
        await old.signal('SIGTERM');
        ends.push(describeExit(await old.child.ended(10_000).catch(() => undefined)));
        old = next;
      }
      await sleep(200);
    } finally {
      await load.stop();
    }
    const failed = [...load.failures].map(([what, count]) => `${count} x ${what}`);
    harness.saw({
      sent: `two instances replaced, SHUTDOWN_DELAY_MS=${DELAY}, while clients send to those that are ready`,
      expected: 'no request fails',
      got: failed.join(', ') || `${load.requests} requests, none failed`,
      ok: failed.length === 0 && load.requests > 0,
    });
    const got = ends.join(', ');
    harness.saw({ sent: 'the same: how they end', expected: 'exit 0, exit 0', got, ok: got === 'exit 0, exit 0' });
    return harness.evidence;
  },
};
