import { isFine } from '../harness/http/endpoint.ts';
import { askOffline, canBeOffline } from '../harness/process/offline.ts';
import { until } from '../harness/wait.ts';
import type { Rule } from '../rule.ts';
import { all } from '../subject.ts';

export const rule: Rule = {
  id: 'IX-6',
  level: 'MUST',
  factor: 'IX. Disposability',
  statement: 'It starts, and lives, without a network: no route, no resolver, no server that it can reach.',
  why: 'After a power cut everything starts at once, in any order. A service that fetches something at its start may wait for one that waits for it.',
  mend: 'Fetch nothing at start: ship what is needed in the artifact, and connect to backing services in the background.',
  applies: (subject) => all(subject.serves(), canBeOffline(subject.target)),
  async check(harness) {
    const service = await harness.start({ wrap: { kind: 'offline' }, waitMs: 0 });
    const { startMs } = harness.subject;
    // Whether it needs anything besides a database is not known here.
    const asks = [
      [service.paths.live, ['200']],
      [service.paths.ready, harness.subject.hasDatabase ? ['503'] : ['200', '503']],
    ] as const;
    for (const [path, statuses] of asks) {
      const expected: readonly string[] = statuses;
      const isExpected = (status: string) => expected.includes(isFine(Number(status)) ? '200' : status);
      let got = '';
      const ask = async () => {
        got = service.child.exited
          ? `it has ended: ${service.child.output.trim().slice(-300)}`
          : await askOffline(service.child.pid, service.url + path);
        return isExpected(got) || service.child.exited ? true : undefined;
      };
      await until('an answer', startMs, ask).catch(() => undefined);
      harness.saw({
        sent: `start where there is nothing but the loopback interface; GET ${path} from inside`,
        expected: `${expected.join(' or ')} within ${startMs / 1000} s`,
        got,
        ok: isExpected(got),
      });
    }
    return harness.evidence;
  },
};
