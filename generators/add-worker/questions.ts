import type { Question } from '../../engine/core/question.ts';
import { nameQuestion } from '../../engine/core/service/addition-name.ts';

/** The compose service of a worker is named `<service>-<worker>`: these names are taken. */
const COMPOSE_SERVICES = ['postgres', 'redis', 'migrate', 'test', 'psql'];

export const WORKER_QUESTIONS: readonly Question[] = [
  nameQuestion('What the worker is for', 'invoice-mailer', COMPOSE_SERVICES),
];
