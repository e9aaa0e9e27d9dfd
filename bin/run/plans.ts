import { UserError } from '../../engine/core/errors.ts';
import { GENERATORS } from '../../generators/generators.ts';
import { given, type Invocation } from '../command-line/command.ts';
import type { APPLY_OPTIONS, UNDO_OPTIONS } from '../command-line/options.ts';
import type { RunContext } from '../run-context.ts';
import { finish } from './finish.ts';

/** `apply FILE`: what a run with `--plan=FILE` would have done. */
export async function applyKeptPlan(
  invocation: Invocation<typeof APPLY_OPTIONS>,
  context: RunContext,
): Promise<number> {
  const [file] = invocation.positionals;
  if (file === undefined)
    throw new UserError(
      'INPUT_MISSING',
      'say which plan to apply',
      'Name the file that --plan=FILE wrote: npx create-twelve-service apply FILE.',
    );
  const { applyPlanFile } = await import('../../maintenance/apply/run.ts');
  const outcome = await applyPlanFile(file, optionsOf(invocation, context));
  const generator = GENERATORS.find(({ name }) => name === outcome.generator);
  return finish(outcome, generator, invocation, context);
}

/** `undo`: the last run on this service, taken back. */
export async function undo(invocation: Invocation<typeof UNDO_OPTIONS>, context: RunContext): Promise<number> {
  const { undoLastRun } = await import('../../maintenance/undo/run.ts');
  return finish(await undoLastRun(optionsOf(invocation, context)), undefined, invocation, context);
}

function optionsOf({ flags }: Invocation<typeof UNDO_OPTIONS>, { cwd, beforeCommit }: RunContext) {
  return { cwd, beforeCommit, overwrite: false, planOnly: flags.plan !== undefined, ...given({ dir: flags.dir }) };
}
