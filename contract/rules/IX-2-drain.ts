import type { Harness } from '../harness/harness.ts';
import { probeEarlyStop } from '../probes/stop/early-stop.ts';
import { probeGracefulStop, STOP_MS, TURN_MS } from '../probes/stop/graceful-stop.ts';
import { DELAY, leaseGraceful, REST_MS, startGraceful } from '../probes/stop/instances-to-stop.ts';
import { GRACE, probePlainStop } from '../probes/stop/plain-stop.ts';
import { probeWorkerStop } from '../probes/worker.ts';
import type { Rule } from '../rule.ts';

export const rule: Rule = {
  id: 'IX-2',
  level: 'MUST',
  factor: 'IX. Disposability',
  promises: {
    'twelve-factor':
      'SIGTERM and SIGINT stop it, while it starts too: what is in flight is answered, and within 30 s it ends, with exit 0, the code for the signal, or by the signal.',
    kubernetes:
      'Where a variable delays the stop, new requests are answered until the delay is over; without one a preStop hook has to wait.',
    house:
      'SIGTERM and SIGINT mean the same: not ready from then on, no new connection once `SHUTDOWN_DELAY_MS` is over, an answer for everything in flight (kept-alive connections and half-sent bodies too), exit 0.',
  },
  why: 'Every deployment stops instances that are answering requests. If these are cut off, each release causes errors.',
  mend: 'Install the handlers before anything else. On the signal: not ready, `Connection: close` on every answer, wait for the delay, close the listener and idle connections, wait for what is in flight.',
  thresholds: [
    `the process has ended within ${GRACE}, also if the signal comes half-way through its start, in processor time, or when most of its time is over`,
  ],
  byHand: ['$SERVICE & sleep 2; (curl -i $URL$SLOW &) ; sleep 0.3; kill -TERM $!; wait $!; echo $?'],
  inHouse: {
    thresholds: [
      `not ready within ${TURN_MS} ms of the signal`,
      `requests are answered for SHUTDOWN_DELAY_MS, which is ${DELAY}`,
      `a body of which half was sent is answered when the rest comes ${REST_MS} ms after that`,
      `the process has ended within ${STOP_MS} ms of the signal`,
    ],
    byHand: [
      'SHUTDOWN_DELAY_MS=2000 $SERVICE & sleep 2; kill -TERM $!; curl -i $URL$READY; curl -i $URL$LIVE; wait $!; echo $?',
    ],
  },
  applies: (subject) => subject.runs(),
  async check(harness) {
    const signals = harness.leavesOut('SIGINT') ? (['SIGTERM'] as const) : (['SIGTERM', 'SIGINT'] as const);
    const isWorker = harness.subject.form === 'worker';
    const early = isWorker ? undefined : probeEarlyStop(harness);
    early?.catch(() => undefined); // Whoever waits for it gets the error.
    if (isWorker || !harness.asks('house')) {
      const probe = isWorker ? probeWorkerStop : probePlainStop;
      await Promise.all([early, ...signals.map((signal) => probe(harness, signal))]);
      return harness.evidence;
    }
    const startAll = (owner: Harness) => Promise.all(signals.map(() => startGraceful(owner)));
    const started = leaseGraceful(harness, startAll);
    const startedAt = async (at: number) => (await started)[at];
    await Promise.all([early, ...signals.map((signal, at) => probeGracefulStop(harness, signal, startedAt(at)))]);
    return harness.evidence;
  },
};
