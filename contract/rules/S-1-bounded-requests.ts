import type { Harness } from '../harness/harness.ts';
import type { Endpoint } from '../harness/http/endpoint.ts';
import { CUT, type RawConnection } from '../harness/http/raw-connection.ts';
import { sleep } from '../harness/wait.ts';
import { sendOversizedBody } from '../probes/http/oversized-body.ts';
import {
  CLIENTS,
  GROWTH,
  PATIENCE,
  PIPELINED,
  probeStopWithUnread,
  probeUnreadAnswers,
} from '../probes/http/unread-answers.ts';
import type { Rule } from '../rule.ts';

/** For how long an answer may promise to keep a connection on which nothing comes, in seconds. Load balancers keep theirs for 60. */
const KEPT = 120;
const CLAIMED = 64 * 1024 * 1024;
/** How soon it answers again when all of it is over, in milliseconds. */
const AFTER_MS = 10_000;

export const rule: Rule = {
  id: 'S-1',
  level: 'MUST',
  mustFrom: 'house',
  // It waits for most of its time, beside the others.
  weight: 3,
  boundMs: 250_000,
  factor: 'Security',
  slow: 'it waits until slow clients are cut off',
  promises: {
    'twelve-factor':
      'Body size, header time, request time and the time to take an answer are bounded, so that no client holds a connection as long as it likes, or a stop. A body is bounded whether its length is announced or not.',
    house: 'A connection on which nothing comes is closed. Answers that nobody reads cost little memory.',
  },
  why: 'A few hundred connections that send a byte now and then are enough to make a service unreachable.',
  mend: 'Set a body limit, a headers timeout and a request timeout of some seconds, make the server look for expired connections every second, and end a connection on which a write has made no progress for as long.',
  thresholds: [
    `a slow request is closed within ${PATIENCE.house / 1000} s in the profile house, and ${PATIENCE.stranger / 1000} s otherwise`,
    `an answer promises to keep a connection for ${KEPT} s at most`,
    `a body of ${CLAIMED / 1024 / 1024} MiB is refused`,
  ],
  inHouse: {
    thresholds: [`${CLIENTS} connections with ${PIPELINED} requests each cost ${GROWTH / 1024 / 1024} MiB at most`],
  },
  byHand: [
    "(printf 'GET / HTTP/1.1\\r\\nHost: a\\r\\nX-Slow: '; while sleep 1; do printf x; done) | time nc 127.0.0.1 8080",
    'head -c 64M /dev/zero | curl -i -m 40 --data-binary @- $URL$ROUTE',
  ],
  applies: (subject) => subject.answers(),
  async check(harness) {
    const timeouts = harness.subject.variables.filter(({ name }) => /(HEADERS?|REQUEST)_TIMEOUT_MS$/.test(name));
    const env = harness.subject.comfort(Object.fromEntries(timeouts.map(({ name }) => [name, '2000'])));
    const service = harness.subject.target.kind === 'url' ? await harness.endpoint() : await harness.start({ env });
    const write = await harness.findWrite('bodies');
    const openApi = await harness.openApi().catch(() => undefined);
    // A limit may be that of one route. Nothing is changed on a service that somebody else runs.
    const changes = (harness.subject.target.kind === 'url' ? [] : (openApi?.operations ?? []))
      .filter(({ method, object }) => ['PUT', 'PATCH'].includes(method) && object.requestBody !== undefined)
      .slice(0, 2)
      .map((operation) => ({ method: operation.method, path: openApi?.fill(operation) ?? operation.path }));
    const { host } = new URL(service.url);
    const header = () => `GET / HTTP/1.1\r\nHost: ${host}\r\nX-Slow: `;
    const body = (path: string) => (connection: RawConnection) => `${connection.head('POST', path, 4000)}{"filler":"`;
    await Promise.all([
      drip(harness, service, 'a header line byte by byte', header),
      probeUnreadAnswers(harness, service),
      ...(harness.subject.target.kind === 'url' ? [] : [probeStopWithUnread(harness)]),
      ...(write
        ? [
            drip(harness, service, 'a body byte by byte', body(write.path)),
            flood(harness, service, write.path, false),
            // With the usual time for a request, which would end this one before its length does.
            flood(harness, await harness.endpoint(), write.path, true),
            ...changes.map(async ({ method, path }) => flood(harness, await harness.endpoint(), path, false, method)),
          ]
        : []),
      ...(harness.asks('house') ? [idle(harness, service, false), idle(harness, service, true)] : []),
    ]);
    const { live } = service.paths;
    const took = await service.reaches(live, 200, AFTER_MS).catch((error: Error) => error.message);
    harness.saw({
      sent: `GET ${live} after all of it`,
      expected: `200 within ${AFTER_MS / 1000} s`,
      got: typeof took === 'number' ? `200 after ${Math.round(took)} ms` : took,
      ok: typeof took === 'number',
    });
    return harness.evidence;
  },
};

