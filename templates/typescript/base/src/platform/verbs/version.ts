import { parseVerb } from "../arguments.ts";
import { identity } from "../process/identity.ts";
import { print } from "../process/run.ts";

/** Prints what `/version` answers. */
export async function run(args: string[]): Promise<number> {
  parseVerb(args, {});
  print(identity);
  return 0;
}
