import verbs from "each:platform/verbs/*";
import { Failure } from "../failure.ts";
import { log, output } from "../log.ts";

/** Runs a verb, a process type of the service, to its end; answers the exit code. */
export async function run([name = "web", ...args]: string[]): Promise<number> {
  const load = verbs[name];
  if (load === undefined) {
    const known = Object.keys(verbs).join(", ");
    throw new Failure("usage", `unknown verb "${name}", expected one of: ${known}`);
  }
  const verb = (await load()) as { run(args: string[]): Promise<number> };
  return verb.run(args);
}

/** Ends the process with the last line of its log. */
export function fail(error: unknown): never {
  if (error instanceof Failure) {
    log.fatal({ "event.name": error.event, ...error.details }, error.message);
    process.exit(error.exitCode);
  }
  log.fatal({ "event.name": "crash", err: error }, "the process crashed");
  process.exit(1);
}

/** Prints a result on stdout: one line for programs, indented for a person at a terminal. */
export function print(result: object): void {
  output.write(`${JSON.stringify(result, null, process.stdout.isTTY ? 2 : 0)}\n`);
}
