import { hasProcfs, residentBytes } from '../harness/procfs.ts';
import { sendMany } from '../probes/many-requests.ts';
import { all } from '../subject.ts';
import type { Rule } from '../types.ts';

const REQUESTS = 10_000;
/** Until then a runtime compiles, and its heap grows to the size that it works with. */
const WARM = 4000;
/** What memory may grow by afterwards: a heap moves by some MiB, a leak of 8 KiB a request by 47. */
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
    const resident = () => residentBytes(service.child.members());
    const start = resident();
    await sendMany(harness, service, WARM, paths);
    const warm = resident();
    await sendMany(harness, service, REQUESTS - WARM, paths);
    const end = resident();
    const got = [start, warm, end].map((bytes) => `${Math.round(bytes / MIB)} MiB`).join(', ');
    harness.saw({
      sent: `${REQUESTS} requests; the resident memory at first, after ${WARM}, and at the end`,
      expected: `at most ${GROWTH / MIB} MiB more at the end than after ${WARM}`,
      got,
      ok: end - warm <= GROWTH && service.child.exited === undefined,
    });
    return harness.evidence;
  },
};
