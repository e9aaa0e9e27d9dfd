import { type ParseArgsConfig, parseArgs } from "node:util";
import { Failure } from "./failure.ts";

/** Options and positionals of a verb; anything it does not know is a usage failure. */
export function parseVerb<O extends NonNullable<ParseArgsConfig["options"]>>(
  args: string[],
  options: O,
  { positionals = false } = {},
) {
  try {
    return parseArgs({ args, options, allowPositionals: positionals });
  } catch (error) {
    throw new Failure("usage", (error as Error).message);
  }
}
