import type { Question } from '../../engine/core/question.ts';
import { nameQuestion } from '../../engine/core/service/addition-name.ts';

export const FLAG_QUESTIONS: readonly Question[] = [nameQuestion('What the flag switches', 'new-checkout')];
