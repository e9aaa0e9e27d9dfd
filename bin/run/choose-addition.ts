import { nearestService } from '../../engine/io/service/nearest-service.ts';
import { canAsk } from '../../engine/io/terminal.ts';
import { choiceOf } from '../../generators/prompts.ts';
import type { Command } from '../command-line/command.ts';
import type { CommandLine } from '../command-line/parse.ts';

/** Whether these words are a bare `add` with options at most, which a person at a terminal can be asked about. */
export function isBareAdd({ isNamed, words, tokens }: CommandLine): boolean {
  const isAsked = (name: string) => tokens.some((token) => token.kind === 'option' && token.name === name);
  const [first, second] = words;
  return (
    !isNamed &&
    first === 'add' &&
    (second === undefined || second.startsWith('-')) &&
    !['help', 'h', 'yes'].some(isAsked)
  );
}

/**
 * Asks what to add.
 * @returns the words with the chosen kind; those that were typed if nobody can be asked, or outside of a service
 */
export async function chooseAddition(
  words: readonly string[],
  commands: readonly Command[],
  cwd: string,
): Promise<readonly string[]> {
  const isElsewhere = words.some((word) => word === '--dir' || word.startsWith('--dir='));
  if (!(await canAsk()) || (nearestService(cwd) === undefined && !isElsewhere)) return words;
  const { ask } = await import('../../engine/io/prompts/inquirer.ts');
  const choices = commands
    .filter(({ name }) => name.startsWith('add-'))
    .map(({ name, summary }) => ({ ...choiceOf(name.slice('add-'.length), summary), value: name }));
  const { kind } = await ask([{ type: 'list', name: 'kind', message: 'Add what?', choices }]);
  return [String(kind), ...words.slice(1)];
}
