import { nameQuestion } from '../../engine/core/addition-name.ts';
import type { Question } from '../../engine/core/question.ts';

export const TASK_QUESTIONS: readonly Question[] = [nameQuestion('What the task does', 'backfill-totals')];
