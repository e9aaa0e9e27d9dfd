import { UserError } from '../../engine/core/errors.ts';
import { nameForms } from '../../engine/core/names.ts';
import { type Field, parseFields } from '../../engine/core/service/field.ts';
import { nextMigration, refuseTakenMigration, requireDatabase } from '../../engine/core/service/migrations.ts';
import { findRoutes, OPERATIONS, shapeOf } from '../../engine/core/service/route.ts';
import { renderTemplate } from '../../engine/core/template/render.ts';
import type { RenderContext } from '../../engine/core/template/template.ts';
import type { Growth } from '../grow.ts';
import { type Column, toColumn } from './columns.ts';
import { RESOURCE_QUESTIONS } from './questions.ts';
import { sampleExpression, wrongExpression } from './samples.ts';

const WIDTH = 100;

/** PostgreSQL cuts longer names. */
const MAX_IDENTIFIER = 63;

/** What `migrate` and workers keep. */
const OWN_TABLES = ['schema_migrations', 'jobs'];

export const RESOURCE: Growth = {
  generator: 'add-resource',
  questions: RESOURCE_QUESTIONS,
  template: 'resource',
  variables: () => new Set(Object.keys(resourceContext('sample', 'samples', parseFields(['a:int']), '1'))),
  example: 'npx create-twelve-service add-resource invoice number:string:unique total:decimal',
  propose: async (service, answers, template, now) => {
    requireDatabase(service, 'a resource');
    const name = String(answers.name);
    const plural = String(answers.plural) || pluralOf(name);
    const table = nameForms(plural).snakeName;
    const isRecorded = Object.hasOwn(service.manifest.additions ?? {}, `add-resource ${name}`);
    try {
      const fields = parseFields(answers.field as readonly string[]);
      const context = resourceContext(name, plural, fields, nextMigration(service, now));
      if (!isRecorded) {
        refuseTakenMigration(service, table);
        refuseTakenPath(findRoutes(service.tree), `/${plural}`);
      }
      return {
        additions: [
          {
            generator: 'add-resource',
            name,
            answers,
            files: await renderTemplate(template, {}, context),
            notes: [`/${plural} is served once the table is there: node dist/main.js migrate`],
          },
        ],
      };
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      throw new UserError('INPUT_INVALID', error.message, 'Correct it and run it again.', { cause: error });
    }
  },
};

function refuseTakenPath(found: ReturnType<typeof findRoutes>, path: string): void {
  if (OPERATIONS.includes(path))
    throw new RangeError(`${path} is what every service answers by itself; choose another name with --plural`);
  const other = found.find((route) => shapeOf(route.path) === path || shapeOf(route.path) === `${path}/:`);
  if (other)
    throw new UserError('NAME_TAKEN', `${other.file} has ${other.path} already`, 'Choose another name, or --plural.');
}

/** The English plural, as far as rules go; `--plural` says better. */
function pluralOf(name: string): string {
  if (/(s|x|z|ch|sh)$/.test(name)) return `${name}es`;
  return /[^aeiou]y$/.test(name) ? `${name.slice(0, -1)}ies` : `${name}s`;
}

function resourceContext(name: string, plural: string, fields: readonly Field[], number: string): RenderContext {
  const columns = fields.map(toColumn);
  const twice = columns.find(({ bare }, index) => columns.findIndex((other) => other.bare === bare) !== index);
  if (twice) throw new RangeError(`${twice.field.name} has the column ${twice.bare}, which another field has too`);
  const { snakeName: table } = nameForms(plural);
  if (OWN_TABLES.includes(table))
    throw new RangeError(`the table ${table} is the service's own; choose another name with --plural`);
  const long = columns.find(({ field, bare }) => field.isUnique && `${table}_${bare}_key`.length > MAX_IDENTIFIER);
  if (long)
    throw new RangeError(
      `${long.field.name}: the name of its constraint would have more than ${MAX_IDENTIFIER} characters`,
    );
  const words = name.replaceAll('-', ' ');
  const uniques = columns.filter(({ field }) => field.isUnique);
  const lines = (each: (column: Column, index: number) => string) => columns.map(each).join('\n');
  const list = (separator: string, each: (column: Column, index: number) => string) =>
    columns.map(each).join(separator);
  return {
    plural,
    table,
    number,
    phrase: `${/^[aeiou]/.test(words) ? 'an' : 'a'} ${words}`,
    typeImports: [...new Set(columns.flatMap(({ imports }) => imports))].sort().join(', '),
    members: lines(({ field, zod }) => member(field, zod)),
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

/** One line, or broken as the formatter would. */
function member({ name, values = [], isOptional }: Field, zod: string): string {
  const line = `  ${name}: ${zod},`;
  if (line.length <= WIDTH) return line;
  const items = (indent: string) => values.map((value) => `${indent}${JSON.stringify(value)},\n`).join('');
  return isOptional
    ? `  ${name}: z\n    .enum([\n${items('      ')}    ])\n    .nullable()\n    .default(null),`
    : `  ${name}: z.enum([\n${items('    ')}  ]),`;
}

function uniqueList(names: readonly string[]): string {
  if (names.length === 0) return '';
  const line = `[${names.map((name) => JSON.stringify(name)).join(', ')}]`;
  if (line.length + 30 <= WIDTH) return line;
  return `[\n${names.map((name) => `  ${JSON.stringify(name)},\n`).join('')}]`;
}
