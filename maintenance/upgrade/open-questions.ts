import { answerProblem, choicesOf, lockedProblem, type Question, type RawAnswers } from '../../engine/core/question.ts';
import { answerText, unknownReason } from '../../engine/core/text/answer-text.ts';

/** A question of the next standard to which a service has no valid answer. Only its team can give one. */
export interface OpenQuestion {
  readonly name: string;
  readonly message: string;
  /** Not set if any text will do. */
  readonly choices?: readonly string[];
  /** Reads well after the name: `has no answer`, `must be one of silver, not "gold"`. */
  readonly reason: string;
}

/**
 * The questions to which a service has no valid answer: new ones without a default, and those that no longer allow the
 * recorded answer.
 * @param raw all answers that the service would be rendered with
 */
export function openQuestions(questions: readonly Question[], raw: RawAnswers): OpenQuestion[] {
  return questions.flatMap((question): OpenQuestion[] => {
    const reason = problemOf(question, Object.hasOwn(raw, question.name) ? raw[question.name] : undefined);
    if (reason === undefined) return [];
    const { name, message } = question;
    const choices = choicesOf(question);
    return [{ name, message, reason, ...(choices ? { choices } : {}) }];
  });
}

/** What is wrong with answers that a person gave, by names: `the answer tier must be one of gold, silver, not ""`. */
export function wrongAnswers(questions: readonly Question[], given: RawAnswers): string[] {
  const open = questions.flatMap(({ name, lockedBy }) => (lockedBy === undefined ? [name] : []));
  return Object.entries(given).flatMap(([name, value]) => {
    const question = questions.find((one) => one.name === name);
    const problem = question
      ? (lockedProblem(question, value) ?? answerProblem(question, value))
      : unknownReason(name, open);
    return problem === undefined ? [] : [`${answerText(name)} ${problem}`];
  });
}

function problemOf(question: Question, given: unknown): string | undefined {
  if (given !== undefined) return answerProblem(question, given);
  return question.default === undefined ? 'has no answer' : undefined;
}
