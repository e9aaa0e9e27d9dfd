import type { Generator } from '../../generators/generators.ts';
import { given, type Invocation } from '../command-line/command.ts';
import type { GROW_OPTIONS } from '../command-line/options.ts';
import type { RunContext } from '../run-context.ts';
import { collectAnswers } from './collect-answers.ts';
import { finish } from './finish.ts';

/**
 * `add-endpoint`, `add-resource`...: answers -> plan -> apply. Whoever answered questions sees the plan, and agrees.
 * @returns 4 if something is left for a person
 */
export async function growService(
  generator: Generator,
  invocation: Invocation<typeof GROW_OPTIONS>,
  context: RunContext,
): Promise<number> {
  const { flags } = invocation;
  const { cwd, beforeCommit, output } = context;
  const planOnly = flags.plan !== undefined;
  const { raw, asked } = await collectAnswers(generator, invocation, cwd);
  const confirm = asked && !planOnly ? (await import('./confirm.ts')).confirmWith(output, cwd) : undefined;
  const options = { cwd, beforeCommit, overwrite: false, planOnly, ...given({ dir: flags.dir, confirm }) };
  return finish(await generator.run(raw, options), generator, invocation, context);
}
