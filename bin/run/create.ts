import { resolve } from 'node:path';
import { clientOf } from '../../engine/core/client.ts';
import { UserError } from '../../engine/core/errors.ts';
import { answerProblem, type Question, type RawAnswers } from '../../engine/core/question.ts';
import { CREATE_QUESTIONS, forNew, questionsFor } from '../../generators/create/questions.ts';
import { refuseOccupied } from '../../generators/create/run.ts';
import type { Generator } from '../../generators/generator.ts';
import type { RunOptions } from '../../generators/outcome.ts';
import { workspaceAround } from '../../generators/workspace/find-workspace.ts';
import { given, type Invocation } from '../command-line/command.ts';
import type { CREATE_OPTIONS } from '../command-line/options.ts';
import type { RunContext } from '../run-context.ts';
import { collectAnswers, nameAfterFolder } from './collect-answers.ts';
import { finish } from './finish.ts';

/**
 * `create NAME`: answers -> plan -> apply -> first commit, dependencies
 * @returns 4 if what comes after the files failed
 */
export async function createService(
  known: Generator,
  asTyped: Invocation<typeof CREATE_OPTIONS>,
  context: RunContext,
): Promise<number> {
  const { cwd, beforeCommit } = context;
  const generator = { ...known, questions: forNew(known.questions) };
  const invocation = nameAfterFolder(asTyped, cwd);
  const { flags, standard } = invocation;
  if (flags.trust.length > 0 && standard === undefined)
    throw new UserError('INPUT_INVALID', '--trust is for what a preset brings', 'Name the preset with --preset too.');
  const options = {
    cwd,
    beforeCommit,
    overwrite: flags.overwrite,
    planOnly: flags.plan !== undefined,
    trusted: flags.trust,
    ...given({ dir: flags.dir, standard }),
  };
  const { raw: answers } = await collectAnswers(withRoom(generator, options), invocation, cwd, ({ name }) =>
    refuseOccupied(name === undefined ? undefined : String(name), options),
  );
  const raw = withClient(answers, generator);
  const outcome = await generator.run(raw, options).catch(async (error: unknown) => {
    const { withReadyCommand } = await import('./ready-command.ts');
    throw withReadyCommand(error, generator, flags, raw, options);
  });
  return finish(outcome, generator, invocation, context);
}

/** Whose client can install a service gets one for it, unless an answer says otherwise, or a preset anything about it. */
function withClient(raw: RawAnswers, { questions }: Generator): RawAnswers {
  const client = clientOf(process.env);
  const ours = questionsFor(raw, questions).find(
    (one) => one.name === 'packageManager' && CREATE_QUESTIONS.includes(one),
  );
  if (client === undefined || ours === undefined || raw.packageManager !== undefined) return raw;
  return answerProblem(ours, client) === undefined ? { ...raw, packageManager: client } : raw;
}

/** A person who is asked for the name hears at once that its folder is not empty. */
function withRoom(create: Generator, options: RunOptions): Generator {
  const questions = create.questions.map((question) =>
    question.name === 'name' ? { ...question, check: checkRoom(question, options) } : question,
  );
  // In a workspace, pipelines are in its root.
  const inWorkspace = workspaceAround(resolve(options.cwd, options.dir ?? 'service')) !== undefined;
  return { ...create, questions: inWorkspace ? questions.filter(({ name }) => name !== 'ci') : questions };
}

function checkRoom({ check }: Question, options: RunOptions): NonNullable<Question['check']> {
  return (name, rule) => {
    check?.(name, rule);
    try {
      refuseOccupied(name, options);
    } catch (error) {
      throw error instanceof UserError ? new RangeError(`${error.message}; choose another name`) : error;
    }
  };
}
