import { output } from "../log.ts";

/** Prints a result on stdout: one line for programs, indented for a person at a terminal. */
export function print(result: object): void {
  output.write(`${JSON.stringify(result, null, process.stdout.isTTY ? 2 : 0)}\n`);
}
