import { basename, resolve } from 'node:path';
import { printable, UserError } from '../../engine/core/errors.ts';
import { suggestName } from '../../engine/core/names.ts';
import type { Generator } from '../../generators/generator.ts';
import { given, type Invocation } from '../command-line/command.ts';
import type { WORKSPACE_OPTIONS } from '../command-line/options.ts';
import type { RunContext } from '../run-context.ts';
import { collectAnswers } from './collect-answers.ts';
import { finish } from './finish.ts';

/**
 * `workspace [DIR]`: the root of several services, in the working folder unless another is named.
 * @returns 4 if the first commit failed
 */
export async function createWorkspace(
  generator: Generator,
  { positionals: [dir = '.'], ...invocation }: Invocation<typeof WORKSPACE_OPTIONS>,
  context: RunContext,
): Promise<number> {
  const { cwd, beforeCommit } = context;
  const { flags } = invocation;
  const folder = basename(resolve(cwd, dir));
  const name = invocation.answers.name ?? suggestName(folder);
  if (name === undefined)
    throw new UserError(
      'INPUT_MISSING',
      `the folder ${printable(folder)} has no name that a workspace can have`,
      'Name it with --name, e.g. npx create-twelve-service workspace . --name shop',
    );
  const named = { ...invocation, positionals: [], answers: { ...invocation.answers, ...given({ name }) } };
  const { raw } = await collectAnswers(generator, { ...named, flags: { ...flags, dir } }, cwd);
  const options = { cwd, beforeCommit, dir, overwrite: false, planOnly: flags.plan !== undefined };
  return finish(await generator.run(raw, options), generator, invocation, context);
}
