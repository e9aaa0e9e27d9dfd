import { basename, resolve } from 'node:path';
import { UserError } from '../../engine/core/errors.ts';
import type { RawAnswers } from '../../engine/core/question.ts';
import { canAsk } from '../../engine/io/terminal.ts';
import type { Generator } from '../../generators/generator.ts';
import { answersFrom, promptsOf } from '../../generators/prompts.ts';
import type { Invocation } from '../command-line/command.ts';
import type { GROW_OPTIONS } from '../command-line/options.ts';

/** Answers of every origin. */
interface CollectedAnswers {
  readonly raw: RawAnswers;
  /** Whether somebody was asked. */
  readonly asked: boolean;
}

/**
 * The answers of `--answers FILE`, then of flags and arguments, then of a person, if anybody is there to ask.
 * @param beforeAsking called with what is given if a person will be asked for the rest; what it throws ends the run
 * @throws {UserError} INPUT_INVALID for what is given twice, and for a file of answers that cannot be read
 */
export async function collectAnswers(
  generator: Generator,
  { positionals, flags, answers }: Invocation<typeof GROW_OPTIONS>,
  cwd: string,
  beforeAsking?: (given: RawAnswers) => void,
): Promise<CollectedAnswers> {
  const file = flags.answers === undefined ? {} : await (await import('./answers.ts')).readAnswers(flags.answers, cwd);
  const given = { ...file, ...withArguments(generator, answers, positionals) };
  // Standard input cannot carry both answers and a person's keys.
  if (flags.yes || flags.answers === '-') return { raw: given, asked: false };
  const prompts = promptsOf(generator, given);
  if (prompts.length === 0 || !(await canAsk())) return { raw: given, asked: false };
  beforeAsking?.(given);
  const { ask } = await import('../../engine/io/prompts/inquirer.ts');
  return { raw: { ...given, ...answersFrom(generator.questions, await ask(prompts)) }, asked: true };
}

/** The first argument answers one question, further ones another. */
function withArguments(
  { positional, rest, joins }: Generator,
  answers: RawAnswers,
  positionals: readonly string[],
): RawAnswers {
  // `add-endpoint POST /orders` without quotes.
  const [value, ...others] = joins && positionals.length > 0 ? [positionals.join(' ')] : positionals;
  if (value === undefined) return answers;
  if (answers[positional] !== undefined)
    throw new UserError(
      'INPUT_INVALID',
      `the ${positional} is given twice, as an argument and as --${positional}`,
      'Give it once.',
    );
  return { ...answers, [positional]: value, ...(rest && others.length > 0 ? { [rest]: others } : {}) };
}

/** `.` is the working folder, or that of `--dir`; the service is named after it. */
export function nameAfterFolder<All extends Invocation<typeof GROW_OPTIONS>>(invocation: All, cwd: string): All {
  const { positionals, flags } = invocation;
  if (positionals[0] !== '.') return invocation;
  const dir = flags.dir ?? '.';
  return { ...invocation, positionals: [basename(resolve(cwd, dir))], flags: { ...flags, dir } };
}
