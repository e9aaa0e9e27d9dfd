import type { Observation } from '../../evidence.ts';
import type { Harness } from '../../harness/harness.ts';
import { describeExit } from '../../harness/process/process.ts';
import type { Service } from '../../harness/service.ts';
import { sleep } from '../../harness/wait.ts';
import { sendMany } from '../http/many-requests.ts';

/** Enough that lines wait in the process, and not only in the pipe: each line has an id that is as long as it may be. */
const REQUESTS = 800;
const ROWS = [`X-Request-Id: ${'probe'.padEnd(128, 'x')}`];
const BUDGET_MS = 2000;
/** What a busy machine may add to the time of a stop. */
const GRACE_MS = 1500;

/** Stops a service whose log nobody reads: within SHUTDOWN_TIMEOUT_MS, and at once on the second signal. */
export async function probeUnreadStop(harness: Harness): Promise<readonly Observation[]> {
  const start = (ms: number) => harness.start({ paused: true, env: { SHUTDOWN_TIMEOUT_MS: String(ms) } });
  const [once, twice] = await Promise.all([start(BUDGET_MS), start(15_000)]);
  await Promise.all(
    [once, twice].map((service) =>
      sendMany(harness, service, REQUESTS, [service.paths.live, '/version', '/no/such/route'], () => ROWS).catch(
        () => 0,
      ),
    ),
  );
  const sent = `${REQUESTS} requests while standard output is not read, then SIGTERM`;
  const first = stop(once, BUDGET_MS + GRACE_MS);
  await twice.signal('SIGTERM');
  await sleep(500);
  const second = stop(twice, 1000);
  return [
    {
      sent: `${sent} with SHUTDOWN_TIMEOUT_MS=${BUDGET_MS}`,
      expected: `an end within ${BUDGET_MS + GRACE_MS} ms`,
      ...(await first),
    },
    {
      sent: `${sent} twice`,
      expected: 'an end within 1 s of the second',
      ...(await second),
    },
  ];
}

async function stop(service: Service, ms: number): Promise<{ got: string; ok: boolean }> {
  await service.signal('SIGTERM');
  const from = performance.now();
  // The end is noticed a little later, since somebody could still read its log.
  const exit = await service.child.ended(ms + 1000).catch(() => undefined);
  const took = Math.max(0, Math.round((exit?.at ?? performance.now()) - from));
  return { got: `${describeExit(exit)} after ${took} ms`, ok: exit !== undefined && took <= ms };
}
