import { randomBytes } from 'node:crypto';
import type { Harness } from '../harness/harness.ts';
import { type Endpoint, isFine } from '../harness/http/endpoint.ts';
import { sleep } from '../harness/wait.ts';
import type { Rule } from '../rule.ts';

const REQUESTS = 1500;
const AT_A_TIME = 30;

export const rule: Rule = {
  id: 'S-2',
  level: 'MUST',
  factor: 'Security',
  statement:
    'During a flood of broken requests, and of bytes that are no request, it still answers, and it is ready afterwards.',
  why: 'Scanners send such requests to everything that listens, all day long.',
  mend: 'Answer or close what cannot be parsed at once, let no error of a connection reach the process, and keep nothing of it.',
  applies: (subject) => subject.answers(),
  async check(harness) {
    const { target } = harness.subject;
    const service = target.kind === 'url' ? await harness.endpoint() : await harness.start();
    const write = await harness.findWrite();
    const requests = broken(new URL(service.url).host, write?.path ?? '/');
    let left = REQUESTS;
    const client = async () => {
      while (left > 0) {
        left -= 1;
        await send(harness, service, requests[left % requests.length] ?? '');
      }
    };
    const clients = Promise.all(Array.from({ length: AT_A_TIME }, client));
    const meanwhile = await askMeanwhile(service, clients);
    harness.saw({
      sent: `${REQUESTS} broken requests of ${requests.length} kinds; GET ${service.paths.live} meanwhile`,
      expected: '200 within 2000 ms, every time',
      ...meanwhile,
    });
    const took = await service.reaches(service.paths.ready, 200, 5000).catch(() => undefined);
    const got =
      took === undefined
        ? `not within 5 s: ${await service.status(service.paths.ready)}`
        : `200 after ${Math.round(took)} ms`;
    harness.saw({
      sent: `the same, then GET ${service.paths.ready}`,
      expected: '200 within 5 s',
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

/** Sends, waits a moment for an answer, and hangs up. */
async function send(harness: Harness, service: Endpoint, bytes: Buffer | string): Promise<void> {
  const connection = await harness.connect(service).catch(() => undefined);
  if (!connection) return void (await sleep(20));
  connection.write(bytes);
  await connection.answer(60).catch(() => undefined);
  connection.destroy();
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
    const status = await service.status(service.paths.live);
    slowest = Math.max(slowest, performance.now() - from);
    if (!isFine(status)) wrong ??= String(status);
    await sleep(50);
  }
  await over;
  return { got: wrong ?? `200, after ${Math.round(slowest)} ms at most`, ok: wrong === undefined };
}
