import { variablesOf } from '../../engine/core/template/template.ts';
import type { Growth } from '../grow.ts';
import { addMigration, migrationContext } from './plan.ts';
import { MIGRATION_QUESTIONS } from './questions.ts';

export const MIGRATION: Growth = {
  generator: 'add-migration',
  questions: MIGRATION_QUESTIONS,
  template: 'migration',
  variables: () => variablesOf(migrationContext('sample', '1')),
  example: 'npx create-twelve-service add-migration add_paid_at_to_invoices',
  propose: async (request) => ({ additions: [await addMigration(request)] }),
};
