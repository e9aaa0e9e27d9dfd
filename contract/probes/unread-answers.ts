import type { Harness } from '../harness/harness.ts';
import type { Endpoint } from '../harness/http/endpoint.ts';
import type { RawConnection } from '../harness/http/raw-connection.ts';
import { describeExit } from '../harness/process/process.ts';
import { hasProcfs, residentBytes } from '../harness/process/procfs.ts';
import { Service } from '../harness/service.ts';
import { sleep } from '../harness/wait.ts';

/** More answers than the buffers between two programs hold. */
const PIPELINED = 1200;
const CLIENTS = 8;
/** What all of them may cost: a runtime that has work to do takes some memory. */
const GROWTH = 128 * 1024 * 1024;
const MIB = 1024 * 1024;
/** When a client looks whether it was cut off, in milliseconds. Each look sends requests, so the times between them grow. */
const LOOKS = [3000, 8000, 18_000, 34_000];
const BUDGET_MS = 3000;
/** What a busy machine may add to the time of a stop. */
const GRACE_MS = 1500;

/** Clients that send requests and never read an answer: each has to be cut off. */
export async function probeUnreadAnswers(harness: Harness, service: Endpoint): Promise<void> {
  const memory = service instanceof Service && harness.subject.isProcess() === true && hasProcfs();
  const size = () => (memory ? residentBytes(service.child.members()) : 0);
  const before = size();
  const connections = await sendUnread(harness, service);
  let largest = 0;
  const from = performance.now();
  let open = connections;
  for (const look of LOOKS) {
    while (performance.now() - from < look) {
      await sleep(200);
      largest = Math.max(largest, size());
    }
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
    sent: `${PIPELINED} requests on each of ${CLIENTS} connections, of whose answers none is read`,
    expected: `the connections are closed within ${Math.round((LOOKS.at(-1) ?? 0) / 1000) + 1} s`,
    got: open.length === 0 ? `closed after ${seconds} s at most` : `${open.length} still open after ${seconds} s`,
    ok: open.length === 0,
    steady: true,
  });
  if (!memory) return;
  harness.saw({
    sent: 'the same: the resident memory meanwhile',
    expected: `at most ${GROWTH / MIB} MiB more`,
    got: `${Math.round(before / MIB)} MiB, then ${Math.round(largest / MIB)} MiB at most`,
    ok: largest - before <= GROWTH,
  });
}

/** The same clients while the service stops. Whether it waits for them or not, it ends in its time. */
export async function probeStopWithUnread(harness: Harness): Promise<void> {
  const service = await harness.start({ env: { SHUTDOWN_TIMEOUT_MS: String(BUDGET_MS) } });
  await sendUnread(harness, service);
  await sleep(300);
  // It may be busy with what was sent.
  await service.reaches(service.paths.live, 200, 20_000).catch(() => undefined);
  await service.signal('SIGTERM');
  const from = performance.now();
  const exit = await service.child.ended(BUDGET_MS + GRACE_MS).catch(() => undefined);
  const ms = Math.round((exit?.at ?? performance.now()) - from);
  harness.saw({
    sent: `the same, then SIGTERM with SHUTDOWN_TIMEOUT_MS=${BUDGET_MS}`,
    expected: `an end within ${BUDGET_MS + GRACE_MS} ms`,
    got: `${describeExit(exit)} after ${ms} ms`,
    ok: exit !== undefined,
  });
}

/** Asks for a large answer that costs little, many times, and reads nothing. */
async function sendUnread(harness: Harness, service: Endpoint): Promise<RawConnection[]> {
  const path = (await service.status('/openapi.json')) === 200 ? '/openapi.json' : service.paths.live;
  return Promise.all(
    Array.from({ length: CLIENTS }, async () => {
      const connection = await harness.connect(service);
      connection.pause();
      for (let sent = 0; sent < PIPELINED; sent += 1) connection.get(path);
      return connection;
    }),
  );
}
