import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { z } from "zod";
import { Failure } from "./failure.ts";
import { importDefaults } from "./process/load.ts";
import { hide } from "./process/redact.ts";

/** The variables of one concern: an object schema whose keys are names of variables. */
export type Concern = z.ZodObject;

export type Environment = Record<string, string | undefined>;

/** A variable that cannot be used, and why. Never its value. */
export interface Problem {
  name: string;
  reason: string;
}

/** The validated environment. A concern is also the key to its own values, hence their type. */
export class Config {
  readonly #values: Map<Concern, unknown>;

  constructor(values: Map<Concern, unknown>) {
    this.#values = values;
  }

  get<C extends Concern>(concern: C): z.output<C> {
    return this.#values.get(concern) as z.output<C>;
  }
}

/** Every concern of the platform and of `src/config`, in the order of their names. */
export function concerns(): Promise<Concern[]> {
  return importDefaults<Concern>(
    join(import.meta.dirname, "config"),
    join(import.meta.dirname, "..", "config"),
  );
}

/**
 * Reads the variables of all concerns, each from `NAME` or from the file that `NAME_FILE` names.
 * An empty variable counts as unset, since that is what Compose makes of a missing one.
 *
 * @throws Failure (`config.invalid`) that lists every bad variable, not just the first
 */
export async function loadConfig(env: Environment = process.env): Promise<Config> {
  const problems: Problem[] = [];
  const values = new Map<Concern, unknown>();
  for (const concern of await concerns()) {
    values.set(concern, validate(concern, env, problems));
  }
  if (problems.length > 0) {
    throw new Failure("config", "the configuration is invalid", {
      event: "config.invalid",
      details: { errors: problems },
    });
  }
  return new Config(values);
}

/** Values of one concern; whatever is wrong with it is appended to `problems`. */
export function validate(concern: Concern, env: Environment, problems: Problem[]): unknown {
  const raw: Environment = {};
  const unreadable = new Set<string>();
  for (const [name, field] of Object.entries(concern.shape)) {
    try {
      raw[name] = read(name, env);
    } catch (error) {
      unreadable.add(name);
      problems.push({ name, reason: (error as Error).message });
    }
    if (raw[name] !== undefined && isSecret(field)) hide(raw[name]);
  }
  const result = concern.safeParse(raw);
  for (const issue of result.error?.issues ?? []) {
    const name = String(issue.path[0]);
    if (unreadable.has(name)) continue;
    problems.push({ name, reason: raw[name] === undefined ? "is required" : issue.message });
  }
  return result.data;
}

export function isSecret(field: unknown): boolean {
  return (field as z.ZodType).meta()?.secret === true;
}

function read(name: string, env: Environment): string | undefined {
  const value = env[name] || undefined;
  const file = env[`${name}_FILE`] || undefined;
  if (file === undefined) return value;
  if (value !== undefined) throw new Error(`is set twice, also as ${name}_FILE`);
  try {
    return readFileSync(file, "utf8").trimEnd() || undefined;
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    throw new Error(`${name}_FILE cannot be read (${code})`, { cause: error });
  }
}
