import { spawnSync } from 'node:child_process';
import { findProgram } from '../harness/process/programs.ts';
import { probeForcedStop, probeGracefulStop } from '../probes/graceful-stop.ts';
import type { Rule } from '../rule.ts';
import { all } from '../subject.ts';

export const rule: Rule = {
  id: 'IX-4',
  level: 'MUST',
  factor: 'IX. Disposability',
  statement: 'Stopping works the same for process number 1.',
  why: 'In a container the service is PID 1, for which the kernel ignores every signal that has no handler.',
  mend: 'Install handlers for SIGTERM and SIGINT; use the exec form of ENTRYPOINT so that no shell is PID 1.',
  applies: (subject) => all(subject.serves(), subject.target.kind === 'image' || canBePid1()),
  async check(harness) {
    const wrap = harness.subject.target.kind === 'image' ? {} : { wrap: { kind: 'pid1' } as const };
    const isSeen = (await harness.findWrite('a stop that takes too long')) !== undefined;
    await Promise.all([
      probeGracefulStop(harness, 'SIGTERM', wrap),
      isSeen ? probeForcedStop(harness, wrap) : undefined,
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
