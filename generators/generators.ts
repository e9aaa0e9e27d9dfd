import type { Question, RawAnswers } from '../engine/core/question.ts';
import { ENDPOINT_QUESTIONS } from './add-endpoint/questions.ts';
import { MIGRATION_QUESTIONS } from './add-migration/questions.ts';
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
  /** Whether what is given leaves nothing to ask. */
  readonly isComplete?: (given: RawAnswers) => boolean;
  readonly run: (raw: RawAnswers, options: RunOptions) => Promise<Outcome>;
}

/** Every generator: the command line, plop, `describe` and the help text all read this table. */
export const GENERATORS: readonly Generator[] = [
  {
    name: 'create',
    description: 'Create a twelve-factor service',
    positional: 'name',
    questions: CREATE_QUESTIONS,
    run: async (raw, options) => (await import('./create/run.ts')).runCreate(raw, options),
  },
  {
    name: 'add-endpoint',
    description: 'Add an HTTP endpoint with its schemas, handler and test',
    positional: 'route',
    joins: true,
    questions: ENDPOINT_QUESTIONS,
    isComplete: ({ from }) => from !== undefined,
    run: async (raw, options) => (await import('./add-endpoint/run.ts')).runEndpoint(raw, options),
  },
  {
    name: 'add-migration',
    description: 'Add a database migration and its way back',
    positional: 'name',
    questions: MIGRATION_QUESTIONS,
    run: async (raw, options) => grow((await import('./add-migration/growth.ts')).MIGRATION, raw, options),
  },
];

async function grow(growth: import('./grow.ts').Growth, raw: RawAnswers, options: RunOptions): Promise<Outcome> {
  return (await import('./grow.ts')).runGrowth(growth, raw, options);
}
