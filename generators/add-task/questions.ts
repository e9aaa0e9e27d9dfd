import type { Question } from '../../engine/core/question.ts';
import { nameQuestion } from '../../engine/core/service/addition-name.ts';

export const TASK_QUESTIONS: readonly Question[] = [nameQuestion('What the task does', 'backfill-totals')];
