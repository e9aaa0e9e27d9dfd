import { createVariables } from '../../generators/create/questions.ts';
import type { Generator } from '../../generators/generator.ts';
import { GENERATORS } from '../../generators/generators.ts';
import type { Standard } from '../../generators/standard.ts';
import { currentFolder } from '../current-folder.ts';
import { ANY_NUMBER, type Command, type Options } from './command.ts';
import { TEXT_OR_JSON } from './options.ts';

/** The command of a generator: what the generator says of itself is not said again. */
export function generatorCommand<All extends Options>(
  name: string,
  command: Pick<Command<All>, 'group' | 'options' | 'loadStandard'> & {
    run: (generator: Generator, ...args: Parameters<Command<All>['run']>) => Promise<number>;
  },
): Command {
  const generator = GENERATORS.find((one) => one.name === name);
  if (!generator) throw new Error(`there is no generator ${name}`);
  const { description, positional, rest, joins, examples } = generator;
  const made: Command<All> = {
    ...command,
    name,
    summary: description,
    usage: [positional, ...(rest ? [`${rest} ...`] : [])].join(' ').toUpperCase(),
    most: rest ? ANY_NUMBER : joins ? 2 : 1,
    formats: TEXT_OR_JSON,
    examples,
    generator,
    run: (invocation, context) => command.run({ ...generator, questions: invocation.questions }, invocation, context),
  };
  return made;
}

/**
 * The template with a preset on top: it may ask questions of its own.
 * @param stack as it was given; one that nobody knows is refused with the other answers
 */
export async function loadStandard(source: string, stack?: string): Promise<Standard> {
  const [{ loadPresets, makeStandard }, { loadBuiltin }, { DEFAULT_STACK, STACKS }] = await Promise.all([
    import('../keep.ts'),
    import('../../engine/io/source/builtin.ts'),
    import('../../stacks/index.ts'),
  ]);
  const presets = await loadPresets(source, currentFolder());
  const ofStack = (id: string): Standard => ({ ...makeStandard(loadBuiltin(id, createVariables), presets), ofStack });
  return ofStack((STACKS.find(({ id }) => id === stack) ?? DEFAULT_STACK).id);
}
