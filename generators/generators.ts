import type { Question, RawAnswers } from '../engine/core/question.ts';
import { CREATE_QUESTIONS } from './create/questions.ts';
import type { Outcome, RunOptions } from './session.ts';

/** One verb that makes files: what it asks, and how answers become an outcome. */
export interface Generator {
  readonly name: string;
  readonly description: string;
  /** The question that the positional argument answers. */
  readonly positional: string;
  readonly questions: readonly Question[];
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
];
