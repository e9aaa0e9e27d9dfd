import { buildApp } from "../app.ts";
import { parseVerb } from "../arguments.ts";
import { start } from "../config.ts";
import { listen } from "../process/listen.ts";
import { prepareShutdown, stopSignal } from "../process/shutdown.ts";

/** Serves HTTP until told to stop. */
export async function run(args: string[]): Promise<number> {
  parseVerb(args, {});
  const stop = stopSignal();
  const app = await buildApp(await start());
  const shutdown = prepareShutdown(app);
  await listen(app);
  return shutdown(await stop);
}
