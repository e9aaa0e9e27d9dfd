import { marginOf } from '../evidence.ts';
import { ALIVE_MS } from '../harness/worker-process.ts';
import type { Rule } from '../rule.ts';
import { BOOT_MS } from '../subject.ts';

/** How long a start may take, in milliseconds. A stranger has as long as any platform gives it. */
const MOST_MS = 5000;

export const rule: Rule = {
  id: 'IX-1',
  level: 'MUST',
  factor: 'IX. Disposability',
  promises: {
    'twelve-factor': 'It is ready within 60 s of its start; a worker runs by then.',
    house: 'It takes at most 5 s from start to ready.',
  },
  why: 'Scaling out, a rolling update and a restart after a crash all wait for it.',
  mend: 'Load what is rarely used only when it is used, and do not wait for one backing service after the other.',
  thresholds: [`ready within ${BOOT_MS / 1000} s, which is what Heroku gives a process`],
  inHouse: { thresholds: [`ready within ${MOST_MS} ms`] },
  byHand: ['$SERVICE & time until curl -sf $URL$READY; do sleep 0.05; done'],
  alone: true,
  applies: (subject) => subject.runs(),
  async check(harness) {
    const isHouse = harness.asks('house');
    const isWorker = harness.subject.form === 'worker';
    const { startMs } = harness.subject.target;
    const most = Math.min(isHouse ? MOST_MS : BOOT_MS, startMs ?? BOOT_MS);
    const service = await harness.start({ waitMs: 0 });
    const took = await service.ready(startMs ?? (isHouse ? 15_000 : BOOT_MS)).catch((error: Error) => error.message);
    const done = isWorker ? 'it runs' : '200';
    const got = typeof took === 'number' ? `${done} after ${Math.round(took)} ms` : took;
    harness.saw({
      sent: isWorker
        ? `start, then a line of its log or ${ALIVE_MS / 1000} s`
        : `start, then GET ${service.paths.ready}`,
      expected: `${done} within ${most} ms`,
      got,
      ok: typeof took === 'number' && took <= most,
      ...(typeof took === 'number' ? { margin: marginOf(took, most) } : {}),
    });
    return harness.evidence;
  },
};
