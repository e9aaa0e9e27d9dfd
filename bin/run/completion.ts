import type { Command, Invocation } from '../command-line/command.ts';
import { completionScript } from '../command-line/completion/completion.ts';
import type { RunContext } from '../run-context.ts';

/**
 * `completion SHELL`
 * @throws {UserError} INPUT_INVALID for a shell that is not known, INPUT_MISSING for none
 */
export async function runCompletion(
  { positionals: [shell] }: Invocation,
  { output }: RunContext,
  commands: readonly Command[],
): Promise<number> {
  return output.data(completionScript(shell, commands));
}
