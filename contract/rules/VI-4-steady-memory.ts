import { hasProcfs, residentBytes } from '../harness/process/procfs.ts';
import { sendMany } from '../probes/many-requests.ts';
import type { Rule } from '../rule.ts';
import { all } from '../subject.ts';

/** Requests for the warm-up, in which a runtime compiles. */
const WARM = 4000;
/** Requests between two looks at the memory. */
const STRETCH = 6000;
/** A heap grows to the size that it works with, which takes up to 20,000 requests. A leak does not level off. */
const STRETCHES = 5;
/** What a stretch may add: a heap moves by some MiB, a leak of 8 KiB a request by 47. */
const GROWTH = 32 * 1024 * 1024;
const MIB = 1024 * 1024;

export const rule: Rule = {
  id: 'VI-4',
  level: 'MUST',
  factor: 'VI. Processes',
  statement: 'Memory is steady: after a warm-up, thousands of requests leave the process as large as it was.',
  why: 'A leak is an outage with a delay: every instance reaches its limit, and often all of them on the same day.',
  mend: 'Bound every cache, drop listeners with what they listen to, keep nothing per request, and label metrics with templates.',
  applies: (subject) =>
    all(subject.isProcess(), subject.serves(), hasProcfs() || 'the memory of a process cannot be seen here'),
  async check(harness) {
    const service = await harness.start({ env: { LOG_LEVEL: 'error' } });
    const { live, ready } = service.paths;
    const paths = [live, '/version', '/no/such/route', ready, '/no/such/route/%7Bid%7D?page=1'];
    const sizes: number[] = [];
    const send = async (count: number) => {
      await sendMany(harness, service, count, paths);
      sizes.push(residentBytes(service.child.members()));
    };
    const grown = () => (sizes.at(-1) ?? 0) - (sizes.at(-2) ?? 0);
    await send(WARM);
    for (let stretch = 0; stretch < STRETCHES && (stretch === 0 || grown() > GROWTH); stretch += 1) await send(STRETCH);
    harness.saw({
      sent: `${WARM} requests, then at most ${STRETCHES} times ${STRETCH}; the resident memory after each`,
      expected: `at most ${GROWTH / MIB} MiB more than the time before, in the end`,
      got: sizes.map((bytes) => `${Math.round(bytes / MIB)} MiB`).join(', '),
      ok: grown() <= GROWTH && service.child.exited === undefined,
    });
    return harness.evidence;
  },
};
