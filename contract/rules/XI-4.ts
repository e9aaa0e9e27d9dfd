import { Unseen } from '../harness/wait.ts';
import { sendMany } from '../probes/many-requests.ts';
import { all } from '../subject.ts';
import type { Rule } from '../types.ts';

/** Their lines are many times what a pipe holds. */
const REQUESTS = 3000;

export const rule: Rule = {
  id: 'XI-4',
  level: 'MUST',
  factor: 'XI. Logs',
  statement: 'Nobody reads the log for a while: the service answers on, and its lines come when somebody reads again.',
  why: 'When the collector of a node stalls, every service that waits for its log stalls with it, and nothing says why.',
  mend: 'Write to the pipe without waiting, keep a bounded number of lines meanwhile, and drop the rest with a count.',
  applies: (subject) => all(subject.isProcess(), subject.serves()),
  async check(harness) {
    const service = await harness.start({ paused: true });
    const sent = `${REQUESTS} requests while standard output is not read`;
    const answered = await sendMany(harness, service, REQUESTS, [
      service.paths.live,
      '/version',
      '/no/such/route',
    ]).catch((error: Error) => error.message);
    const live = await service.status(service.paths.live);
    service.child.resume();
    const line = await service.child.line('a line', 5000, () => true).catch(() => undefined);
    if (!line && answered === REQUESTS) throw new Unseen('it writes no log');
    const got = typeof answered === 'number' ? `${answered} answers` : answered;
    harness.saw({ sent, expected: `${REQUESTS} answers`, got, ok: answered === REQUESTS });
    const asked = `the same, then GET ${service.paths.live}`;
    harness.saw({ sent: asked, expected: '200', got: String(live), ok: live === 200 });
    const first = line?.text.slice(0, 120) ?? 'nothing within 5 s';
    harness.saw({ sent: 'read standard output again', expected: 'lines', got: first, ok: line !== undefined });
    return harness.evidence;
  },
};
