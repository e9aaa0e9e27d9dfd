import { createCommand } from '../../engine/core/client.ts';
import { printable, UserError } from '../../engine/core/errors.ts';
import type { Command, Invocation } from '../command-line/command.ts';
import { addHelp, commandHelp, helpText } from '../command-line/help.ts';
import type { RunContext } from '../run-context.ts';

/**
 * `help`, `help COMMAND`
 * @throws {UserError} INPUT_INVALID for what is not a command
 */
export async function runHelp(
  { positionals }: Invocation,
  { output }: RunContext,
  commands: readonly Command[],
): Promise<number> {
  const text =
    positionals.length === 0 ? helpText(commands, createCommand(process.env)) : helpOf(positionals, commands);
  if (text !== undefined) return output.data(text);
  throw new UserError(
    'INPUT_INVALID',
    `"${printable(positionals.join(' '))}" is not a command; there are ${commands.map(({ name }) => name).join(', ')}`,
    'E.g. npx create-twelve-service help upgrade.',
  );
}

/**
 * The help text of the command that these words name: `upgrade`, `preset` and `check`, or `add` and `endpoint`; of all
 * that can be added for `add`. Nothing if they name none.
 */
export function helpOf(words: readonly string[], commands: readonly Command[]): string | undefined {
  if (words.length === 1 && words[0] === 'add') return addHelp(commands);
  const [first = '', second = '', ...more] = words;
  const isOfIt = (command: Command) => command.name === first && command.words?.includes(second) && more.length === 0;
  const command = commands.find((one) => one.name === words.join('-') || isOfIt(one));
  return command && commandHelp(command);
}
