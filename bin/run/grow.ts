import { resolve } from 'node:path';
import { UserError } from '../../engine/core/errors.ts';
import type { Plan } from '../../engine/core/plan.ts';
import { ask } from '../../engine/io/prompts/inquirer.ts';
import type { Generator } from '../../generators/generator.ts';
import { findGrown } from '../../generators/workspace/find-grown.ts';
import { addAnswer } from '../add-answer.ts';
import { given, type Invocation } from '../command-line/command.ts';
import type { GROW_OPTIONS } from '../command-line/options.ts';
import type { Output } from '../output.ts';
import type { RunContext } from '../run-context.ts';
import { collectAnswers } from './collect-answers.ts';
import { finish } from './finish.ts';

/**
 * `add-endpoint`, `add-resource`...: answers -> plan -> apply. Whoever answered questions sees the plan, and agrees.
 * @returns 4 if something is left for a person
 */
export async function runAddition(
  generator: Generator,
  invocation: Invocation<typeof GROW_OPTIONS>,
  context: RunContext,
): Promise<number> {
  const { flags } = invocation;
  const { cwd, beforeCommit, output } = context;
  const planOnly = flags.plan !== undefined;
  // Nobody answers questions first, and then hears that there is no service here.
  findGrown(resolve(cwd, flags.dir ?? '.'), generator.name);
  const { raw, asked } = await collectAnswers(generator, invocation, cwd);
  const confirm = asked && !planOnly ? confirmWith(output, cwd) : undefined;
  const options = { cwd, beforeCommit, overwrite: false, planOnly, addAnswer, ...given({ dir: flags.dir, confirm }) };
  return finish(await generator.run(raw, options), generator, invocation, context);
}

/**
 * Shows what would change and asks whether to do it.
 * @throws {UserError} INTERRUPTED if not
 */
function confirmWith(output: Output, cwd: string): (plan: Plan) => Promise<void> {
  return async ({ changes }) => {
    output.chatter(changes.map(({ kind, path }) => `  ${kind.padEnd(6)} ${path}`).join('\n'));
    const { apply } = await ask([{ type: 'confirm', name: 'apply', message: `Change these files in ${cwd}?` }]);
    if (apply !== true)
      throw new UserError('INTERRUPTED', 'cancelled; nothing was written', 'Run the command again with other answers.');
  };
}
