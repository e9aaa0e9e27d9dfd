import tasks from "each:tasks/*";
import { setTimeout as sleep } from "node:timers/promises";
import shutdownConfig from "../config/shutdown.ts";
import { start } from "../config.ts";
import { Failure } from "../failure.ts";
import { log } from "../log.ts";
import { stopSignal } from "../process/shutdown.ts";
import type { Task, TaskContext } from "../task.ts";

/** Runs a task of `src/tasks` to its end; a signal stops it, which is a failure: it is not done. */
export async function run([name, ...args]: string[]): Promise<number> {
  const load = tasks[name ?? ""];
  if (name === undefined || load === undefined) {
    const fault = name === undefined ? "run takes the name of a task" : `unknown task "${name}"`;
    throw new Failure("usage", `${fault}, expected one of: ${Object.keys(tasks).join(", ")}`);
  }
  const stop = stopSignal();
  const config = await start();
  const { default: task } = (await load()) as { default: Task };
  const stopping = new AbortController();
  const context = { config, signal: stopping.signal, log: log.child({ task: name }), args };
  const timeout = config.get(shutdownConfig).SHUTDOWN_TIMEOUT_MS;
  return Promise.race([finish(task, context), giveUp(stop, stopping, timeout, context)]);
}

/** Resolves with the exit code, after the one line that says how it ended. */
async function finish(task: Task, context: TaskContext): Promise<number> {
  const begun = performance.now();
  const duration = () => ({ duration_ms: Math.round(performance.now() - begun) });
  try {
    await task(context);
    context.log.info({ "event.name": "task.done", ...duration() }, "the task is done");
    return 0;
  } catch (error) {
    if (context.signal.aborted && (error as Error).name === "AbortError") {
      context.log.warn({ "event.name": "task.stopped", ...duration() }, "stopped before the end");
      return 1;
    }
    const foreseen = error instanceof Failure;
    context.log.fatal(
      {
        "event.name": "task.failed",
        ...(foreseen ? { reason: error.event, ...error.details } : { err: error }),
        ...duration(),
      },
      foreseen ? error.message : "the task failed",
    );
    return foreseen ? error.exitCode : 1;
  }
}

/** Asks the task to stop when told to, and after the budget no longer waits until it does. */
async function giveUp(
  stop: Promise<NodeJS.Signals>,
  stopping: AbortController,
  timeout: number,
  context: TaskContext,
): Promise<number> {
  await stop;
  stopping.abort();
  await sleep(timeout, undefined, { ref: false });
  context.log.error({ "event.name": "shutdown.timeout" }, `not stopped within ${timeout} ms`);
  return 1;
}
