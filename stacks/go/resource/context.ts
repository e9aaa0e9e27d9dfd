import { oddValue, wrongValue } from '../../../engine/core/service/column-samples.ts';
import { type Column, type ColumnField, lengthOf } from '../../../engine/core/service/columns.ts';
import { phraseOf, type Resource } from '../../../engine/core/service/resource.ts';
import type { RenderContext } from '../../../engine/core/template/template.ts';
import { tagsOf } from '../endpoint/tags.ts';
import { exported, Identifiers, unexported } from '../print/identifiers.ts';
import { composite, print, type StructField, structLines } from '../print/layout.ts';
import { quoted } from '../print/text.ts';
import { sampleExpression } from './samples.ts';

/** Wider than any line: what is printed then has one line for each entry. */
const BROKEN = 1000;

const TYPES: Partial<Record<ColumnField['type']['kind'], string>> = { int: 'int', number: 'float64', boolean: 'bool' };

/** Of PostgreSQL's integer. */
const INT = { min: -2_147_483_648, max: 2_147_483_647 };

/** PostgreSQL has no year 0. */
const YEAR: StructField['tags'] = [['pattern', '^(?:[1-9]|0[1-9]|00[1-9]|000[1-9])']];

/**
 * resource -> what its templates may name
 * @throws {RangeError} for a unique field with too few values
 */
export function goResource(resource: Resource): RenderContext {
  const { name: word, plural, table, columns, number } = resource;
  const identifiers = new Identifiers(['ID', 'Version', 'SchemaOf']);
  const all = columns.map((column) => ({ ...column, goName: identifiers.take(exported(column.field.name)) }));
  const uniques = all.filter(({ field }) => field.isUnique);
  const samples = all.map(({ field }) => [quoted(field.name), sampleExpression(field)] as const);
  const moment = columns.find(({ field }) => field.type.kind === 'datetime')?.field.name ?? '';
  const code = samples.map(([, sample]) => sample).join();
  const name = exported(word);
  return {
    plural,
    table,
    number,
    name,
    own: unexported(word),
    phrase: phraseOf(resource),
    columns: all.map(({ field, column, definition, select, goName }, index) => ({
      column,
      definition,
      select: selectOf({ field, column, select }),
      value: writtenOf(field, goName),
      insertParameter: `$${index + 1}`,
      // The first two are the id and the versions.
      updateParameter: `$${index + 3}`,
    })),
    uniques: uniques.map(({ field, column, bare }) => ({
      constraint: `${table}_${bare}_key`,
      column,
      field: field.name,
    })),
    inputFields: linesOf(all.map(({ field, goName }) => inputField(field, goName))),
    storedFields: linesOf([
      {
        name: 'ID',
        type: 'string',
        tags: [
          ['json', 'id'],
          ['format', 'uuid'],
        ],
      },
      ...all.map(({ field, goName }) => storedField(field, goName)),
      {
        name: 'Version',
        type: 'int',
        tags: [
          ['json', 'version'],
          ['doc', 'Grows with every change; the ETag of the resource'],
        ],
      },
    ]),
    pageFields: linesOf([
      { name: 'Items', type: `[]${name}`, tags: [['json', 'items']] },
      {
        name: 'NextCursor',
        type: '*string',
        tags: [
          ['json', 'nextCursor'],
          ['doc', 'Where the next page begins; null on the last one'],
        ],
      },
    ]).replaceAll(/^/gm, '\t'),
    sample: print(composite('map[string]any', samples), 3, BROKEN),
    wrong: print(
      composite(
        'map[string]any',
        all.map(({ field }) => [quoted(field.name), JSON.stringify(wrongValue(field))]),
      ),
      2,
      BROKEN,
    ),
    odd: quoted(all.flatMap(oddOf).join('')),
    moment,
    uniqueList: uniques.map(({ field }) => quoted(field.name)).join(', '),
    optionalList: all.flatMap(({ field }) => (field.isOptional ? [quoted(field.name)] : [])).join(', '),
    usesPlatform: moment !== '' || uniques.length > 0,
    testImports: ['fmt', 'time']
      .filter((one) => code.includes(`${one}.`))
      .concat('testing')
      .sort()
      .map((one) => ({ line: `"${one}"` })),
  };
}

/** How a column is read: what is no text to the driver is made one. */
function selectOf({ field, column, select }: Pick<Column, 'field' | 'column' | 'select'>): string {
  return field.type.kind === 'uuid' || field.type.kind === 'decimal' ? `${column}::text` : select;
}

/** What is written into a column. */
function writtenOf({ type, isOptional }: ColumnField, goName: string): string {
  if (type.kind !== 'datetime') return `in.${goName}`;
  return `postgres.Moment(${isOptional ? '' : '&'}in.${goName})`;
}

function inputField(field: ColumnField, goName: string): StructField {
  const { name, type, isOptional } = field;
  const goType = TYPES[type.kind] ?? 'string';
  return {
    name: goName,
    type: isOptional ? `*${goType}` : goType,
    tags: [
      ['json', isOptional ? `${name},omitempty` : name],
      ...(isOptional ? [['nullable', 'true'] as const] : []),
      ...inputTags(type),
    ],
  };
}

function inputTags(type: ColumnField['type']): StructField['tags'] {
  switch (type.kind) {
    case 'string': {
      const [low, high] = lengthOf(type);
      return [
        ['minLength', String(low)],
        ['maxLength', String(high)],
        ['format', 'line'],
      ];
    }
    case 'int':
      return [
        ['minimum', String(type.min?.value ?? INT.min)],
        ['maximum', String(type.max?.value ?? INT.max)],
      ];
    case 'date':
    case 'datetime':
      return [...(tagsOf(type) ?? []), ...YEAR];
    case 'url':
    case 'uri':
      return [...(tagsOf(type) ?? []), ['maxLength', '2000']];
    default:
      return tagsOf({ ...type, isNullable: false }) ?? [];
  }
}

function storedField({ name, type, isOptional }: ColumnField, goName: string): StructField {
  const goType = TYPES[type.kind] ?? 'string';
  // What is neither a number of JSON nor null is read as null: see columns.ts.
  const isNullable = isOptional || type.kind === 'number';
  return {
    name: goName,
    type: isNullable ? `*${goType}` : goType,
    tags: [['json', name], ...(type.kind === 'uuid' ? [['format', 'uuid'] as const] : [])],
  };
}

function oddOf({ field, column }: Column): string[] {
  const value = oddValue(field);
  return value === undefined ? [] : [`, ${column} = '${value}'`];
}

/** The lines without the end of the last one, which is that of the template's line. */
function linesOf(fields: readonly StructField[]): string {
  return structLines(fields).replace(/\n$/, '');
}
