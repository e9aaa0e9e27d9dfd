import { resolve } from 'node:path';
import { createCommand } from '../../engine/core/client.ts';
import { UserError } from '../../engine/core/errors.ts';
import { parseServiceName } from '../../engine/core/names.ts';
import {
  type AnswerValue,
  answerProblem,
  parseAnswer,
  type Question,
  type RawAnswers,
} from '../../engine/core/question.ts';
import type { Generator } from '../../generators/generator.ts';
import type { RunOptions } from '../../generators/outcome.ts';
import { repeatCommand } from '../../report/repeat-command.ts';
import type { Invocation } from '../command-line/command.ts';
import type { CREATE_OPTIONS } from '../command-line/options.ts';

/** Answers that a person could have given; what a preset asks has none here. */
const PLAUSIBLE: Readonly<Record<string, string | number>> = {
  name: 'orders',
  description: 'Takes orders',
  registry: 'ghcr.io/acme',
  author: 'Acme',
  license: 'MIT',
  port: 8080,
};

/**
 * An error about the answers to a new service, with the command that would do: what was given and can stay, and a value for
 * everything that is missing.
 * @param create with the questions of the preset
 * @param given answers of every origin
 */
export function withReadyCommand(
  error: unknown,
  create: Generator,
  flags: Invocation<typeof CREATE_OPTIONS>['flags'],
  given: RawAnswers,
  { cwd, dir }: RunOptions,
): unknown {
  const isAboutAnswers =
    error instanceof UserError && /^INPUT_(MISSING|INVALID)$/.test(error.code) && error.problems.length > 0;
  if (!isAboutAnswers) return error;
  const answers = Object.fromEntries(
    create.questions.flatMap((question): [string, AnswerValue][] => {
      const value = question.lockedBy === undefined ? usable(question, given[question.name]) : undefined;
      return value === undefined ? [] : [[question.name, value]];
    }),
  );
  const kept = (['preset', 'plan', 'overwrite', 'no-git', 'no-install', 'format'] as const).flatMap((flag) => {
    const value = flags[flag];
    if (value === undefined || value === false) return [];
    return value === true ? [`--${flag}`] : flag === 'plan' ? [`--plan=${value}`] : [`--${flag}`, value];
  });
  const target = resolve(cwd, dir ?? parseServiceName(String(answers.name)).name);
  const outcome = { generator: create.name, target, answers };
  const ready = repeatCommand(outcome, cwd, kept, create, createCommand(process.env));
  const { code, message, problems, cause } = error;
  return new UserError(code, message, `Correct it and run it again, e.g. ${ready}`, { problems, cause });
}

/** What was given, if it is an answer; else one that is, where there is no default. */
function usable(question: Question, given: unknown): AnswerValue | undefined {
  if (given !== undefined && answerProblem(question, given) === undefined) return parseAnswer(question, given);
  return question.default === undefined ? sample(question) : undefined;
}

function sample(question: Question): AnswerValue {
  const { name, schema } = question;
  const plausible = Object.hasOwn(PLAUSIBLE, name) ? [PLAUSIBLE[name]] : [];
  const isFit = (value: unknown) => answerProblem(question, value) === undefined;
  const found = [...plausible, ...samples(schema)].find(isFit);
  return found === undefined ? 'VALUE' : parseAnswer(question, found);
}

function samples(schema: Question['schema']): readonly (string | number)[] {
  if (schema.type === 'array') return [];
  if (schema.type === 'integer') return Array.from({ length: 100 }, (_, index) => schema.minimum + index);
  return schema.enum ?? ['example', 'example'.slice(0, schema.maxLength), 'x', 'y', 'z'];
}
