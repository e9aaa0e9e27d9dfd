import { parseVerb } from "../arguments.ts";
import { concerns, configSchema, loadConfig } from "../config.ts";
import { Failure } from "../failure.ts";
import { print } from "../process/run.ts";

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
    print(configSchema(concerns()));
  } else {
    await loadConfig();
    print({ status: "valid" });
  }
  return 0;
}
