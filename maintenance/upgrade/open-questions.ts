import { answerProblem, choicesOf, type Question, type RawAnswers } from '../../engine/core/question.ts';

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

function problemOf(question: Question, given: unknown): string | undefined {
  if (given !== undefined) return answerProblem(question, given);
  return question.default === undefined ? 'has no answer' : undefined;
}
