import { HEADER_NAME, memberProblem } from '../../../engine/core/service/fields/names.ts';
import { nameText } from '../../../engine/core/service/fields/text.ts';
import type { Documents } from './documents.ts';
import { Inexpressible } from './inexpressible.ts';
import type { Place } from './place.ts';
import type { Said, SaidObject } from './schema/said.ts';
import type { SchemaReader } from './schema/schema.ts';
import { listItem, NEVER_NULL, plainType, textField } from './text-type.ts';

/** The parameters of an operation as answers. */
export interface Parameters {
  readonly param: readonly string[];
  readonly query: readonly string[];
  readonly header: readonly string[];
}

/** OpenAPI says of these that their parameter is ignored; the rest belongs to the connection. */
const OWN_HEADERS = new Set(
  (
    'accept authorization connection content-length content-type expect host keep-alive te trailer transfer-encoding ' +
    'upgrade'
  ).split(' '),
);
const MAX_PARAM = 100;

/**
 * @param names of the path's parameters in the document -> in the route
 * @throws {Inexpressible} for a path that no route can have
 */
export function readParameters(
  documents: Documents,
  schemas: SchemaReader,
  given: readonly Place[],
  names: ReadonlyMap<string, string>,
): Parameters {
  const found = { param: [] as string[], query: [] as string[], header: [] as string[] };
  const resolved = given.map((one) => documents.resolve(one));
  // An operation's parameter replaces the path's of the same name.
  const keys = resolved.map((one) => `${one.peek('in')} ${one.peek('name')}`);
  const last = new Map(keys.map((key, index) => [key, index]));
  for (const [index, parameter] of resolved.entries()) {
    const name = parameter.peek('name');
    const own = given[index];
    if (last.get(keys[index] ?? '') !== index) {
      const isTwice = given.some((one, at) => at > index && keys[at] === keys[index] && one.parent === own?.parent);
      if (isTwice) own?.cut('is there twice: the last one of its name is read');
      else own?.use(...own.names);
      parameter.use(...parameter.names);
    } else if (typeof name === 'string') {
      const [place, fields] = readParameter(schemas, parameter, name, names);
      found[place].push(...fields);
    }
  }
  return found;
}

/** The field of a parameter, or none where it is not read. */
function readParameter(
  schemas: SchemaReader,
  parameter: Place,
  name: string,
  names: ReadonlyMap<string, string>,
): readonly [keyof Parameters, readonly string[]] {
  const mark = parameter.peek('required') === true ? '' : '?';
  switch (parameter.peek('in')) {
    case 'path':
      return ['param', readPath(schemas, parameter, name, names)];
    case 'header':
      return ['header', readHeader(schemas, parameter, name, mark)];
    case 'query':
      return ['query', readQuery(schemas, parameter, name, mark)];
    default:
      parameter.cut(
        parameter.peek('in') === 'cookie' ? 'is a cookie, which no endpoint reads' : 'is in no known place',
      );
      return ['query', []];
  }
}

function readPath(schemas: SchemaReader, parameter: Place, name: string, names: ReadonlyMap<string, string>): string[] {
  const own = names.get(name);
  if (own === undefined) {
    parameter.cut('is not in the path');
    return [];
  }
  const style = parameter.peek('style') ?? 'simple';
  if (style !== 'simple')
    throw new Inexpressible(`no endpoint reads a parameter of a path in the style ${String(style)}`, parameter);
  useParameter(parameter);
  return [`${own}:${pathType(parameter, simpleType(schemas, parameter))}`];
}

function readHeader(schemas: SchemaReader, parameter: Place, name: string, mark: string): string[] {
  const isOwn = OWN_HEADERS.has(name.toLowerCase());
  if (isOwn) parameter.cut('belongs to HTTP itself, and OpenAPI ignores it here');
  else if (!HEADER_NAME.test(name)) parameter.cut('has a name that no header of an endpoint can have');
  if (isOwn || !HEADER_NAME.test(name)) return [];
  useParameter(parameter);
  return [`${name}:${simpleType(schemas, parameter)}${mark}`];
}

function useParameter(parameter: Place): void {
  parameter.use('name', 'in');
  parameter.useFlags('required', 'explode');
  if (parameter.peek('style') === 'simple') parameter.use('style');
}

/** A path ends where the router's patience does. */
function pathType(parameter: Place, type: string): string {
  const bounds = /^string((?:[<>]=?\d+)+)$/.exec(type)?.[1] ?? '';
  const kept = [...bounds.matchAll(/([<>]=?)(\d+)/g)].filter(([, sign, value]) =>
    sign?.startsWith('>') ? Number(value) >= 1 && Number(value) <= MAX_PARAM : Number(value) <= MAX_PARAM,
  );
  if (bounds === '' || kept.map(([text]) => text).join('') === bounds) return type;
  parameter.note('schema', `has other lengths than a router takes, 1 to ${MAX_PARAM}`);
  return `string${kept.map(([text]) => text).join('')}`;
}

function readQuery(schemas: SchemaReader, parameter: Place, name: string, mark: string): string[] {
  const style = parameter.has('style') ? parameter.peek('style') : 'form';
  const explode = parameter.peek('explode');
  if (memberProblem(name) !== undefined) {
    parameter.cut('has a name that no parameter of an endpoint can have');
    return [];
  }
  const said = sayParameter(schemas, parameter);
  parameter.use('name', 'in');
  parameter.useFlags('required');
  const [only] = said?.alternatives ?? [];
  if (only?.kind === 'object' && said?.alternatives.length === 1 && only.fields.length > 0) {
    if (said.isNullable) parameter.note('schema', NEVER_NULL);
    return spreadObject(parameter, only, name, { style, isExploded: explode ?? style === 'form' }, mark);
  }
  const isList = said !== undefined && listItem(said) !== undefined;
  if (style === 'form') {
    parameter.use('style');
    parameter.useFlags('explode');
  } else if (isList) {
    parameter.use('style', 'schema');
    parameter.useFlags('explode');
    parameter.remark(`is a list in the style ${String(style)}, which no endpoint takes apart: any text is taken`);
    return [`${nameText(name)}:string${mark}`];
  }
  const type = plainType(said, 'list', () => parameter.at('schema', 'schema'));
  return [`${nameText(name)}:${type}${mark}${isList && explode === false ? ':csv' : ''}`];
}

/** Members of an object are parameters of their own: `filter[size]` of a deep object, else `size`. */
function spreadObject(
  parameter: Place,
  { fields, rest }: SaidObject,
  name: string,
  { style, isExploded }: { style: unknown; isExploded: unknown },
  mark: string,
): string[] {
  const isDeep = style === 'deepObject';
  if (!isDeep && (style !== 'form' || isExploded !== true)) {
    parameter.cut('is an object in one text: no endpoint reads it');
    return [];
  }
  parameter.use('style');
  parameter.useFlags('explode');
  if (rest !== undefined) parameter.note('schema', 'says what further members are: they are not read');
  return fields.map((field) => {
    const own = nameText(isDeep ? `${name}[${field.name}]` : field.name);
    return `${own}:${textField(field)}${field.isOptional || mark === '?' ? '?' : ''}`;
  });
}

function simpleType(schemas: SchemaReader, parameter: Place): string {
  return plainType(sayParameter(schemas, parameter), 'single', () => parameter.at('schema', 'schema'));
}

function sayParameter(schemas: SchemaReader, parameter: Place): Said | undefined {
  const schema = parameter.at('schema', 'schema');
  return schema && schemas.say(schema, 'request');
}
