import { phraseOf, type Resource } from '../../../engine/core/service/resource.ts';
import type { RenderContext } from '../../../engine/core/template/template.ts';
import { sampleExpression, wrongExpression } from './samples.ts';
import { schemaImport, schemaOf } from './zod.ts';

/** The longest line of the service's code. */
const WIDTH = 100;

/**
 * resource -> what its templates may name
 * @throws {RangeError} for a unique field with too few values
 */
export function resourceContext(resource: Resource): RenderContext {
  const { plural, table, columns, number } = resource;
  const uniques = columns.filter(({ field }) => field.isUnique);
  const uniqueNames = uniques.map(({ field }) => JSON.stringify(field.name)).join(', ');
  return {
    plural,
    table,
    number,
    phrase: phraseOf(resource),
    typeImports: [...new Set(columns.flatMap(({ field }) => schemaImport(field) ?? []))].sort().join(', '),
    columns: columns.map(({ field, column, definition, select }, index) => ({
      field: field.name,
      column,
      definition,
      select,
      schema: schemaOf(field),
      insertParameter: `$${index + 1}`,
      // The first two are the id and the version.
      updateParameter: `$${index + 3}`,
      sample: sampleExpression(field),
      wrong: wrongExpression(field),
    })),
    optionals: columns.filter(({ field }) => field.isOptional).map(({ field }) => ({ field: field.name })),
    uniques: uniques.map(({ field, column, bare }) => ({
      field: field.name,
      column,
      constraint: `${table}_${bare}_key`,
    })),
    uniquesFit: `for (const field of [${uniqueNames}] as const) {`.length <= WIDTH,
  };
}
