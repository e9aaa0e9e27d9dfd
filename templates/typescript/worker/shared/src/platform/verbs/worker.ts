import workers from "each:workers/*";
import { parseVerb } from "../arguments.ts";
import { start } from "../config.ts";
import { Failure } from "../failure.ts";
import { stopSignal } from "../process/shutdown.ts";
import { type CreateWorker, startWorker } from "../worker.ts";

/** Runs a worker of `src/workers` until told to stop. */
export async function run(args: string[]): Promise<number> {
  const { positionals } = parseVerb(args, {}, { positionals: true });
  const [name, ...surplus] = positionals;
  const load = workers[name ?? ""];
  if (name === undefined || surplus.length > 0 || load === undefined) {
    throw new Failure(
      "usage",
      `worker takes one name, expected one of: ${Object.keys(workers).join(", ")}`,
    );
  }
  const stop = stopSignal();
  const config = await start();
  const { default: create } = (await load()) as { default: CreateWorker };
  const worker = await startWorker(config, name, create);
  // Before that it only ends by a failure, which is thrown.
  const signal = (await Promise.race([stop, worker.finished])) ?? "end";
  return worker.stop(signal);
}
