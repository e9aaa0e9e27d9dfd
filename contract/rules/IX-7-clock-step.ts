import { FAULTY, faultsOf, leaseProxied } from '../probes/data/proxied-instance.ts';
import type { Rule } from '../rule.ts';
import { FAULT_SIGNAL } from '../runtimes/runtime.ts';
import { all } from '../subject.ts';

/** How soon readiness follows, in milliseconds. */
const SOON = 6000;

const UNMOVED = `the clock of a program that is not started by ${FAULTY.map(({ program }) => program).join(' or ')} cannot be moved here`;

export const rule: Rule = {
  id: 'IX-7',
  level: 'MUST',
  factor: 'IX. Disposability',
  slow: 'it waits for a database that is away',
  promises: { kubernetes: 'When the clock of the machine is set back, readiness still follows the truth.' },
  why: 'Clocks are corrected, most often right after a start. A timeout that is measured with such a clock may take an hour, or never end.',
  mend: 'Measure ages, timeouts and durations with a monotonic clock; the time of day is for people.',
  thresholds: [`readiness follows within ${SOON / 1000} s`],
  byHand: ["date --set '1 hour ago'; docker stop $DATABASE; sleep 6; curl -i $URL$READY"],
  applies: (subject) =>
    all(
      subject.isProcess(),
      subject.stores(),
      subject.serves(),
      subject.tellsHealth(),
      faultsOf(subject) !== undefined || UNMOVED,
    ),
  async check(harness) {
    const { proxy, service } = await leaseProxied(harness);
    const { ready } = service.paths;
    await service.signal(FAULT_SIGNAL);
    const sent = 'the clock goes back by an hour';
    const see = async (what: string, status: number) => {
      const ms = await service.reaches(ready, status, SOON).catch(() => undefined);
      const got =
        ms === undefined
          ? `not within ${SOON / 1000} s: ${await service.status(ready)}`
          : `${status} after ${Math.round(ms)} ms`;
      harness.saw({
        sent: `${sent}${what}: GET ${ready}`,
        expected: `${status} within ${SOON / 1000} s`,
        got,
        ok: ms !== undefined,
      });
    };
    await see('', 200);
    await proxy.down();
    await see(', then the database goes away', 503);
    // Who waits before it asks again may wait by this clock.
    await service.signal(FAULT_SIGNAL);
    await proxy.up();
    await see(', goes back once more while the database is away, and that is there again', 200);
    return harness.evidence;
  },
};
