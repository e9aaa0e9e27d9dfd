import { CLIENT_QUESTIONS } from './add-client/questions.ts';
import { ENDPOINT_QUESTIONS } from './add-endpoint/questions.ts';
import { FLAG_QUESTIONS } from './add-flag/questions.ts';
import { MIGRATION_QUESTIONS } from './add-migration/questions.ts';
import { RESOURCE_QUESTIONS } from './add-resource/questions.ts';
import { TASK_QUESTIONS } from './add-task/questions.ts';
import { WORKER_QUESTIONS } from './add-worker/questions.ts';
import { CREATE_QUESTIONS } from './create/questions.ts';
import type { AdditionCode, AdditionKind, Generator } from './generator.ts';

export type { Generator } from './generator.ts';

/** Every generator: the command line, plop, `describe` and the help text all read this table. */
export const GENERATORS: readonly Generator[] = [
  {
    name: 'create',
    description: 'Create a twelve-factor service',
    positional: 'name',
    questions: CREATE_QUESTIONS,
    run: async (raw, options) => (await import('./create/run.ts')).runCreate(raw, options),
  },
  adding({
    name: 'add-endpoint',
    description: 'Add an HTTP endpoint with its schemas, handler and test',
    positional: 'route',
    joins: true,
    questions: ENDPOINT_QUESTIONS,
    isComplete: ({ from }) => from !== undefined,
    addition: {
      template: 'endpoint',
      example:
        'npx create-twelve-service add-endpoint "POST /orders/:orderId/items" --body quantity:int --response id:uuid',
      load: async () => (await import('./add-endpoint/addition.ts')).ENDPOINT,
    },
  }),
  adding({
    name: 'add-migration',
    description: 'Add a database migration and its way back',
    positional: 'name',
    questions: MIGRATION_QUESTIONS,
    addition: {
      template: 'migration',
      example: 'npx create-twelve-service add-migration add_paid_at_to_invoices',
      load: async () => (await import('./add-migration/addition.ts')).MIGRATION,
    },
  }),
  adding({
    name: 'add-task',
    description: 'Add a one-off admin task: a verb of the same artifact',
    positional: 'name',
    questions: TASK_QUESTIONS,
    addition: {
      template: 'task',
      example: 'npx create-twelve-service add-task backfill-totals',
      load: async () => (await import('./add-task/addition.ts')).TASK,
    },
  }),
  adding({
    name: 'add-worker',
    description: 'Add a process type that works in the background',
    positional: 'name',
    questions: WORKER_QUESTIONS,
    addition: {
      template: 'worker',
      example: 'npx create-twelve-service add-worker invoice-mailer',
      load: async () => (await import('./add-worker/addition.ts')).WORKER,
    },
  }),
  adding({
    name: 'add-client',
    description: 'Add a client of another service, with timeout, retries, circuit breaker and bulkhead',
    positional: 'name',
    questions: CLIENT_QUESTIONS,
    addition: {
      template: 'client',
      example: 'npx create-twelve-service add-client payments --base-url-env PAYMENTS_URL',
      load: async () => (await import('./add-client/addition.ts')).CLIENT,
    },
  }),
  adding({
    name: 'add-flag',
    description: 'Add a feature flag, by environment and user',
    positional: 'name',
    questions: FLAG_QUESTIONS,
    addition: {
      template: 'flag',
      example: 'npx create-twelve-service add-flag new-checkout',
      load: async () => (await import('./add-flag/addition.ts')).FLAG,
    },
  }),
  adding({
    name: 'add-resource',
    description: 'Add a table with its repository and five endpoints',
    positional: 'name',
    rest: 'field',
    questions: RESOURCE_QUESTIONS,
    addition: {
      template: 'resource',
      example: 'npx create-twelve-service add-resource invoice number:string:unique total:decimal',
      load: async () => (await import('./add-resource/addition.ts')).RESOURCE,
    },
  }),
];

/** A generator that grows a service. */
function adding(generator: Omit<Generator, 'run'> & { readonly addition: AdditionKind }): Generator {
  return {
    ...generator,
    run: async (raw, options) => (await import('./grow.ts')).growService(generator, raw, options),
  };
}

/** What adds to a service from the template of a name, e.g. `endpoint`; nothing if no generator has it. */
export async function loadAddition(template: string): Promise<AdditionCode | undefined> {
  return GENERATORS.find(({ addition }) => addition?.template === template)?.addition?.load();
}
