import { CLIENT_QUESTIONS } from './add-client/questions.ts';
import { DEPLOY_QUESTIONS } from './add-deploy/questions.ts';
import { ENDPOINT_QUESTIONS } from './add-endpoint/questions.ts';
import { FLAG_QUESTIONS } from './add-flag/questions.ts';
import { MIGRATION_QUESTIONS } from './add-migration/questions.ts';
import { RESOURCE_QUESTIONS } from './add-resource/questions.ts';
import { TASK_QUESTIONS } from './add-task/questions.ts';
import { WORKER_QUESTIONS } from './add-worker/questions.ts';
import { CREATE_QUESTIONS } from './create/questions.ts';
import type { AdditionCode, AdditionKind, Generator } from './generator.ts';
import { WORKSPACE_QUESTIONS } from './workspace/questions.ts';

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
    name: 'workspace',
    description: 'Make the root of several services: a gateway in front of them, and one compose project',
    positional: 'name',
    questions: WORKSPACE_QUESTIONS,
    examples: ['workspace shop', 'workspace . --ci none --yes'],
    run: async (raw, options) => (await import('./workspace/run.ts')).runWorkspace(raw, options),
  },
  adding({
    name: 'add-endpoint',
    description: 'Add an HTTP endpoint with its schemas, handler and test',
    positional: 'route',
    joins: true,
    questions: ENDPOINT_QUESTIONS,
    examples: ['add-endpoint "POST /orders/:id/items" --body sku:string', 'add-endpoint --from openapi.yaml'],
    isComplete: ({ from }) => from !== undefined,
    addition: {
      template: 'endpoint',
      load: async () => (await import('./add-endpoint/addition.ts')).ENDPOINT,
    },
  }),
  adding({
    name: 'add-migration',
    description: 'Add a database migration and its way back',
    positional: 'name',
    questions: MIGRATION_QUESTIONS,
    examples: ['add-migration add_paid_at_to_invoices', 'add-migration drop_old_totals --plan'],
    addition: {
      template: 'migration',
      load: async () => (await import('./add-migration/addition.ts')).MIGRATION,
    },
  }),
  adding({
    name: 'add-task',
    description: 'Add a one-off admin task: a verb of the same artifact',
    positional: 'name',
    questions: TASK_QUESTIONS,
    examples: ['add-task backfill-totals', 'add-task reindex --plan'],
    addition: {
      template: 'task',
      load: async () => (await import('./add-task/addition.ts')).TASK,
    },
  }),
  adding({
    name: 'add-worker',
    description: 'Add a process type that works in the background',
    positional: 'name',
    questions: WORKER_QUESTIONS,
    examples: ['add-worker invoice-mailer', 'add-worker mailer --plan'],
    addition: {
      template: 'worker',
      grows: ['compose', 'deploy'],
      load: async () => (await import('./add-worker/addition.ts')).WORKER,
    },
  }),
  adding({
    name: 'add-client',
    description: 'Add a client of another service, with timeout, retries, circuit breaker and bulkhead',
    positional: 'name',
    questions: CLIENT_QUESTIONS,
    examples: ['add-client payments --base-url-env PAYMENTS_URL', 'add-client billing --plan'],
    addition: {
      template: 'client',
      grows: ['dependencies', 'compose', 'pipeline', 'deploy'],
      load: async () => (await import('./add-client/addition.ts')).CLIENT,
    },
  }),
  adding({
    name: 'add-flag',
    description: 'Add a feature flag, by environment and user',
    positional: 'name',
    questions: FLAG_QUESTIONS,
    examples: ['add-flag new-checkout', 'add-flag dark-mode --plan'],
    addition: {
      template: 'flag',
      grows: ['dependencies', 'compose'],
      load: async () => (await import('./add-flag/addition.ts')).FLAG,
    },
  }),
  adding({
    name: 'add-resource',
    description: 'Add a table with its repository and five endpoints',
    positional: 'name',
    rest: 'field',
    questions: RESOURCE_QUESTIONS,
    examples: [
      'add-resource invoice number:string:unique total:decimal',
      'add-resource person name:string --plural people',
    ],
    addition: {
      template: 'resource',
      load: async () => (await import('./add-resource/addition.ts')).RESOURCE,
    },
  }),
  {
    name: 'add-deploy',
    description: 'Add what deploys the service: manifests, and the job of the pipeline',
    positional: 'target',
    questions: DEPLOY_QUESTIONS,
    examples: ['add-deploy kubernetes', 'add-deploy kubernetes --plan'],
    run: async (raw, options) => (await import('./add-deploy/run.ts')).addDeploy(raw, options),
  },
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
