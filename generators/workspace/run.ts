import { dirname, resolve } from 'node:path';
import { printable, UserError } from '../../engine/core/errors.ts';
import { parseAnswers, type RawAnswers } from '../../engine/core/question.ts';
import { loadBuiltin } from '../../engine/io/source/builtin.ts';
import { findStack } from '../../stacks/index.ts';
import { makeNew } from '../create/make-new.ts';
import { renderService } from '../create/plan.ts';
import { type CreateAnswers, createContext, createVariables, forNew } from '../create/questions.ts';
import type { Outcome, RunOptions } from '../outcome.ts';
import { findWorkspace } from './find-workspace.ts';
import { placeNotes } from './place.ts';
import { RECORDED_QUESTIONS } from './questions.ts';

/**
 * raw answers -> answers -> the root of a workspace -> plan -> apply
 * @throws {UserError} with the target as it was before
 */
export async function runWorkspace(raw: RawAnswers, options: RunOptions): Promise<Outcome> {
  const answers = parseAnswers(
    forNew(RECORDED_QUESTIONS),
    raw,
    'npx create-twelve-service workspace shop --yes',
  ) as CreateAnswers;
  const target = resolve(options.cwd, options.dir ?? answers.name);
  const around = findWorkspace(dirname(target));
  if (around !== undefined)
    throw new UserError(
      'NOT_POSSIBLE',
      `${printable(target)} is inside the workspace ${printable(around)}, and no workspace is inside another`,
      'Choose another folder.',
    );
  const stack = findStack(answers);
  const template = loadBuiltin(stack.id, createVariables);
  const tree = await renderService(template, answers, { context: createContext(answers, stack) });
  return {
    generator: 'workspace',
    answers,
    ...(await makeNew(target, tree, options, { notes: placeNotes(target, answers as { ci: string }) })),
  };
}
