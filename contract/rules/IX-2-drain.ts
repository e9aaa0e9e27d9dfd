import { probeGracefulStop } from '../probes/graceful-stop.ts';
import type { Rule } from '../rule.ts';

export const rule: Rule = {
  id: 'IX-2',
  level: 'MUST',
  factor: 'IX. Disposability',
  statement:
    'SIGTERM and SIGINT mean the same: not ready from then on, no new connection once `SHUTDOWN_DELAY_MS` is over, an answer for everything in flight (kept-alive connections and half-sent bodies too), exit 0.',
  why: 'Every deployment stops instances that are answering requests. If these are cut off, each release causes errors.',
  mend: 'On the signal: not ready, `Connection: close` on every answer, wait for the delay, close the listener and idle connections, wait for what is in flight.',
  applies: (subject) => subject.serves(),
  async check(harness) {
    await Promise.all([probeGracefulStop(harness, 'SIGTERM'), probeGracefulStop(harness, 'SIGINT')]);
    return harness.evidence;
  },
};
