import { oddValue, wrongValue } from '../../../engine/core/service/column-samples.ts';
import { phraseOf, type Resource } from '../../../engine/core/service/resource.ts';
import type { RenderContext } from '../../../engine/core/template/template.ts';
import { fixed, json, list, object, spread, text } from '../print/code.ts';
import { printImport, printMember, printWithin } from '../print/print.ts';
import { sampleExpression } from './samples.ts';
import { schemaImport, schemaOf, storedSchemaOf } from './zod.ts';

/**
 * resource -> what its templates may name
 * @throws {RangeError} for a unique field with too few values, and for a name that the service's linter refuses
 */
export function resourceContext(resource: Resource): RenderContext {
  const { plural, table, columns, number } = resource;
  if (columns.some(({ field }) => field.name === 'then'))
    throw new RangeError('then: an object with this member is taken for a promise');
  const uniques = columns.filter(({ field }) => field.isUnique);
  const types = [...new Set(columns.flatMap(({ field }) => schemaImport(field) ?? []))];
  return {
    plural,
    table,
    number,
    phrase: phraseOf(resource),
    typeImports: types.length === 0 ? '' : printImport(types, '../../platform/field-types.ts'),
    columns: columns.map(({ field, column, definition, select }, index) => ({
      field: field.name,
      column,
      definition,
      select,
      schema: printMember(field.name, schemaOf(field), 1),
      storedSchema: printMember(field.name, storedSchemaOf(field), 1),
      insertParameter: `$${index + 1}`,
      // The first two are the id and the version.
      updateParameter: `$${index + 3}`,
      sample: printMember(field.name, sampleExpression(field), 2),
      wrong: printMember(field.name, json(wrongValue(field)), 1),
    })),
    odds: columns.flatMap(({ field, column }) => {
      const value = oddValue(field);
      return value === undefined ? [] : [{ column, value }];
    }),
    ...momentOf(resource),
    optionals: columns.filter(({ field }) => field.isOptional).map(({ field }) => ({ field: field.name })),
    uniques: uniques.map(({ field, column, bare }) => {
      const constraint = `${table}_${bare}_key`;
      return { constraint, column, uniqueField: printMember(constraint, text(field.name), 1) };
    }),
    forEachUnique: printWithin(
      'for (const field of ',
      fixed(list(uniques.map(({ field }) => text(field.name)))),
      ') {',
    ),
  };
}

/** The first column that holds a moment, and how a test creates one in another zone. */
function momentOf({ columns }: Resource): { moment: string; createMoment: string } {
  const field = columns.find((column) => column.field.type.kind === 'datetime')?.field;
  if (field === undefined) return { moment: '', createMoment: '' };
  const payload = object([spread('sample()'), [field.name, text('2026-02-28T14:30:00+02:00')]]);
  return { moment: field.name, createMoment: printWithin('const item = await create(', payload, ');', 1) };
}
