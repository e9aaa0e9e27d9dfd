import { probeForcedStop } from '../probes/graceful-stop.ts';
import type { Rule } from '../rule.ts';

export const rule: Rule = {
  id: 'IX-3',
  level: 'MUST',
  factor: 'IX. Disposability',
  statement:
    'A stop that exceeds `SHUTDOWN_TIMEOUT_MS` says so in the log and exits 1; a second signal ends it immediately.',
  why: 'A stop that never ends is ended by the platform with SIGKILL, without a word in the log.',
  mend: 'Start a timer with the shutdown that logs and exits 1; let the second signal end the process directly.',
  applies: (subject) => subject.serves(),
  async check(harness) {
    await probeForcedStop(harness);
    return harness.evidence;
  },
};
