import { oddValue, wrongValue } from '../../../engine/core/service/column-samples.ts';
import { type Column, type ColumnField, lengthOf } from '../../../engine/core/service/columns.ts';
import { phraseOf, type Resource } from '../../../engine/core/service/resource.ts';
import type { RenderContext } from '../../../engine/core/template/template.ts';
import { importCode, importsOf, isImported } from '../endpoint/imports.ts';
import { annotated, typeCode, valueCode } from '../endpoint/schema.ts';
import { printType } from '../endpoint/types.ts';
import { className, Identifiers, variable } from '../print/identifiers.ts';
import { type Code, call, dictOf, listOf, print, union } from '../print/layout.ts';
import { quoted } from '../print/text.ts';
import { decoratorsOf } from './decorators.ts';
import { sampleExpression } from './samples.ts';
import { signaturesOf } from './signatures.ts';

/** Wider than any line: what is printed then has one line for each entry. */
const BROKEN = 1000;

/** Of PostgreSQL's integer. */
const INT = { min: -2_147_483_648, max: 2_147_483_647 };

const STORED: Partial<Record<ColumnField['type']['kind'], string>> = {
  date: 'StoredDate',
  datetime: 'StoredMoment',
  url: 'StoredUrl',
  uri: 'StoredUri',
};

const READ: Partial<Record<ColumnField['type']['kind'], string>> = {
  int: 'int',
  number: 'float',
  boolean: 'bool',
  uuid: 'Uuid',
};

interface Attribute extends Column {
  /** What the column is called in code. */
  readonly attribute: string;
}

/**
 * resource -> what its templates may name
 * @throws {RangeError} for a unique field with too few values
 */
export function pythonResource(resource: Resource): RenderContext {
  const { plural, table, columns, number } = resource;
  const identifiers = new Identifiers(['id', 'version']);
  const all = columns.map((column) => ({ ...column, attribute: identifiers.take(variable(column.field.name)) }));
  const uniques = all.filter(({ field }) => field.isUnique);
  const name = classOf(resource.name);
  const inputFields = all.map((one) => memberCode(one, inputType(one.field), one.field.isOptional ? ' = None' : ''));
  const storedFields = all.map((one) => memberCode(one, storedType(one.field), ''));
  const samples = all.map(({ field }) => [quoted(field.name), sampleExpression(field)] as const);
  const odd = all.flatMap(({ field, bare }) => {
    const value = oddValue(field);
    return value === undefined ? [] : [[quoted(bare), quoted(value)] as const];
  });
  const wrong = all.map(({ field }) => [quoted(field.name), valueCode(wrongValue(field))] as const);
  const decorated = decoratorsOf(resource, uniques.length > 0, name);
  return {
    plural,
    table,
    number,
    name,
    inputBase: 'Input',
    module: plural.replaceAll('-', '_'),
    phrase: phraseOf(resource),
    imports: storeImports([...inputFields, ...storedFields].join('\n'), uniques.length > 0).map((line) => ({ line })),
    storeImport: importCode(`service.features.${plural.replaceAll('-', '_')}_store`, [
      name,
      `${name}Input`,
      `${name}Store`,
    ]),
    columns: all.map((one) => ({
      column: one.column,
      definition: one.definition,
      select: selectOf(one),
      attribute: one.attribute,
    })),
    uniques: uniques.map(({ field, column, bare }) => ({
      constraint: `${table}_${bare}_key`,
      column,
      field: field.name,
    })),
    inputFields: inputFields.map((line) => ({ line })),
    storedFields: storedFields.map((line) => ({ line })),
    ...decorated,
    ...signaturesOf(name),
    times: timesOf(samples.map(([, code]) => code).join()),
    counter: samples.some(([, code]) => /\bn\b/.test(code.replace(/^"[^"]*"$/, ''))) ? 'n' : '_',
    sample: print(dictOf(samples), 1, BROKEN),
    wrong: print(dictOf(wrong), 2, BROKEN),
    odd: print(dictOf(odd), 2, 'odd=,'.length),
    moment: quoted(columns.find(({ field }) => field.type.kind === 'datetime')?.field.name ?? ''),
    uniqueList: namesCode(uniques, 'uniques'),
    optionalList: namesCode(
      all.filter(({ field }) => field.isOptional),
      'optionals',
    ),
  };
}

/** The name of its class: what its modules import keeps its own. */
function classOf(word: string): string {
  const name = className(word);
  return isImported(name) ? `${name}Item` : name;
}

function namesCode(columns: readonly Attribute[], name: string): string {
  return print(listOf(columns.map(({ field }) => quoted(field.name))), 2, name.length + 2);
}

function memberCode({ field, attribute }: Attribute, type: Code, tail: string): string {
  const noted = attribute === field.name ? type : annotated(type, call('Field', [['alias', quoted(field.name)]]));
  return `${attribute}: ${printType(noted, 1, attribute.length + 2 + tail.length)}${tail}`;
}

function inputType({ type, isOptional }: ColumnField): Code {
  const bare = bareType(type);
  return isOptional ? union([bare, 'None']) : bare;
}

function bareType(type: ColumnField['type']): Code {
  const stored = STORED[type.kind];
  if (stored !== undefined) return stored;
  if (type.kind === 'string') {
    const [low, high] = lengthOf(type);
    const args = [
      ...(low === 1 ? [] : [['min', String(low)] as const]),
      ...(high === 200 ? [] : [['max', String(high)] as const]),
    ];
    return annotated('str', call('Line', args));
  }
  const bare = { ...type, isNullable: false };
  if (bare.kind !== 'int') return typeCode(bare, 'json', () => 'Any');
  const bound = (value: number) => ({ value, isExclusive: false });
  const { min = bound(INT.min), max = bound(INT.max) } = bare;
  return typeCode({ ...bare, min, max }, 'json', () => 'Any');
}

/** What is neither a number of JSON nor null is read as null: see columns.ts. */
function storedType({ type, isOptional }: ColumnField): Code {
  const bare = READ[type.kind] ?? 'str';
  return isOptional || type.kind === 'number' ? union([bare, 'None']) : bare;
}

/** How a column is read: what is no text to the driver is made one, and it is called as in code. */
function selectOf({ field, column, select, attribute }: Attribute): string {
  const isText = field.type.kind === 'uuid' || field.type.kind === 'decimal';
  const read = isText ? `${column}::text` : select.replace(/ as "[^"]*"$/, '');
  return read === attribute ? read : `${read} as ${attribute}`;
}

function storeImports(fields: string, hasUniques: boolean): string[] {
  const own = [
    'Input',
    'Output',
    'Uuid',
    'Annotated',
    'Field',
    'Postgres',
    ...(hasUniques ? ['Problem', 'UniqueViolation'] : []),
  ];
  return importsOf(`${fields}\n${own.join(' ')}`);
}

/** What a test imports for dates. */
function timesOf(code: string): string {
  const names = ['UTC', 'date', 'datetime', 'timedelta'].filter((name) => new RegExp(`\\b${name}\\b[.(,)]`).test(code));
  return names.length === 0 ? '' : `from datetime import ${names.join(', ')}`;
}
