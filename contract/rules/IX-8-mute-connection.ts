import { PATIENCE, probeMuteConnection } from '../probes/stop/mute-connection.ts';
import type { Rule } from '../rule.ts';

export const rule: Rule = {
  id: 'IX-8',
  level: 'SHOULD',
  factor: 'IX. Disposability',
  slow: 'it waits for a stop',
  promises: { 'twelve-factor': 'A connection that was opened, and on which nothing was sent, does not hold a stop.' },
  why: 'Browsers and load balancers open connections before they need them. A service that waits for them is killed at each deployment, with the requests that it was answering.',
  mend: 'On the signal, close the connections on which no request has begun. Many servers close idle ones only after a first request: track open sockets.',
  thresholds: [`such a connection may make a stop ${PATIENCE / 1000} s longer`],
  byHand: ['(sleep 20 | nc 127.0.0.1 8080) & sleep 1; kill -TERM $PID; time tail --pid=$PID -f /dev/null'],
  applies: (subject) => subject.serves(),
  async check(harness) {
    await probeMuteConnection(harness);
    return harness.evidence;
  },
};
