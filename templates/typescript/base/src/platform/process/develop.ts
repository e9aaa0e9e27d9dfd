import verbs from "each:platform/verbs/*";
import { concerns, configSchema } from "../config.ts";
import { Failure } from "../failure.ts";
import { fail, run } from "./run.ts";

// What `npm run dev` runs: verbs, one after the other in one process.

process.on("uncaughtException", fail);
process.on("unhandledRejection", fail);
// Whoever started this was killed.
process.once("disconnect", () => process.kill(process.pid, "SIGTERM"));

const { properties, required } = configSchema(concerns());
for (const name of required.filter((each) => !process.env[`${each}_FILE`])) {
  process.env[name] ||= String(properties[name]?.examples?.[0] ?? "");
}
try {
  const names = process.argv.slice(2);
  // The database may still be starting.
  await Promise.all(names.map((name) => verbs[name]?.()));
  for (const name of names) {
    // Each is written for a process of its own.
    for (const signal of ["SIGTERM", "SIGINT"]) process.removeAllListeners(signal);
    await run([name]);
  }
  process.exit(0);
} catch (error) {
  // No change of a file would mend that.
  if (error instanceof Failure && error.event === "listen.failed") process.send?.("cannot listen");
  fail(error);
}
