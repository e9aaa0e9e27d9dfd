import type { Logger } from "pino";
import type { Config } from "./config.ts";

/** What a one-off task has to work with. */
export interface TaskContext {
  config: Config;
  /** Aborts with the first SIGTERM or SIGINT. Stop with `signal.throwIfAborted()` between two steps. */
  signal: AbortSignal;
  /** Its lines say which task wrote them. */
  log: Logger;
  /** What came after the name of the task on the command line. */
  args: string[];
}

/** The default export of a module in `src/tasks`. It is done when it returns, whatever it throws is a failure. */
export type Task = (context: TaskContext) => Promise<void>;
