import type { Harness } from '../../harness/harness.ts';
import type { Child } from '../../harness/process/child.ts';
import { describeExit } from '../../harness/process/process.ts';
import { processorTicks } from '../../harness/process/relatives.ts';
import { sleep } from '../../harness/wait.ts';
import { STOP_MS } from './graceful-stop.ts';
import { GRACE_MS } from './plain-stop.ts';

/** The part of the time of a start after which it has likely done its work, and may wait. */
const LATE = 0.6;

/**
 * Stops a service while it starts, as a platform does that changes its mind: half-way, when it may have no handler yet, and later,
 * when it may wait for something. In a container it is process number 1, which gets no signal that it has no handler for: there
 * it is not looked at.
 */
export async function probeEarlyStop(harness: Harness): Promise<void> {
  if (harness.subject.isProcess() !== true) return;
  const { startTook } = await harness.shared();
  if (startTook === undefined || harness.leavesOut('a signal while it starts')) return;
  const { ms, ticks } = startTook;
  const sinceStart = (child: Child) => performance.now() - child.startedAt;
  // Another start may be faster. It takes as much processor time.
  const isHalfway = (child: Child) =>
    ticks > 0 ? processorTicks(child.pid) >= ticks / 2 : sinceStart(child) >= ms / 2;
  await Promise.all([
    stopAt(harness, 'at half of the work that the start is', ms, isHalfway),
    stopAt(harness, 'when most of the time of a start is over', ms, (child) => sinceStart(child) >= ms * LATE),
  ]);
}

/** Starts one and stops it when it is time, or when a start is usually over. It may be ready by then. */
async function stopAt(
  harness: Harness,
  when: string,
  startMs: number,
  isTime: (child: Child) => boolean,
): Promise<void> {
  const isHouse = harness.asks('house');
  const { child } = await harness.start({ waitMs: 0, env: isHouse ? { SHUTDOWN_DELAY_MS: '0' } : {} });
  const isOver = () => child.exited !== undefined || child.failed !== undefined;
  while (!isTime(child) && !isOver() && performance.now() - child.startedAt < startMs) await sleep(5);
  if (isOver()) return;
  const from = performance.now();
  await child.signal('SIGTERM');
  const ms = isHouse ? startMs + STOP_MS : GRACE_MS;
  const exit = await child.ended(ms).catch(() => undefined);
  harness.saw({
    sent: `SIGTERM ${Math.round(from - child.startedAt)} ms after its start, ${when}`,
    expected: `an end within ${Math.round(ms / 1000)} s`,
    got: exit ? describeExit(exit) : 'it runs on',
    ok: exit !== undefined,
  });
}
