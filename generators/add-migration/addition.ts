import { variablesOf } from '../../engine/core/template/template.ts';
import type { AdditionCode } from '../generator.ts';
import { addMigration, migrationContext } from './plan.ts';

export const MIGRATION: AdditionCode = {
  variables: () => variablesOf(migrationContext('sample', '1')),
  make: async (request) => ({ additions: [await addMigration(request)] }),
};
