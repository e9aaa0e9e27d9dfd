import { spawnSync } from 'node:child_process';
import { findProgram } from '../harness/process/programs.ts';
import { probeForcedStop, probeGracefulStop, STOP_MS } from '../probes/stop/graceful-stop.ts';
import { startForced, startGraceful } from '../probes/stop/instances-to-stop.ts';
import { GRACE, probePlainStop } from '../probes/stop/plain-stop.ts';
import { probeWorkerStop } from '../probes/worker.ts';
import type { Rule } from '../rule.ts';
import { all } from '../subject.ts';

export const rule: Rule = {
  id: 'IX-4',
  level: 'MUST',
  factor: 'IX. Disposability',
  slow: 'it starts three instances, and waits for stops',
  promises: { 'twelve-factor': 'Stopping works the same for process number 1.' },
  why: 'In a container the service is PID 1, for which the kernel ignores every signal that has no handler.',
  mend: 'Install handlers for SIGTERM and SIGINT; use the exec form of ENTRYPOINT so that no shell is PID 1, or start an init before it (`docker run --init`).',
  thresholds: [`the process has ended within ${GRACE}`],
  inHouse: { thresholds: [`the process has ended within ${STOP_MS} ms of the signal`] },
  byHand: ['docker run --name probe --detach $IMAGE; sleep 2; time docker kill --signal TERM probe; docker wait probe'],
  applies: (subject) => all(subject.runs(), subject.target.kind === 'image' || canBePid1()),
  async check(harness) {
    const wrap = harness.subject.target.kind === 'image' ? {} : { wrap: { kind: 'pid1' } as const };
    const isWorker = harness.subject.form === 'worker';
    if (isWorker || !harness.asks('house')) {
      const probe = isWorker ? probeWorkerStop : probePlainStop;
      await probe(harness, 'SIGTERM', wrap);
      return harness.evidence;
    }
    const isSeen = (await harness.findWrite('a stop that takes too long')) !== undefined;
    await Promise.all([
      probeGracefulStop(harness, 'SIGTERM', startGraceful(harness, wrap)),
      isSeen ? probeForcedStop(harness, startForced(harness, wrap), 'SIGTERM') : undefined,
    ]);
    return harness.evidence;
  },
};

function canBePid1(): true | string {
  const unshare = findProgram('unshare');
  if (unshare === undefined) return 'needs unshare, which is not installed here';
  const user = process.getuid?.() === 0 ? [] : ['--user', '--map-root-user'];
  const { status } = spawnSync(unshare, [...user, '--pid', '--fork', '--mount-proc', 'true'], { timeout: 5000 });
  return status === 0 || 'no PID namespace can be made here';
}
