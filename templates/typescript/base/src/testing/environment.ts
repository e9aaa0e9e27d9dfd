import { concerns, configSchema, type Environment } from "../platform/config.ts";
import "./log.ts";

/** An environment that is complete: each required variable has the value it has here, or its example. */
export async function testEnvironment(overrides: Environment = {}): Promise<Environment> {
  const { properties, required } = configSchema(concerns());
  const values = required.map((name) => [
    name,
    process.env[name] || properties[name]?.examples?.[0],
  ]);
  return { LOG_LEVEL: "fatal", ...Object.fromEntries(values), ...overrides };
}
