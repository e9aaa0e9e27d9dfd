import { parseVerb } from "../platform/arguments.ts";
import { identity } from "../platform/identity.ts";
import { print } from "../platform/print.ts";

/** Prints what `/version` answers. */
export async function run(args: string[]): Promise<number> {
  parseVerb(args, {});
  print(identity);
  return 0;
}
