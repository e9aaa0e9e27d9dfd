import type { Addition } from '../../engine/core/service/addition.ts';
import { nextMigration, refuseTakenMigration, requireDatabase } from '../../engine/core/service/migrations.ts';
import { renderTemplate } from '../../engine/core/template/render.ts';
import type { RenderContext } from '../../engine/core/template/template.ts';
import type { AdditionRequest } from '../generator.ts';
import { migrationSql } from './sql.ts';

/**
 * name -> a pair of files, numbered by the clock
 * @throws {UserError} NAME_TAKEN, since a second one of that name would be another migration
 */
export async function addMigration({ service, answers, template, now }: AdditionRequest): Promise<Addition> {
  const name = String(answers.name);
  requireDatabase(service, 'a migration');
  refuseTakenMigration(service, name);
  const number = nextMigration(service, now);
  return {
    generator: 'add-migration',
    name,
    answers,
    files: await renderTemplate(template, {}, migrationContext(name, number)),
    notes: [`write migrations/${number}_${name}.up.sql and its way back before you migrate`],
  };
}

export function migrationContext(name: string, number: string): RenderContext {
  return { name, number, ...migrationSql(name) };
}
