import { printable } from '../../engine/core/errors.ts';
import { askText } from '../../engine/core/question.ts';
import type { OpenQuestion } from '../../maintenance/upgrade/open-questions.ts';

/** `tier has no answer: How critical it is (gold, silver)`, on one line. */
export function questionText({ name, message, choices, reason }: OpenQuestion): string {
  return printable(`${name} ${reason}: ${askText(message, choices)}`);
}
