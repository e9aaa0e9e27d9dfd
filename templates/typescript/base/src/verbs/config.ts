import { parseVerb } from "../platform/arguments.ts";
import { concerns, loadConfig } from "../platform/config.ts";
import { configSchema } from "../platform/config-schema.ts";
import { Failure } from "../platform/failure.ts";
import { print } from "../platform/print.ts";

/** `--check` validates the environment, `--schema` prints the JSON Schema of it. */
export async function run(args: string[]): Promise<number> {
  const { values } = parseVerb(args, {
    check: { type: "boolean", default: false },
    schema: { type: "boolean", default: false },
  });
  if (values.check === values.schema) {
    throw new Failure("usage", "config takes one of --check and --schema");
  }
  if (values.schema) {
    print(configSchema(await concerns()));
  } else {
    await loadConfig();
    print({ status: "valid" });
  }
  return 0;
}
