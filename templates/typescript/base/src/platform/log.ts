import pino from "pino";
import { identity } from "./process/identity.ts";
import { pretty } from "./process/pretty.ts";
import { redact } from "./process/redact.ts";

let service = identity.name;
let format = (line: string): string => line;

/**
 * The one logger. It works before the configuration is read, so that a bad configuration and a
 * crash are lines like any other, and it writes synchronously, so that none of them is lost.
 */
export const log = pino({
  base: null,
  formatters: { level: (label) => ({ level: label }) },
  timestamp: pino.stdTimeFunctions.isoTime,
  mixin: () => ({ "service.name": service, "service.version": identity.version }),
  hooks: { streamWrite: (line) => format(redact(line)) },
});

/** Takes over what the configuration says about logging. */
export function configureLog(options: {
  level: string;
  format: "json" | "pretty";
  serviceName?: string | undefined;
}): void {
  log.level = options.level;
  format = options.format === "pretty" ? pretty : (line) => line;
  service = options.serviceName ?? identity.name;
}
