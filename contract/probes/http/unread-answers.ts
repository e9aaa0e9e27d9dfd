import type { Harness } from '../../harness/harness.ts';
import type { Endpoint } from '../../harness/http/endpoint.ts';
import type { RawConnection } from '../../harness/http/raw-connection.ts';
import { describeExit } from '../../harness/process/process.ts';
import { establishedFrom, hasProcfs, residentBytes } from '../../harness/process/procfs.ts';
import { Service } from '../../harness/service.ts';
import { sleep } from '../../harness/wait.ts';
import { GRACE_MS as PLATFORM_MS } from '../stop/plain-stop.ts';

/** More answers than the buffers between two programs hold. */
export const PIPELINED = 1200;
export const CLIENTS = 8;
/** What all of them may cost: a runtime that has work to do takes some memory. */
export const GROWTH = 128 * 1024 * 1024;
const MIB = 1024 * 1024;
/**
 * Within this time a client that is too slow has to be cut off, in milliseconds. Many servers have 60 s, and some look
 * for expired connections every 30 s only.
 */
export const PATIENCE = { house: 35_000, stranger: 95_000 };
/**
 * When a client looks whether it was cut off, in milliseconds. Each look sends requests, and a service may count its time
 * from the last of them: so the times between looks grow, up to more than 60 s.
 */
const LOOKS = { house: [3000, 8000, 18_000, 34_000], stranger: [3000, 13_000, 94_000] };
/** How long the connections to a service that is about to stop may wait to be taken. */
const OPENED_MS = 10_000;
const BUDGET_MS = 3000;
/** What a busy machine may add to the time of a stop. */
const GRACE_MS = 1500;

/** Clients that send requests and never read an answer: each has to be cut off. */
export async function probeUnreadAnswers(harness: Harness, service: Endpoint): Promise<void> {
  const memory = service instanceof Service && harness.subject.isProcess() === true && hasProcfs();
  const size = () => (memory ? residentBytes(service.child.members()) : 0);
  const before = size();
  const kind = harness.asks('house') ? 'house' : 'stranger';
  let open = await sendUnread(harness, service, PATIENCE[kind]);
  const { length: clients } = open;
  let largest = 0;
  const from = performance.now();
  for (const look of LOOKS[kind]) {
    while (performance.now() - from < look) {
      await sleep(200);
      largest = Math.max(largest, size());
      if (service instanceof Service && memory) open = heldOf(service, open);
      if (open.length === 0) break;
    }
    if (open.length === 0) break;
    // The first is answered with a reset if the other end is gone, which the second one finds.
    for (let twice = 0; twice < 2; twice += 1) {
      for (const connection of open) connection.get(service.paths.live);
      await sleep(100);
    }
    open = open.filter(({ closed }) => !closed);
    if (open.length === 0) break;
  }
  const seconds = Math.round((performance.now() - from) / 1000);
  harness.saw({
    sent: `${PIPELINED} requests on each of ${clients} connections, of whose answers none is read`,
    expected: `the connections are closed within ${PATIENCE[kind] / 1000} s`,
    got:
      open.length === 0
        ? `closed after ${seconds} s at most`
        : `${open.length} still open after ${seconds} s: no limit that we saw`,
    ok: open.length === 0,
    steady: true,
  });
  // Who promised no such thing is not asked for it: many servers read on while nobody takes their answers.
  if (!memory || kind !== 'house') return;
  harness.saw({
    sent: 'the same: the resident memory meanwhile',
    expected: `at most ${GROWTH / MIB} MiB more`,
    got: `${Math.round(before / MIB)} MiB, then ${Math.round(largest / MIB)} MiB at most`,
    ok: largest - before <= GROWTH,
  });
}

/** The connections of which a service still holds its end: one that it has closed may take what is sent for a while. */
function heldOf(service: Service, connections: readonly RawConnection[]): RawConnection[] {
  const held = establishedFrom(service.child.pid, service.port);
  return connections.filter(({ localPort }) => held.includes(localPort));
}

/** The same clients while the service stops. Whether it waits for them or not, it ends in its time. */
export async function probeStopWithUnread(harness: Harness): Promise<void> {
  const budget = harness.subject.shutdownTimeout(BUDGET_MS);
  // What has no bound of its own has as long as a platform gives it.
  const bound = budget ? BUDGET_MS + GRACE_MS : PLATFORM_MS;
  const service = await harness.start({ env: budget ?? {} });
  await sendUnread(harness, service, OPENED_MS);
  await sleep(300);
  // It may be busy with what was sent.
  await service.reaches(service.paths.live, 200, 20_000).catch(() => undefined);
  await service.signal('SIGTERM');
  const from = performance.now();
  const exit = await service.child.ended(bound).catch(() => undefined);
  const ms = Math.round((exit?.at ?? performance.now()) - from);
  harness.saw({
    sent: `the same, then SIGTERM${budget ? ` with a stop of ${BUDGET_MS} ms at most` : ''}`,
    expected: `an end within ${bound} ms`,
    got: `${describeExit(exit)} after ${ms} ms`,
    ok: exit !== undefined,
  });
}

/** Asks for a large answer that costs little, many times, and reads nothing. @returns the connections that were taken in time */
async function sendUnread(harness: Harness, service: Endpoint, ms: number): Promise<RawConnection[]> {
  const path = (await service.status('/openapi.json')) === 200 ? '/openapi.json' : service.paths.live;
  const connections = await Promise.all(
    Array.from({ length: CLIENTS }, async () => {
      const connection = await harness.connectInTurn(service, 'a client that reads no answer', ms);
      connection?.pause();
      for (let sent = 0; sent < PIPELINED; sent += 1) connection?.get(path);
      return connection;
    }),
  );
  return connections.filter((connection) => connection !== undefined);
}
