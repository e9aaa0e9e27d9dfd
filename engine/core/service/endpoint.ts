import type { AnswerValue } from '../question.ts';
import { HEADER_NAME } from './fields/names.ts';
import { parseFields, parseWhole } from './fields/parse.ts';
import { type Field, fieldsOf, type Type, type Whole } from './fields/type.ts';
import { endpointFolder, parseRoute, type Route } from './route.ts';

/** One endpoint, made from answers that do not contradict each other. */
export interface Endpoint {
  readonly route: Route;
  readonly params: readonly Field[];
  readonly query: readonly Field[];
  readonly headers: readonly Field[];
  readonly body: Whole | undefined;
  /** The media type of the body. */
  readonly bodyType: string;
  readonly response: Type | undefined;
  readonly responseType: string;
  readonly errors: readonly string[];
  readonly status: number;
  readonly summary: string;
  readonly folder: string;
}

export const JSON_TYPE = 'application/json';
export const FORM_TYPE = 'application/x-www-form-urlencoded';

/** Limit for a parameter in the path. A router may answer a longer one with 404, before it validates. */
const MAX_PARAM = 100;
/** Limit for a text in one line of a request, with room for the rest of the line. */
const MAX_TEXT = 2000;

const TEXT: Type = { kind: 'string', isNullable: false };
const PLAIN = { isOptional: false, isUnique: false, isCsv: false };

/** Values that do not arrive as they were sent: nothing in a path, other letters than those of ASCII in a header. */
const UNFIT: Readonly<Record<string, RegExp>> = { '--param': /^$|^\.\.?$/, '--header': /^$|[^ -~]|^ | $/ };

/** What no text says. */
const NOUNS: Partial<Record<Type['kind'], string>> = {
  object: 'an object',
  list: 'a list of lists',
  union: 'one of several types',
  any: 'any value',
  null: 'null',
};

/** Headers that belong to the connection or to HTTP itself. */
const OWN_HEADERS = new Set(
  'connection content-length content-type expect host keep-alive te trailer transfer-encoding upgrade'.split(' '),
);

/**
 * Makes an endpoint from answers.
 * @throws {RangeError} for answers that contradict each other
 */
export function toEndpoint(answers: Readonly<Record<string, AnswerValue>>): Endpoint {
  const list = (name: string): readonly string[] => answers[name] as readonly string[];
  const response = parseWhole(list('response'));
  if (response?.isOptional) throw new RangeError('--response: a whole response cannot be optional');
  const route = parseRoute(String(answers.route));
  const endpoint: Endpoint = {
    route,
    params: pathFields(route, parseFields(list('param'))),
    query: parseFields(list('query')),
    headers: parseFields(list('header'), HEADER_NAME).map((field) => ({ ...field, name: field.name.toLowerCase() })),
    body: parseWhole(list('body')),
    bodyType: String(answers['body-type'] ?? '') || JSON_TYPE,
    response: response?.type,
    responseType: String(answers['response-type'] ?? '') || JSON_TYPE,
    errors: [...new Set(list('error'))].sort(),
    status: Number(answers.status) || defaultStatus(route, response !== undefined),
    summary: String(answers.summary),
    folder: String(answers.folder) || endpointFolder(route),
  };
  checkTogether(endpoint);
  return endpoint;
}

function defaultStatus({ method }: Route, hasResponse: boolean): number {
  if (!hasResponse) return 204;
  return method === 'POST' ? 201 : 200;
}

/** One field for each parameter, in the order of the path. Its type is string if `--param` does not say another. */
function pathFields({ params, path }: Route, typed: readonly Field[]): Field[] {
  const stray = typed.find(({ name }) => !params.includes(name));
  if (stray) throw new RangeError(`--param ${stray.name} is not in the path ${path}`);
  return params.map((name) => {
    const field = typed.find((one) => one.name === name) ?? { name, type: TEXT, ...PLAIN };
    if (field.isOptional) throw new RangeError(`--param ${name} cannot be optional: the path would be a different one`);
    if (field.type.kind !== 'string') return field;
    const { min = { value: 1, isExclusive: false }, max = { value: MAX_PARAM, isExclusive: false } } = field.type;
    if (min.value < 1 || max.value > MAX_PARAM)
      throw new RangeError(`--param ${name} must have 1 to ${MAX_PARAM} characters: the router refuses other lengths`);
    return { ...field, type: { ...field.type, min, max } };
  });
}

function checkTogether(endpoint: Endpoint): void {
  const { route, params, query, headers, body, response, status } = endpoint;
  if (body && route.method === 'GET') throw new RangeError('--body: a GET request has no body');
  checkMediaTypes(endpoint);
  if ((status === 204) !== (response === undefined))
    throw new RangeError('--status: 204 has no --response, and every other status needs one');
  for (const field of params) checkText('--param', field);
  for (const field of query) checkText('--query', field);
  for (const field of headers) checkText('--header', field);
  const own = headers.find(({ name }) => OWN_HEADERS.has(name));
  if (own) throw new RangeError(`--header ${own.name} belongs to HTTP itself`);
  const all = [...params, ...query, ...headers, ...fieldsOf(body?.type), ...fieldsOf(response)];
  const unique = all.find(({ isUnique }) => isUnique);
  if (unique) throw new RangeError(`${unique.name}: only a field of a resource can be unique`);
  const csv = all.find((field) => field.isCsv && !(query.includes(field) && field.type.kind === 'list'));
  if (csv) throw new RangeError(`${csv.name}: only a list in a query can be csv`);
}

function checkMediaTypes({ body, bodyType, response, responseType }: Endpoint): void {
  if (bodyType !== JSON_TYPE && body === undefined) throw new RangeError('--body-type: there is no --body');
  if (responseType !== JSON_TYPE && response === undefined)
    throw new RangeError('--response-type: there is no --response');
  if (bodyType === FORM_TYPE) {
    if (body?.type.kind !== 'object' || body.type.others !== undefined || body.isOptional)
      throw new RangeError('--body: a form has named fields');
    for (const field of body.type.fields) checkText('--body', field);
  }
  const isText = (mediaType: string) => mediaType.startsWith('text/');
  if (isText(bodyType) && (body?.type.kind !== 'string' || body.type.isNullable || body.isOptional))
    throw new RangeError(`--body: a body of the type ${bodyType} is written :string`);
  if (isText(responseType) && (response?.kind !== 'string' || response.isNullable))
    throw new RangeError(`--response: a response of the type ${responseType} is written :string`);
}

/** Refuses what no text in a path, a query, a header or a form can say. */
function checkText(flag: string, { name, type, isCsv }: Field): void {
  const isList = type.kind === 'list';
  const one = isList ? type.item : type;
  if (isList && (flag === '--param' || flag === '--header'))
    throw new RangeError(`${flag} ${name}: a list can only be in a query, a body or a response`);
  const noun = type.isNullable || one.isNullable ? 'null' : NOUNS[one.kind];
  if (noun !== undefined) throw new RangeError(`${flag} ${name}: ${noun} can only be in a body or a response of JSON`);
  if (one.kind === 'string' && (one.min?.value ?? 0) > MAX_TEXT)
    throw new RangeError(`${flag} ${name}: servers refuse more than ${MAX_TEXT} characters there`);
  if (!('values' in one)) return;
  const bad = one.values.find((value) => (isCsv ? /,/ : UNFIT[flag])?.test(String(value)));
  if (bad !== undefined) throw new RangeError(`${flag} ${name}: "${bad}" cannot be a value there`);
}
