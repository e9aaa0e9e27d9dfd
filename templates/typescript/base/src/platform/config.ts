// No library keeps this: NAME_FILE, every bad variable told at once, and never the value of one.

import all from "all:platform/config/*,config/*";
import { readFileSync } from "node:fs";
import { z } from "zod";
import logConfig from "./config/log.ts";
import telemetryConfig from "./config/telemetry.ts";
import { Failure } from "./failure.ts";
import { configureLog, log } from "./log.ts";
import { hide } from "./process/lines.ts";

/** The variables of one concern: an object schema whose keys are names of variables. */
export type Concern = z.ZodObject;

export type Environment = Record<string, string | undefined>;

/** The validated environment. A concern is also the key to its own values, hence their type. */
export interface Config {
  get<C extends Concern>(concern: C): z.output<C>;
}

/** Every concern of the platform and of `src/config`, in the order of their names. */
export function concerns(): Concern[] {
  return all as Concern[];
}

/** What a process does before its own work: read the environment, and log as it says. */
export async function start(): Promise<Config> {
  const config = await loadConfig();
  const { LOG_LEVEL: level, LOG_FORMAT: format } = config.get(logConfig);
  configureLog({ level, format, serviceName: config.get(telemetryConfig).OTEL_SERVICE_NAME });
  return config;
}

/**
 * Reads the variables of these concerns, by default of all, each from `NAME` or from the file that
 * `NAME_FILE` names. An empty variable counts as unset, since that is what Compose makes of a
 * missing one.
 *
 * @throws Failure (`config.invalid`) that lists every bad variable, not just the first
 */
export async function loadConfig(
  env: Environment = process.env,
  declared?: Concern[],
): Promise<Config> {
  const reasons = new Map<string, string>();
  const values = new Map<Concern, unknown>();
  for (const concern of declared ?? concerns()) {
    const raw: Environment = {};
    for (const [name, field] of Object.entries(concern.shape)) {
      try {
        raw[name] = read(name, env);
      } catch (error) {
        reasons.set(name, (error as Error).message);
      }
      if (raw[name] !== undefined && (field as z.ZodType).meta()?.secret === true) hide(raw[name]);
    }
    const { data, error } = concern.safeParse(raw);
    for (const { path, message } of error?.issues ?? []) {
      const name = String(path[0]);
      if (reasons.has(name)) continue;
      reasons.set(name, raw[name] === undefined ? "is required" : message);
    }
    values.set(concern, data);
  }
  if (reasons.size === 0) return values as Config;
  const errors = [...reasons].map(([name, reason]) => ({ name, reason }));
  throw new Failure("config", "the configuration is invalid", {
    event: "config.invalid",
    details: { errors },
  });
}

/**
 * What a variable says now, if it comes from a file: a credential may have been replaced since the start.
 *
 * @returns nothing for a variable that is given itself, and while its file cannot be read
 */
export function reread(name: string, env: Environment = process.env): string | undefined {
  if (!env[`${name}_FILE`]) return undefined;
  try {
    const value = read(name, env);
    if (value !== undefined) hide(value);
    return value;
  } catch (error) {
    log.warn({ err: error }, "a file is not read again: what it said before counts");
    return undefined;
  }
}

function read(name: string, env: Environment): string | undefined {
  const value = env[name] || undefined;
  const file = env[`${name}_FILE`] || undefined;
  if (file === undefined) return value;
  if (value !== undefined) throw new Error(`is set twice, also as ${name}_FILE`);
  try {
    return readFileSync(file, "utf8").replace(/\r?\n$/, "") || undefined;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new Error(`${name}_FILE cannot be read (${code})`, { cause: error });
  }
}

/** JSON Schema (2020-12) of the environment, the variables in the order of their concerns. */
export function configSchema(concerns: Concern[]) {
  const fields = concerns.flatMap(({ shape }) => Object.entries<z.ZodType>(shape));
  return {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    type: "object",
    properties: Object.fromEntries(
      fields.map(([name, field]) => {
        const { $schema: _, ...variable } = z.toJSONSchema(field);
        return [name, variable];
      }),
    ),
    required: fields
      .filter(([, field]) => !field.safeParse(undefined).success)
      .map(([name]) => name),
  };
}

/** `.env.example`: every variable, with its default or an example of it. A copy changes nothing. */
export function envExample({ properties, required }: ReturnType<typeof configSchema>): string {
  const variables = Object.entries(properties).map(([name, variable]) => {
    const notes = [
      variable.description,
      variable.enum && `One of ${variable.enum.join(", ")}.`,
      required.includes(name) && "Required.",
      variable.secret && "Secret.",
    ];
    const value = variable.default ?? variable.examples?.[0] ?? "";
    return `\n# ${notes.filter(Boolean).join(" ")}\n#${name}=${value}\n`;
  });
  return `# Development reads a copy of this file that is called .env. Remove the # where a value differs.
# NAME_FILE instead of NAME is the path of a file that holds the value.
${variables.join("")}`;
}
