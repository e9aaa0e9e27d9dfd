// No library keeps this: what has begun is finished at SIGTERM, and nothing begins after it.
import { setTimeout as sleep } from "node:timers/promises";
import { Failure } from "../failure.ts";
import { log } from "../log.ts";

/** How a unit of work ended; `idle` says that there was none. */
export type Outcome = "idle" | "done" | "retried" | "failed";

/** What works through something, one unit after the other. */
export interface Worker {
  /** Does one unit of work. `signal` aborts when that takes longer than `limit`. */
  work(signal: AbortSignal): Promise<Outcome>;
  /** How long to wait, in milliseconds, when there was nothing to do. */
  pause: number;
  /** How long one unit may take, in milliseconds. */
  limit: number;
}

export interface Loop {
  /** From now on no unit is begun. */
  stop(): void;
  /** Resolves after `stop`, once the last unit is done. Rejects with a Failure when a unit hangs. */
  finished: Promise<void>;
}

// What is told to stop gets a moment to do so.
const grace = 5000;
const longestPause = 30_000;

/**
 * Works until stopped. What fails is logged, and waited for longer each time.
 *
 * @param report hears of each unit, and how many seconds it took
 */
export function startLoop(
  worker: Worker,
  report: (outcome: Outcome, seconds: number) => void = () => undefined,
): Loop {
  const stopping = new AbortController();
  let failures = 0;

  async function attempt(signal: AbortSignal): Promise<Outcome> {
    const begun = performance.now();
    let outcome: Outcome = "failed";
    try {
      outcome = await worker.work(signal);
      failures = 0;
    } catch (error) {
      failures += 1;
      log.error({ "event.name": "worker.failed", err: error }, "a unit of work failed");
    }
    if (outcome !== "idle") report(outcome, (performance.now() - begun) / 1000);
    return outcome;
  }

  /** A new process can do what this one hangs in. */
  async function hang(late: AbortController, settled: AbortSignal): Promise<never> {
    const options = { ref: false, signal: settled };
    await sleep(worker.limit, undefined, options);
    const message = `a unit of work took longer than ${worker.limit} ms`;
    late.abort(new Error(message));
    await sleep(grace, undefined, options);
    throw new Failure("failed", message, { event: "worker.stuck" });
  }

  async function loop(): Promise<void> {
    while (!stopping.signal.aborted) {
      const late = new AbortController();
      const settled = new AbortController();
      const outcome = await Promise.race([
        attempt(late.signal),
        hang(late, settled.signal),
      ]).finally(() => settled.abort());
      if (outcome === "idle" || failures > 0) await rest();
    }
  }

  async function rest(): Promise<void> {
    const longest = Math.max(worker.pause, longestPause);
    const pause = Math.min(worker.pause * 2 ** failures, longest);
    // Not all at the same moment, where several processes wait.
    const jitter = 0.75 + Math.random() / 2;
    await sleep(pause * jitter, undefined, { signal: stopping.signal }).catch(() => undefined);
  }

  return { stop: () => stopping.abort(), finished: loop() };
}
