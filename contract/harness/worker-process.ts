import { Service } from './service.ts';
import { until } from './wait.ts';

/** A worker that says nothing runs if it has not ended by then, in milliseconds. */
export const ALIVE_MS = 2000;
/** A program that cannot start says why, and ends within this time, in milliseconds. */
const SETTLED_MS = 300;

/** A running process that need not listen on any port. */
export class WorkerProcess extends Service {
  protected override readonly title = 'the worker';

  /**
   * Waits until it runs: it has written a line, or has lived for ALIVE_MS.
   * @returns milliseconds from its start to the line, or ALIVE_MS
   * @throws with the last lines of its output when it ends first
   */
  override async ready(ms: number): Promise<number> {
    const { child } = this;
    let from = child.remote ? undefined : child.startedAt;
    return until('the worker to run', ms, async () => {
      if (child.failed) throw child.failed;
      if (child.exited) throw this.whyEnded(child.exited);
      if (child.flooded) throw new Error(child.flooded);
      // The time of its engine is not its own.
      if (from === undefined && (await this.findContainer()) !== undefined) from = performance.now();
      if (from === undefined) return undefined;
      const wrote = child.wroteAfter(0);
      if (wrote !== undefined) return performance.now() - wrote >= SETTLED_MS ? wrote - child.startedAt : undefined;
      return performance.now() - from >= Math.min(ALIVE_MS, ms / 2) ? ALIVE_MS : undefined;
    });
  }

  override listens(ms: number): Promise<number> {
    return this.ready(ms);
  }
}
