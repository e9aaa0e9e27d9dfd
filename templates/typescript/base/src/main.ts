import { join } from "node:path";
import { Failure } from "./platform/failure.ts";
import { log } from "./platform/log.ts";
import { importModule, moduleNames } from "./platform/process/load.ts";

/** A process type of the service; `run` answers the exit code. */
interface Verb {
  run(args: string[]): Promise<number>;
}

const folder = join(import.meta.dirname, "platform", "verbs");

async function main([name = "web", ...args]: string[]): Promise<number> {
  const verbs = moduleNames(folder);
  if (!verbs.includes(name)) {
    throw new Failure("usage", `unknown verb "${name}", expected one of: ${verbs.join(", ")}`);
  }
  const verb = await importModule<Verb>(folder, name);
  return verb.run(args);
}

function fail(error: unknown): never {
  if (error instanceof Failure) {
    log.fatal({ "event.name": error.event, ...error.details }, error.message);
    process.exit(error.exitCode);
  }
  log.fatal({ "event.name": "crash", err: error }, "the process crashed");
  process.exit(1);
}

process.setSourceMapsEnabled(true);
process.on("uncaughtException", fail);
process.on("unhandledRejection", fail);
main(process.argv.slice(2)).then((code) => process.exit(code), fail);
