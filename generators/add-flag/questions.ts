import { nameQuestion } from '../../engine/core/addition-name.ts';
import type { Question } from '../../engine/core/question.ts';

export const FLAG_QUESTIONS: readonly Question[] = [nameQuestion('What the flag switches', 'new-checkout')];
