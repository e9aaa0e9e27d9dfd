import { join } from "node:path";
import { parseVerb } from "../arguments.ts";
import { Failure } from "../failure.ts";
import { importModule, moduleNames } from "../process/load.ts";
import { stopSignal } from "../process/shutdown.ts";
import { start } from "../process/start.ts";
import { type CreateWorker, startWorker } from "../worker.ts";

const folder = join(import.meta.dirname, "..", "..", "workers");

/** Runs a worker of `src/workers` until told to stop. */
export async function run(args: string[]): Promise<number> {
  const { positionals } = parseVerb(args, {}, { positionals: true });
  const [name, ...surplus] = positionals;
  const workers = moduleNames(folder);
  if (name === undefined || surplus.length > 0 || !workers.includes(name)) {
    throw new Failure("usage", `worker takes one name, expected one of: ${workers.join(", ")}`);
  }
  const stop = stopSignal();
  const config = await start();
  const { default: create } = await importModule<{ default: CreateWorker }>(folder, name);
  const worker = await startWorker(config, name, create);
  // Before that it only ends by a failure, which is thrown.
  const signal = (await Promise.race([stop, worker.finished])) ?? "end";
  return worker.stop(signal);
}
