import { randomBytes } from 'node:crypto';
import type { Harness } from '../harness/harness.ts';
import type { Endpoint } from '../harness/http/endpoint.ts';
import { sleep } from '../harness/wait.ts';
import { leaseBusy } from '../probes/http/busy-instance.ts';
import type { Rule } from '../rule.ts';

/** How soon it is ready after the flood, in milliseconds. */
const READY_MS = 5000;

const REQUESTS = 1500;
const AT_A_TIME = 30;
/** How long is looked for an answer to each kind; then how long clients wait for one that comes, and for one that does not, in milliseconds. */
const FIRST_MS = 500;
const PATIENCE_MS = 2000;
const GLANCE_MS = 60;
/** A server that takes connections slowly is sent fewer, in milliseconds. */
const FLOOD_MS = 20_000;
/** How long one of them waits to be taken, in milliseconds. */
const CONNECT_MS = 2000;

export const rule: Rule = {
  id: 'S-2',
  level: 'MUST',
  factor: 'Security',
  slow: 'it sends 1,500 requests',
  promises: {
    'twelve-factor':
      'During a flood of broken requests, and of bytes that are no request, it still answers, and it is ready afterwards.',
  },
  why: 'Scanners send such requests to everything that listens, all day long.',
  mend: 'Answer or close what cannot be parsed at once, let no error of a connection reach the process, and keep nothing of it.',
  thresholds: [`${REQUESTS} broken requests, ${AT_A_TIME} at a time`, `ready within ${READY_MS / 1000} s of the last`],
  byHand: [
    'for i in $(seq 500); do head -c 2000 /dev/urandom | nc -w 1 127.0.0.1 8080 >/dev/null & done; curl -i -m 2 $URL$LIVE',
  ],
  applies: (subject) => subject.answers(),
  async check(harness) {
    const { target } = harness.subject;
    const service = target.kind === 'url' ? await harness.endpoint() : await leaseBusy(harness);
    const write = await harness.findWrite();
    const texts = broken(new URL(service.url).host, write?.path ?? '/');
    // Who hangs up before an answer leaves work behind: that would be a flood of requests, broken or not.
    const requests = await Promise.all(
      texts.map(async (bytes) => ({
        bytes,
        waitMs: (await send(harness, service, bytes, FIRST_MS)) ? PATIENCE_MS : GLANCE_MS,
      })),
    );
    const end = performance.now() + FLOOD_MS;
    let sent = 0;
    const client = async () => {
      while (sent < REQUESTS && performance.now() < end) {
        sent += 1;
        const { bytes, waitMs } = requests[sent % requests.length] ?? { bytes: '', waitMs: GLANCE_MS };
        await send(harness, service, bytes, waitMs);
      }
    };
    const clients = Promise.all(Array.from({ length: AT_A_TIME }, client));
    const meanwhile = await askMeanwhile(service, clients);
    harness.saw({
      sent: `${sent} broken requests of ${requests.length} kinds; GET ${service.paths.live} meanwhile`,
      expected: '200 within 2000 ms of its connection, every time',
      ...meanwhile,
    });
    const took = await service.reaches(service.paths.ready, 200, READY_MS).catch(() => undefined);
    const got =
      took === undefined
        ? `not within ${READY_MS / 1000} s: ${await service.status(service.paths.ready)}`
        : `200 after ${Math.round(took)} ms`;
    harness.saw({
      sent: `the same, then GET ${service.paths.ready}`,
      expected: `200 within ${READY_MS / 1000} s`,
      got,
      ok: took !== undefined,
    });
    return harness.evidence;
  },
};

/** The broken requests. Each is sent on a connection of its own. */
function broken(host: string, path: string): Buffer[] {
  const head = (more: string) =>
    `POST ${path} HTTP/1.1\r\nHost: ${host}\r\nContent-Type: application/json\r\n${more}\r\n\r\n`;
  const texts = [
    'GET / HTTP/9.9\r\n\r\n',
    'HELLO\r\n\r\n',
    `GET /${'a'.repeat(40_000)} HTTP/1.1\r\nHost: ${host}\r\n\r\n`,
    `GET / HTTP/1.1\r\nHost: ${host}\r\nX-Large: ${'x'.repeat(100_000)}\r\n\r\n`,
    `GET /%ff%fe%00 HTTP/1.1\r\nHost: ${host}\r\n\r\n`,
    `${head('Content-Length: 12')}{"a":"broken`,
    `${head('Content-Length: -1')}{}`,
    `${head('Content-Length: 2\r\nContent-Length: 3')}{}`,
    `${head('Transfer-Encoding: chunked')}zz\r\n{}\r\n0\r\n\r\n`,
    `${head('Content-Length: 1000')}{"half":`,
    'GET / HTTP/1.1\r\nHost',
  ];
  return [...texts.map((text) => Buffer.from(text, 'latin1')), randomBytes(2000)];
}

/** Sends, waits for an answer or the end of the connection, and hangs up. @returns whether one of them came */
async function send(harness: Harness, service: Endpoint, bytes: Buffer | string, waitMs: number): Promise<boolean> {
  const connection = await harness.connect(service, CONNECT_MS).catch(() => undefined);
  if (!connection) {
    await sleep(20);
    return false;
  }
  connection.write(bytes);
  const isAnswered = await connection.answer(waitMs).then(
    () => true,
    () => connection.closed,
  );
  connection.destroy();
  return isAnswered;
}

/** The worst answer to a client that asks for liveness every 50 ms. */
async function askMeanwhile(service: Endpoint, flood: Promise<unknown>): Promise<{ got: string; ok: boolean }> {
  let isOver = false;
  const over = flood.finally(() => {
    isOver = true;
  });
  let slowest = 0;
  let wrong: string | undefined;
  while (!isOver) {
    const from = performance.now();
    const status = await service.statusInTurn(service.paths.live);
    slowest = Math.max(slowest, performance.now() - from);
    if (!service.isFine(status)) wrong ??= String(status);
    await sleep(50);
  }
  await over;
  return { got: wrong ?? `200, after ${Math.round(slowest)} ms at most, connecting included`, ok: wrong === undefined };
}
