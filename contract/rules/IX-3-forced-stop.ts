import { AT_ONCE_MS, GRACE_MS, probeForcedStop } from '../probes/stop/graceful-stop.ts';
import { BUDGET, LATE_DELAY, leaseApart } from '../probes/stop/instances-to-stop.ts';
import { GRACE, HURRY_MS, probeEndlessRequest } from '../probes/stop/plain-stop.ts';
import type { Rule } from '../rule.ts';

export const rule: Rule = {
  id: 'IX-3',
  level: 'MUST',
  factor: 'IX. Disposability',
  slow: 'it starts two instances, and waits for stops',
  promises: {
    'twelve-factor': 'It ends within 30 s of SIGTERM even if a request never ends, and a second SIGINT hurries it.',
    house:
      'A stop that exceeds `SHUTDOWN_TIMEOUT_MS`, of which the delay is a part, says so in the log and exits 1; a second signal ends it immediately, also the other one.',
  },
  why: 'A stop that never ends is ended by the platform with SIGKILL, without a word in the log.',
  mend: 'Start a timer with the shutdown that logs and exits 1; let the second signal end the process directly.',
  thresholds: [`it ends within ${GRACE}`, `it ends within ${HURRY_MS / 1000} s of a second SIGINT`],
  byHand: [
    "$SERVICE & sleep 2; (printf 'GET / HTTP/1.1\\r\\nHost: a\\r\\nX-Endless: '; sleep 40) | nc 127.0.0.1 8080 & kill -TERM %1; time wait %1; echo $?",
    "$SERVICE & sleep 2; (printf 'GET / HTTP/1.1\\r\\nHost: a\\r\\nX-Endless: '; sleep 40) | nc 127.0.0.1 8080 & kill -INT %1; sleep 1; kill -INT %1; time wait %1",
  ],
  inHouse: {
    thresholds: [
      `SHUTDOWN_TIMEOUT_MS is ${BUDGET}, of which SHUTDOWN_DELAY_MS takes ${LATE_DELAY}; the process has ended at most ${GRACE_MS} ms after it`,
      `after a second signal it has ended within ${AT_ONCE_MS} ms`,
    ],
    byHand: [
      "SHUTDOWN_TIMEOUT_MS=700 $SERVICE & sleep 2; (printf 'POST '$ROUTE' HTTP/1.1\\r\\nHost: a\\r\\nContent-Type: application/json\\r\\nContent-Length: 99\\r\\n\\r\\n{'; sleep 9) | nc 127.0.0.1 8080 & kill -TERM %1; wait %1; echo $?",
    ],
  },
  applies: (subject) => subject.serves(),
  async check(harness) {
    const started = leaseApart(harness);
    // What begins a stop need not be what hurries it. IX-4 sends the same signal twice.
    if (harness.asks('house')) await probeForcedStop(harness, started, 'SIGINT');
    else await probeEndlessRequest(harness, started);
    return harness.evidence;
  },
};
