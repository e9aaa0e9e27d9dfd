import type { FastifyInstance } from "fastify";
import { Histogram } from "prom-client";
import { buildApp } from "./app.ts";
import type { Config } from "./config.ts";
import { listen } from "./process/listen.ts";
import { prepareShutdown } from "./process/shutdown.ts";
import { type Loop, startLoop, type Worker } from "./worker/loop.ts";

/** The default export of a module in `src/workers`; the app has the backing services of the web. */
export type CreateWorker = (app: FastifyInstance) => Worker;

export interface RunningWorker {
  /** Where it answers probes and shows its metrics. */
  port: number;
  /** Rejects when the worker cannot go on. */
  finished: Promise<void>;
  /** Takes no new work, finishes what has begun, and resolves with the exit code. */
  stop(signal: string): Promise<number>;
}

/**
 * Starts a worker, and the routes of the service that operate it: health, version and metrics.
 *
 * Liveness asks nobody, here too. Where the event loop is blocked nothing answers; a unit of work
 * that hangs ends the process instead, which frees its work at once and works under a supervisor
 * that does not act on health.
 */
export async function startWorker(
  config: Config,
  name: string,
  create: CreateWorker,
): Promise<RunningWorker> {
  let loop: Loop | undefined;
  const app = await buildApp(config, [
    // The last to be registered is the first to be closed: before the backing services.
    async (instance) => {
      instance.addHook("onClose", () => loop?.finished);
    },
  ]);
  const duration = new Histogram({
    name: "worker_work_duration_seconds",
    help: "Duration of units of work.",
    labelNames: ["worker", "outcome"],
    buckets: [0.01, 0.05, 0.1, 0.5, 1, 5, 10, 30, 60, 300],
    registers: [app.metrics],
  });
  const shutdown = prepareShutdown(app);
  const port = await listen(app);
  const running = startLoop(create(app), (outcome, seconds) =>
    duration.observe({ worker: name, outcome }, seconds),
  );
  loop = running;
  return {
    port,
    finished: running.finished,
    stop(signal) {
      running.stop();
      return shutdown(signal);
    },
  };
}
