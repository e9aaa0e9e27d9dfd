import type { FastifyBaseLogger } from "fastify";
import pino, { type SerializedError } from "pino";
import { identity } from "./process/identity.ts";
import { pretty, redact, toSource } from "./process/lines.ts";
import { Output } from "./process/output.ts";

let service = identity.name;
let format = (line: string): string => line;
let time = 0;
let timeText = "";

// Node makes a pipe that does not block of stdout when it is first asked for.
process.stdout;
export const output = new Output(1, (dropped) =>
  log.warn({ "event.name": "log.dropped", dropped }, "lines were dropped: nobody read the log"),
);
process.on("exit", () => output.finish());

/**
 * The one logger. It works before the configuration is read, so that a bad configuration and a
 * crash are lines like any other.
 */
export const log = pino(
  {
    base: null,
    formatters: { level: (label) => ({ level: label }) },
    timestamp: () => `,"time":"${now()}"`,
    serializers: { err: serializeError },
    mixin: () => ({ "service.name": service, "service.version": identity.version }),
  },
  { write: (line) => output.write(format(redact(toSource(line)))) },
);

function serializeError(error: unknown): unknown {
  return error instanceof Error ? withoutData(pino.stdSerializers.err(error)) : error;
}

/** Without what a database adds: the text of statements, which may hold a password, and values of rows. */
function withoutData(error: SerializedError): object {
  const { internalQuery, where, detail, aggregateErrors, ...fields } = error;
  return aggregateErrors
    ? { ...fields, aggregateErrors: aggregateErrors.map(withoutData) }
    : fields;
}

/** RFC 3339 in UTC, made once a millisecond. */
function now(): string {
  const current = Date.now();
  if (current !== time) {
    time = current;
    timeText = new Date(current).toISOString();
  }
  return timeText;
}

const { chindingsSym: bindings } = pino.symbols;
/** The bindings that hold no credential: others than these were added by somebody. */
const safe = Symbol("safe");
type Child = pino.Logger & { [bindings]: string; [safe]?: string | undefined };
(log as Child)[safe] = (log as Child)[bindings];

function isSafe(child: Child): boolean {
  return child[bindings] === child[safe];
}

/** What `child` makes, without the work: most requests log one line. The values hold no credential. */
export function lightChild(parent: FastifyBaseLogger, values: object): FastifyBaseLogger {
  const child: Child = Object.create(parent);
  let text = (parent as Child)[bindings];
  for (const [name, value] of Object.entries(values)) text += `,"${name}":"${value}"`;
  child[bindings] = text;
  if (isSafe(parent as Child)) child[safe] = text;
  return child as FastifyBaseLogger;
}

/** Writes a line whose fields, as JSON, hold no credential. */
export function writeLine(
  logger: FastifyBaseLogger,
  level: "info" | "debug",
  fields: string,
): void {
  const child = logger as Child;
  if (!child.isLevelEnabled(level)) return;
  const line = `{"level":"${level}","time":"${now()}"${child[bindings]},"service.name":${JSON.stringify(service)},"service.version":"${identity.version}",${fields}}\n`;
  output.write(format(isSafe(child) ? line : redact(line)));
}

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
