import type { Question } from '../../engine/core/question.ts';

export const MIGRATION_QUESTIONS: readonly Question[] = [
  {
    name: 'name',
    message: 'What it does, e.g. add_paid_at_to_invoices',
    asked: true,
    form: 'lower case words joined by "_", e.g. add_paid_at_to_invoices',
    schema: { type: 'string', maxLength: 60, pattern: '^[a-z][a-z0-9]*(_[a-z0-9]+)*$' },
  },
];
