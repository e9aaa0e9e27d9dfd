import type { Column } from '../../../engine/core/service/columns.ts';
import { phraseOf, type Resource } from '../../../engine/core/service/resource.ts';
import type { RenderContext } from '../../../engine/core/template/template.ts';
import { sampleExpression, wrongExpression } from './samples.ts';
import { schemaImport, schemaMember } from './zod.ts';

const WIDTH = 100;

/**
 * resource -> what its templates may name
 * @throws {RangeError} for a unique field with too few values
 */
export function resourceContext(resource: Resource): RenderContext {
  const { plural, table, columns, number } = resource;
  const uniques = columns.filter(({ field }) => field.isUnique);
  const lines = (each: (column: Column, index: number) => string) => columns.map(each).join('\n');
  const list = (separator: string, each: (column: Column, index: number) => string) =>
    columns.map(each).join(separator);
  return {
    plural,
    table,
    number,
    phrase: phraseOf(resource),
    typeImports: [...new Set(columns.flatMap(({ field }) => schemaImport(field) ?? []))].sort().join(', '),
    members: lines(({ field }) => schemaMember(field)),
    uniqueFields:
      uniques.length === 0
        ? '{}'
        : `{\n${uniques.map(({ bare, field }) => `  ${table}_${bare}_key: "${field.name}",\n`).join('')}}`,
    selects: lines(({ select }) => `  ${select},`),
    insertColumns: list(',\n', ({ column }) => `    ${column}`),
    insertParameters: list(', ', (_, index) => `$${index + 1}`),
    updates: lines(({ column }, index) => `    ${column} = $${index + 3},`),
    values: lines(({ field }) => `    input.${field.name},`),
    samples: lines(({ field }) => `    ${field.name}: ${sampleExpression(field)},`),
    optionals: columns
      .filter(({ field }) => field.isOptional)
      .map(({ field }) => `  ${field.name}: null,`)
      .join('\n'),
    uniques: uniqueList(uniques.map(({ field }) => field.name)),
    wrongs: lines(({ field }) => `  ${field.name}: ${wrongExpression(field)},`),
    columns: [
      ...columns.map(({ column, definition }) => `  ${column} ${definition}`),
      '  version integer not null default 1',
      ...uniques.map(({ column, bare }) => `  constraint ${table}_${bare}_key unique (${column})`),
    ].join(',\n'),
  };
}

function uniqueList(names: readonly string[]): string {
  if (names.length === 0) return '';
  const line = `[${names.map((name) => JSON.stringify(name)).join(', ')}]`;
  if (line.length + 30 <= WIDTH) return line;
  return `[\n${names.map((name) => `  ${JSON.stringify(name)},\n`).join('')}]`;
}
