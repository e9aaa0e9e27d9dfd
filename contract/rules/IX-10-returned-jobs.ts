import { DONE_MS, JOBS, probeReturnedJobs } from '../probes/data/returned-jobs.ts';
import { GRACE } from '../probes/stop/plain-stop.ts';
import type { Rule } from '../rule.ts';
import { all, type Subject } from '../subject.ts';

export const rule: Rule = {
  id: 'IX-10',
  level: 'SHOULD',
  factor: 'IX. Disposability',
  slow: 'it starts three workers',
  promises: {
    'twelve-factor':
      'A worker that is stopped at work finishes its job in time, or gives it back: another worker does what it leaves.',
  },
  why: 'Each release stops every worker at work. A job that nobody takes again is a mail that is never sent, and nobody notices.',
  mend: 'Lock a job for as long as the connection of its worker lives (`FOR UPDATE SKIP LOCKED`), or for a time after which others may take it. On the signal take no further job, and finish or give back the one at hand.',
  thresholds: [
    `there are ${JOBS} jobs, and the signal comes once the first of them is done`,
    `it has ended within ${GRACE}`,
    `another worker does the rest within ${DONE_MS / 1000} s`,
  ],
  byHand: [
    '$PROGRAM worker NAME & sleep 1; kill -TERM $!; wait $!; echo $?; psql $ONE -c "SELECT count(*) FROM jobs"',
    '$PROGRAM worker NAME & sleep 10; psql $ONE -c "SELECT count(*) FROM jobs"; kill -TERM $!',
  ],
  applies: (subject) => all(hasQueue(subject), subject.stores()),
  async check(harness) {
    await probeReturnedJobs(harness);
    return harness.evidence;
  },
};

function hasQueue({ queue, form }: Subject): true | string {
  if (queue === undefined) return 'no queue is known: jobs in verify.yaml says how a job is added';
  return form === 'worker' || queue.verb !== undefined || 'jobs in verify.yaml has no verb that runs a worker';
}
