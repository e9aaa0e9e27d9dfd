import type { Rule } from '../rule.ts';

export const rule: Rule = {
  id: 'IX-1',
  level: 'MUST',
  factor: 'IX. Disposability',
  statement: 'It takes at most 5 s from start to ready.',
  why: 'Scaling out, a rolling update and a restart after a crash all wait for it.',
  mend: 'Load what is rarely used only when it is used, and do not wait for one backing service after the other.',
  alone: true,
  applies: (subject) => subject.serves(),
  async check(harness) {
    const service = await harness.start({ waitMs: 0 });
    const took = await service.ready(15_000).catch((error: Error) => error.message);
    const got = typeof took === 'number' ? `200 after ${Math.round(took)} ms` : took;
    harness.saw({
      sent: `start, then GET ${service.paths.ready}`,
      expected: '200 within 5000 ms',
      got,
      ok: typeof took === 'number' && took <= 5000,
    });
    return harness.evidence;
  },
};
