import type { Question } from '../../engine/core/question.ts';
import { nameQuestion } from '../../engine/core/service/addition-name.ts';

/** With the service's name in front, the worker's is a service of compose. */
const COMPOSE_SERVICES = ['postgres', 'redis', 'migrate', 'test', 'psql'];

export const WORKER_QUESTIONS: readonly Question[] = [
  nameQuestion('What the worker is for', 'invoice-mailer', COMPOSE_SERVICES),
];