/** How long a slow client may be kept, in milliseconds: so long the connections behind it may have to wait. */
const patienceOf = (harness: Harness): number => PATIENCE[harness.asks('house') ? 'house' : 'stranger'];

/** Sends a byte every half second until the service closes the connection. */
async function drip(
  harness: Harness,
  service: Endpoint,
  sent: string,
  start: (connection: RawConnection) => string,
): Promise<void> {
  const patience = patienceOf(harness);
  const connection = await harness.connectInTurn(service, sent, patience);
  if (!connection) return;
  const from = performance.now();
  connection.write(start(connection));
  while (!connection.closed && performance.now() - from < patience) {
    await sleep(500);
    connection.write('x');
  }
  const seconds = `${Math.round((performance.now() - from) / 1000)} s`;
  const got = connection.closed ? `closed after ${seconds}` : `still open after ${seconds}: no limit that we saw`;
  const expected = `the connection is closed within ${patience / 1000} s`;
  harness.saw({ sent, expected, got, ok: connection.closed, steady: true });
}

async function flood(
  harness: Harness,
  service: Endpoint,
  path: string,
  chunked: boolean,
  method = 'POST',
): Promise<void> {
  const by = method === 'POST' ? '' : ` that is sent with ${method}`;
  const sent = `a body of ${CLAIMED / 1024 / 1024} MiB${by}${chunked ? ' in chunks, its length not announced' : ''}`;
  const connection = await harness.connectInTurn(service, sent, patienceOf(harness));
  if (!connection) return;
  const answer = await sendOversizedBody(connection, path, CLAIMED, chunked, method);
  const got = typeof answer === 'string' ? answer : String(answer.status);
  // After a reset the client may not have been able to read the answer.
  const isRefused = ['413', 'ECONNRESET', 'EPIPE', CUT, ...(chunked ? ['411'] : [])].includes(got);
  // What is refused for another reason, before it is read, is bounded too.
  const isUnread = method !== 'POST' && /^4/.test(got) && connection.sentBytes < CLAIMED / 2;
  const ok = isRefused || isUnread;
  // Who has read so much of it has no limit, however busy the machine is.
  const isTaken = connection.sentBytes > CLAIMED / 2;
  harness.saw({ sent, expected: '413, or the connection is cut', got, ok, ...(isTaken ? { steady: true } : {}) });
}

/** A connection on which nothing comes: from the beginning, or after an answer. The answer may say how long it is kept. */
async function idle(harness: Harness, service: Endpoint, asks: boolean): Promise<void> {
  const sent = asks ? 'a connection on which nothing comes after an answer' : 'a connection on which nothing is sent';
  const connection = await harness.connectInTurn(service, sent, PATIENCE.house);
  if (!connection) return;
  let kept: number | undefined;
  if (asks) {
    connection.get(service.paths.live);
    // One that takes its clients in turn comes to this one when it has closed those before.
    const answer = await connection.answer(PATIENCE.house);
    const [, seconds] = /timeout=(\d+)/.exec(answer.headers['keep-alive'] ?? '') ?? [];
    kept = answer.isLast ? 0 : seconds === undefined ? undefined : Number(seconds);
  }
  const from = performance.now();
  while (kept === undefined && !connection.closed && performance.now() - from < PATIENCE.house) await sleep(200);
  const ms = Math.round(performance.now() - from);
  const open = connection.closed ? `closed after ${ms} ms` : `still open after ${ms} ms`;
  harness.saw({
    sent,
    expected: `it is closed within ${PATIENCE.house / 1000} s${asks ? `, or the answer says within how much, ${KEPT} s at most` : ''}`,
    got: kept === undefined ? open : `the answer says: after ${kept} s`,
    ok: kept === undefined ? connection.closed : kept <= KEPT,
    steady: true,
  });
}
