import { printable } from '../errors.ts';
import { nearest } from './nearest.ts';

/** An answer, as messages name it: `the answer tier`. */
export function answerText(name: string): string {
  return `the answer ${printable(name)}`;
}

/** Why an answer is wrong whose question there is not; reads well after {@link answerText}. `open`: the questions that there are. */
export function unknownReason(name: string, open: readonly string[]): string {
  const near = nearest(name, open);
  return `belongs to no question${near && near.slips <= 2 ? `; did you mean ${near.word}?` : ''}`;
}
