import type { Harness } from '../../harness/harness.ts';
import { describeExit } from '../../harness/process/process.ts';
import { processorTicks } from '../../harness/process/relatives.ts';
import { sleep } from '../../harness/wait.ts';
import { STOP_MS } from './graceful-stop.ts';
import { GRACE_MS } from './plain-stop.ts';

/**
 * Stops a service half-way through its start, as a platform does that changes its mind: by then it may have no handler yet.
 * In a container it is process number 1, which gets no signal that it has no handler for: there it is not looked at.
 */
export async function probeEarlyStop(harness: Harness): Promise<void> {
  if (harness.subject.isProcess() !== true) return;
  const { startTook } = await harness.shared();
  if (startTook === undefined || harness.leavesOut('a signal while it starts')) return;
  const { child } = await harness.start({ waitMs: 0 });
  // Another start may be faster. It takes as much processor time.
  const isHalfway = () =>
    startTook.ticks > 0
      ? processorTicks(child.pid) >= startTook.ticks / 2
      : performance.now() - child.startedAt >= startTook.ms / 2;
  const isOver = () => child.exited !== undefined || child.failed !== undefined;
  while (!isHalfway() && !isOver() && performance.now() - child.startedAt < startTook.ms) await sleep(5);
  if (isOver()) return;
  const from = performance.now();
  await child.signal('SIGTERM');
  const ms = harness.asks('house') ? startTook.ms + STOP_MS : GRACE_MS;
  const exit = await child.ended(ms).catch(() => undefined);
  harness.saw({
    sent: `SIGTERM ${Math.round(from - child.startedAt)} ms after its start, at half of the work that the start is`,
    expected: `an end within ${Math.round(ms / 1000)} s`,
    got: exit ? describeExit(exit) : 'it runs on',
    ok: exit !== undefined,
  });
}
