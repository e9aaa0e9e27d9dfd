import { basename } from 'node:path';
import type { Rule } from '../rule.ts';
import { ofAll } from '../runtimes/index.ts';
import { FAULT_SIGNAL, type Faults } from '../runtimes/runtime.ts';
import { all, type Subject } from '../subject.ts';

const FAULTY = ofAll(({ faults }) => (faults ? [faults] : []));
const UNMOVED = `the clock of a program that is not started by ${FAULTY.map(({ program }) => program).join(' or ')} cannot be moved here`;

export const rule: Rule = {
  id: 'IX-7',
  level: 'MUST',
  factor: 'IX. Disposability',
  statement: 'When the clock of the machine is set back, readiness still follows the truth.',
  why: 'Clocks are corrected, most often right after a start. A timeout that is measured with such a clock may take an hour, or never end.',
  mend: 'Measure ages, timeouts and durations with a monotonic clock; the time of day is for people.',
  applies: (subject) => all(subject.isProcess(), subject.stores(), faultsOf(subject) !== undefined || UNMOVED),
  async check(harness) {
    const { proxy, url } = await harness.proxied(await harness.database());
    const env = faultsOf(harness.subject)?.clockBack(harness.subject.target.env ?? {}) ?? {};
    const service = await harness.start({ env, database: { url } });
    const { ready } = service.paths;
    await service.signal(FAULT_SIGNAL);
    const sent = 'the clock goes back by an hour';
    const see = async (what: string, status: number) => {
      const ms = await service.reaches(ready, status, 6000).catch(() => undefined);
      const got =
        ms === undefined ? `not within 6 s: ${await service.status(ready)}` : `${status} after ${Math.round(ms)} ms`;
      harness.saw({
        sent: `${sent}${what}: GET ${ready}`,
        expected: `${status} within 6 s`,
        got,
        ok: ms !== undefined,
      });
    };
    await see('', 200);
    await proxy.down();
    await see(', then the database goes away', 503);
    return harness.evidence;
  },
};

/** How the clock of one process can be moved, if it can. */
function faultsOf({ target }: Subject): Faults | undefined {
  const program = target.kind === 'process' ? basename(target.command[0] ?? '') : '';
  return FAULTY.find((faults) => faults.program === program);
}
