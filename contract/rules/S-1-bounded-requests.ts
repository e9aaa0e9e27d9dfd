import type { Harness } from '../harness/harness.ts';
import { type Endpoint, isFine } from '../harness/http/endpoint.ts';
import { CUT, type RawConnection } from '../harness/http/raw-connection.ts';
import { sleep } from '../harness/wait.ts';
import { sendOversizedBody } from '../probes/oversized-body.ts';
import { probeStopWithUnread, probeUnreadAnswers } from '../probes/unread-answers.ts';
import type { Rule } from '../rule.ts';

/** Within this time a client that sends too slowly has to be cut off, in milliseconds. */
const PATIENCE = 35_000;
const CLAIMED = 64 * 1024 * 1024;

export const rule: Rule = {
  id: 'S-1',
  level: 'MUST',
  weight: 1,
  factor: 'Security',
  statement:
    'Body size, header time, request time and the time to take an answer are bounded, so that no client holds a connection as long as it likes, or a stop.',
  why: 'A few hundred connections that send a byte now and then are enough to make a service unreachable.',
  mend: 'Set a body limit, a headers timeout and a request timeout of some seconds, make the server look for expired connections every second, and end a connection on which a write has made no progress for as long.',
  applies: (subject) => subject.answers(),
  async check(harness) {
    const timeouts = harness.subject.variables.filter(({ name }) => /(HEADERS?|REQUEST)_TIMEOUT_MS$/.test(name));
    const env = Object.fromEntries(timeouts.map(({ name }) => [name, '2000']));
    const service = harness.subject.target.kind === 'url' ? await harness.endpoint() : await harness.start({ env });
    const write = await harness.findWrite('bodies');
    const { host } = new URL(service.url);
    const header = () => `GET / HTTP/1.1\r\nHost: ${host}\r\nX-Slow: `;
    const body = (path: string) => (connection: RawConnection) => `${connection.head('POST', path, 4000)}{"filler":"`;
    await Promise.all([
      drip(harness, service, 'a header line byte by byte', header),
      probeUnreadAnswers(harness, service),
      ...(harness.subject.target.kind === 'url' ? [] : [probeStopWithUnread(harness)]),
      ...(write
        ? [drip(harness, service, 'a body byte by byte', body(write.path)), flood(harness, service, write.path)]
        : []),
    ]);
    const { live } = service.paths;
    const status = await service.status(live);
    harness.saw({ sent: `GET ${live} after all of it`, expected: '200', got: String(status), ok: isFine(status) });
    return harness.evidence;
  },
};

/** Sends a byte every half second until the service closes the connection. */
async function drip(
  harness: Harness,
  service: Endpoint,
  sent: string,
  start: (connection: RawConnection) => string,
): Promise<void> {
  const connection = await harness.connect(service);
  const from = performance.now();
  connection.write(start(connection));
  while (!connection.closed && performance.now() - from < PATIENCE) {
    await sleep(500);
    connection.write('x');
  }
  const ms = Math.round(performance.now() - from);
  const got = connection.closed ? `closed after ${ms} ms` : `still open after ${ms} ms`;
  const expected = `the connection is closed within ${PATIENCE} ms`;
  harness.saw({ sent, expected, got, ok: connection.closed, steady: true });
}

async function flood(harness: Harness, service: Endpoint, path: string): Promise<void> {
  const answer = await sendOversizedBody(harness, service, path, CLAIMED);
  const got = typeof answer === 'string' ? answer : String(answer.status);
  // After a reset the client may not have been able to read the answer.
  const ok = ['413', 'ECONNRESET', 'EPIPE', CUT].includes(got);
  harness.saw({ sent: 'a body of 64 MiB', expected: '413, or the connection is cut', got, ok });
}
