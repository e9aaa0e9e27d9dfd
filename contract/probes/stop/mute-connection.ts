import type { Harness } from '../../harness/harness.ts';
import { describeExit } from '../../harness/process/process.ts';
import { sleep, Unseen } from '../../harness/wait.ts';
import { leaseUnhurried, unhurried } from './unhurried-instance.ts';

/** How much longer a stop may take for such a connection, in milliseconds. */
export const PATIENCE = 3000;
/** How soon it ends once such a connection is closed, if that is what it waited for. */
const SOON = 2000;
/** What ends later than this, without any connection, does not end by the signal. */
const LATEST = 15_000;

/**
 * Stops a service while a connection is open on which nothing was sent, as load balancers and browsers keep some. A stop
 * that takes long is compared with one without such a connection.
 * @throws Unseen when the service does not end in any case
 */
export async function probeMuteConnection(harness: Harness): Promise<void> {
  const service = await leaseUnhurried(harness);
  const connection = await harness.connect(service);
  await sleep(100);
  await service.signal('SIGTERM');
  const from = performance.now();
  const ended = (ms: number) => service.child.ended(Math.max(0, ms)).catch(() => undefined);
  const first = await ended(PATIENCE);
  const idle = first ? 0 : await timeOfStop(harness);
  const limit = idle + PATIENCE;
  const exit = first ?? (await ended(from + limit - performance.now()));
  const ms = (exit?.at ?? performance.now()) - from;
  harness.saw({
    sent: 'SIGTERM while a connection is open on which nothing was sent',
    expected: first
      ? `an end within ${PATIENCE / 1000} s`
      : `an end within ${seconds(limit)} (without the connection it takes ${seconds(idle)})`,
    got: exit ? `${describeExit(exit)} after ${seconds(ms)}` : await whyRunning(),
    ok: exit !== undefined && ms <= limit,
  });

  async function whyRunning(): Promise<string> {
    connection.destroy();
    const later = await ended(SOON);
    const waited = `the stop waited ${seconds(ms)} for it`;
    return later
      ? `${waited}, and ended when it was closed (${describeExit(later)})`
      : `${waited}, and goes on without it`;
  }
}

/** How long a stop takes without any connection, in milliseconds. */
async function timeOfStop(harness: Harness): Promise<number> {
  const service = await harness.start({ env: unhurried(harness) });
  await service.signal('SIGTERM');
  const from = performance.now();
  const exit = await service.child.ended(LATEST).catch(() => undefined);
  if (!exit) throw new Unseen('it does not end on SIGTERM, also without such a connection');
  return Math.max(0, exit.at - from);
}

const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;
