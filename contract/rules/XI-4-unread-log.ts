import { randomUUID } from 'node:crypto';
import type { Child } from '../harness/process/child.ts';
import type { Line } from '../harness/process/line.ts';
import type { Service } from '../harness/service.ts';
import { sleep, Unseen } from '../harness/wait.ts';
import { leaseBusy } from '../probes/http/busy-instance.ts';
import { sendMany } from '../probes/http/many-requests.ts';
import { probeUnreadStop } from '../probes/stop/unread-stop.ts';
import type { Rule } from '../rule.ts';
import { all } from '../subject.ts';

/** Enough requests that their lines fill a pipe many times, and come to more than KEPT. */
const REQUESTS = 8000;
/** More of the log than this need not be kept, in characters. */
const KEPT = 3 * 1024 * 1024;
/** Lines with ids as long as they may be. */
const ROWS = [
  `X-Request-Id: ${'probe'.padEnd(128, 'x')}`,
  'traceparent: 00-5d1e5f1c0b7a4e0f9a3c2b1d0e9f8a7b-00f067aa0ba902b7-01',
];
/** Fewer lines than this come from the start alone and cannot fill a pipe. */
const FEW = 30;
/** When no line has come for so long, none is waiting, in milliseconds. */
const QUIET_MS = 300;
const ROUNDS = 15;
const MIB = 1024 * 1024;

export const rule: Rule = {
  id: 'XI-4',
  level: 'MUST',
  weight: 3,
  factor: 'XI. Logs',
  slow: 'it sends 9,600 requests',
  promises: {
    house:
      'While nobody reads the log the service goes on answering, keeps 3 MiB of it at most and stops in its time, at once when told twice. Its lines come once somebody reads again.',
  },
  why: 'When the log collector of a machine stalls, every service that waits for its log stalls with it, and nothing says why.',
  mend: 'Write to the pipe without waiting, keep a bounded number of lines meanwhile, and drop the rest with a count.',
  thresholds: [`${REQUESTS} requests while nobody reads`, `${KEPT / MIB} MiB of lines wait at most`],
  byHand: [
    '$SERVICE | sleep 600 & sleep 2; for i in $(seq 8000); do curl -s -o /dev/null $URL/no/such/route; done; curl -i -m 2 $URL$LIVE',
  ],
  applies: (subject) => all(subject.isProcess(), subject.serves()),
  async check(harness) {
    const stopping = probeUnreadStop(harness);
    stopping.catch(() => undefined); // Whoever waits for it gets the error.
    const service = await leaseBusy(harness);
    // Lines of what another check has asked are read before.
    await quiet(service.child);
    const from = service.child.lines.length;
    service.child.pause();
    const sent = `${REQUESTS} requests while standard output is not read`;
    const paths = [service.paths.live, '/version', '/no/such/route'];
    const answered = await sendMany(harness, service, REQUESTS, paths, () => ROWS).catch(
      (error: Error) => error.message,
    );
    const live = await service.status(service.paths.live);
    service.child.resume();
    const backlog = await quiet(service.child);
    const later = await findLater(service, paths, backlog);
    const { length: lines } = service.child.lines.slice(from);
    if (!later && lines < FEW && answered === REQUESTS)
      throw new Unseen(`it logs too little: ${lines} lines of ${REQUESTS} requests`);
    const came = service.child.lines.slice(from, backlog).reduce((sum, { text }) => sum + text.length, 0);
    harness.saw({
      sent: `${sent}, then read it again`,
      expected: `at most ${KEPT / MIB} MiB of lines that waited`,
      got: `${(came / MIB).toFixed(1)} MiB`,
      ok: came <= KEPT,
    });
    const got = typeof answered === 'number' ? `${answered} answers` : answered;
    harness.saw({ sent, expected: `${REQUESTS} answers`, got, ok: answered === REQUESTS });
    const asked = `the same, then GET ${service.paths.live}`;
    harness.saw({ sent: asked, expected: '200', got: String(live), ok: service.isFine(live) });
    const since = `${service.child.lines.length} lines, none of a request that was sent since`;
    harness.saw({
      sent: 'read standard output again, then send requests',
      expected: 'their lines',
      got: later?.text.slice(0, 120) ?? since,
      ok: later !== undefined,
    });
    for (const seen of await stopping) harness.saw(seen);
    return harness.evidence;
  },
};

/** Waits until the lines that were held back have been read. @returns how many lines there are, or `undefined` if they do not end */
async function quiet({ lines }: Child): Promise<number | undefined> {
  for (let waited = 0; waited < 20; waited += 1) {
    const before = lines.length;
    await sleep(QUIET_MS);
    if (lines.length === before) return before;
  }
  return undefined;
}

/**
 * The line of a request that is sent now. It has the request's id. If lines have no ids, at least one more line for each
 * round of requests has to come after the backlog, which is more than comes by itself.
 */
async function findLater(service: Service, paths: readonly string[], backlog?: number): Promise<Line | undefined> {
  const { lines } = service.child;
  for (let round = 1; round <= ROUNDS; round += 1) {
    const id = `probe-${randomUUID()}`;
    for (const path of paths) await service.ask(path, { headers: { 'x-request-id': id } }).catch(() => undefined);
    const line = await service.lineWith(id, QUIET_MS).catch(() => undefined);
    if (line) return line;
  }
  return backlog === undefined || lines.length - backlog < ROUNDS ? undefined : lines.at(-1);
}
