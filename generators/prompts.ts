import { answerProblem, type Question, type RawAnswers } from '../engine/core/question.ts';
import type { Prompt, PromptChoice } from '../engine/io/prompts/prompt.ts';
import type { Generator } from './generator.ts';

/** The most values of one list that are asked for; flags take any number. */
const MAX_ASKED = 20;

/** A list is asked value by value, until one is empty. */
const listNames = (name: string): string[] => Array.from({ length: MAX_ASKED }, (_, index) => `${name}-${index + 1}`);

/**
 * The questions of a generator as prompts, for plop and for the command line.
 * @param given answers that need no prompt
 */
export function promptsOf({ questions, isComplete }: Generator, given: RawAnswers = {}): Prompt[] {
  if (isComplete?.(given)) return [];
  return questions
    .filter(({ asked, name }) => asked && given[name] === undefined)
    .flatMap((question) => toPrompts(question, given));
}

/** Answers by the names of the questions, from answers by the names of their prompts. */
export function answersFrom(questions: readonly Question[], answers: object): RawAnswers {
  const all = answers as Record<string, unknown>;
  return Object.fromEntries(
    questions.flatMap(({ name, schema }) => {
      if (schema.type !== 'array') return Object.hasOwn(all, name) ? [[name, all[name]]] : [];
      const values = listNames(name).flatMap((one) => (all[one] ? [all[one]] : []));
      return values.length > 0 ? [[name, values]] : [];
    }),
  );
}

function toPrompts(question: Question, given: RawAnswers): Prompt[] {
  const { name, message, schema } = question;
  if (schema.type !== 'array') return [toPrompt(question, given)];
  return listNames(name).map((one, index, all) => ({
    type: 'input',
    name: one,
    message: index === 0 ? `${message} (empty for none)` : 'and another (empty for no more)',
    when: (answers: Record<string, unknown>) => index === 0 || Boolean(answers[all[index - 1] ?? '']),
    validate: (value: string) => value === '' || (answerProblem(question, [value]) ?? true),
  }));
}

/** A choice with what it brings beside it; once chosen, its name is enough. */
export function choiceOf(value: string, about: string | undefined): PromptChoice {
  return { value, short: value, name: about === undefined ? value : `${value} (${about})` };
}

function toPrompt(question: Question, given: RawAnswers): Prompt {
  const { name, message, schema, default: initial } = question;
  return {
    name,
    message,
    ...(schema.type === 'string' && schema.enum
      ? { type: 'list', choices: schema.enum.map((value) => choiceOf(value, question.about?.[value])) }
      : { type: 'input' }),
    default: typeof initial === 'function' ? (answers: object) => initial({ ...given, ...answers } as never) : initial,
    validate: (value: unknown) => answerProblem(question, value) ?? true,
  };
}
