import type { Question, RawAnswers } from '../engine/core/question.ts';
import { CLIENT_QUESTIONS } from './add-client/questions.ts';
import { ENDPOINT_QUESTIONS } from './add-endpoint/questions.ts';
import { FLAG_QUESTIONS } from './add-flag/questions.ts';
import { MIGRATION_QUESTIONS } from './add-migration/questions.ts';
import { RESOURCE_QUESTIONS } from './add-resource/questions.ts';
import { TASK_QUESTIONS } from './add-task/questions.ts';
import { WORKER_QUESTIONS } from './add-worker/questions.ts';
import { CREATE_QUESTIONS } from './create/questions.ts';
import type { Outcome, RunOptions } from './session.ts';

/** One verb that makes files: what it asks, and how answers become an outcome. */
export interface Generator {
  readonly name: string;
  readonly description: string;
  /** The question that the positional argument answers. */
  readonly positional: string;
  /** The question, of several values, that further positional arguments answer. */
  readonly rest?: string;
  /** The positional argument may come as two words. */
  readonly joins?: boolean;
  readonly questions: readonly Question[];
  /** Command lines, without the program's name. */
  readonly examples: readonly [string, string];
  /** Whether what is given leaves nothing to ask. */
  readonly isComplete?: (given: RawAnswers) => boolean;
  readonly run: (raw: RawAnswers, options: RunOptions) => Promise<Outcome>;
}

/** Every generator: plop registers these, and each is a command of the command line. */
export const GENERATORS: readonly Generator[] = [
  {
    name: 'create',
    description: 'Create a twelve-factor service',
    positional: 'name',
    questions: CREATE_QUESTIONS,
    examples: ['create orders', 'create @acme/billing --database none --ci gitlab --yes'],
    run: async (raw, options) => (await import('./create/run.ts')).runCreate(raw, options),
  },
  {
    name: 'add-endpoint',
    description: 'Add an HTTP endpoint with its schemas, handler and test',
    positional: 'route',
    joins: true,
    questions: ENDPOINT_QUESTIONS,
    examples: ["add-endpoint 'GET /orders/:id' --response id:uuid", 'add-endpoint --from openapi.yaml'],
    isComplete: ({ from }) => from !== undefined,
    run: async (raw, options) => (await import('./add-endpoint/run.ts')).runEndpoint(raw, options),
  },
  {
    name: 'add-migration',
    description: 'Add a database migration and its way back',
    positional: 'name',
    questions: MIGRATION_QUESTIONS,
    examples: ['add-migration add-order-status', 'add-migration add-order-status --plan'],
    run: async (raw, options) => grow((await import('./add-migration/growth.ts')).MIGRATION, raw, options),
  },
  {
    name: 'add-task',
    description: 'Add a one-off admin task: a verb of the same artifact',
    positional: 'name',
    questions: TASK_QUESTIONS,
    examples: ['add-task reindex', 'add-task reindex --plan'],
    run: async (raw, options) => grow((await import('./add-task/growth.ts')).TASK, raw, options),
  },
  {
    name: 'add-worker',
    description: 'Add a process type that works in the background',
    positional: 'name',
    questions: WORKER_QUESTIONS,
    examples: ['add-worker mailer', 'add-worker mailer --plan'],
    run: async (raw, options) => grow((await import('./add-worker/growth.ts')).WORKER, raw, options),
  },
  {
    name: 'add-client',
    description: 'Add a client of another service, with timeout, retries, circuit breaker and bulkhead',
    positional: 'name',
    questions: CLIENT_QUESTIONS,
    examples: ['add-client billing', 'add-client billing --plan'],
    run: async (raw, options) => grow((await import('./add-client/growth.ts')).CLIENT, raw, options),
  },
  {
    name: 'add-flag',
    description: 'Add a feature flag, by environment and user',
    positional: 'name',
    questions: FLAG_QUESTIONS,
    examples: ['add-flag new-checkout', 'add-flag new-checkout --plan'],
    run: async (raw, options) => grow((await import('./add-flag/growth.ts')).FLAG, raw, options),
  },
  {
    name: 'add-resource',
    description: 'Add a table with its repository and five endpoints',
    positional: 'name',
    rest: 'field',
    questions: RESOURCE_QUESTIONS,
    examples: [
      'add-resource invoice number:string:unique total:decimal',
      'add-resource person name:string --plural people',
    ],
    run: async (raw, options) => grow((await import('./add-resource/growth.ts')).RESOURCE, raw, options),
  },
];

async function grow(growth: import('./grow.ts').Growth, raw: RawAnswers, options: RunOptions): Promise<Outcome> {
  return (await import('./grow.ts')).runGrowth(growth, raw, options);
}
