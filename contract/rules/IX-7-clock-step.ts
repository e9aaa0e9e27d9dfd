import { preload } from '../harness/preload.ts';
import type { Rule } from '../rule.ts';
import { all, type Subject } from '../subject.ts';

/** Code that a Node process runs first: on SIGUSR2 its clock goes back by an hour, as when a machine's is corrected. */
const STEP = `const Real = Date; let step = 0; process.on('SIGUSR2', () => { step = -36e5 }); const now = () => Real.now() + step;
globalThis.Date = new Proxy(Real, {
  construct: (target, args, made) => Reflect.construct(target, args.length > 0 ? args : [now()], made),
  get: (target, key) => key === 'now' ? now : Reflect.get(target, key),
});`;

export const rule: Rule = {
  id: 'IX-7',
  level: 'MUST',
  factor: 'IX. Disposability',
  statement: 'When the clock of the machine is set back, readiness still follows the truth.',
  why: 'Clocks are corrected, most of all right after a start; what is measured with them then takes an hour, or never ends.',
  mend: 'Measure ages, timeouts and durations with a monotonic clock; the time of day is for people.',
  applies: (subject) => all(subject.isProcess(), subject.stores(), runsNode(subject)),
  async check(harness) {
    const { proxy, url } = await harness.proxied(await harness.database());
    const service = await harness.start({ env: preload(harness.subject, STEP), database: { url } });
    const { ready } = service.paths;
    await service.signal('SIGUSR2');
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

/** The clock of one process can be moved where the program is Node's. */
function runsNode({ target }: Subject): true | string {
  const isNode = target.kind === 'process' && /(^|\/)node$/.test(target.command[0] ?? '');
  return isNode || 'the clock of a program that is not started by node cannot be moved here';
}
