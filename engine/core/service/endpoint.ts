import type { AnswerValue } from '../question.ts';
import { type Field, HEADER_NAME, parseFields } from './field.ts';
import { endpointFolder, parseRoute, type Route } from './route.ts';

/** One endpoint, made from answers that do not contradict each other. */
export interface Endpoint {
  readonly route: Route;
  readonly params: readonly Field[];
  readonly query: readonly Field[];
  readonly headers: readonly Field[];
  readonly body: readonly Field[];
  readonly response: readonly Field[];
  /** Whether the response is a list. Its one field is then the type of the items. */
  readonly isListResponse: boolean;
  readonly errors: readonly string[];
  readonly status: number;
  readonly summary: string;
  readonly folder: string;
}

/** `--response "[]:{id:uuid}"` */
export const LIST_RESPONSE = /^\[\]:/;

/** Limit for a parameter in the path. A router may answer a longer one with 404, before it validates. */
const MAX_PARAM = 100;
/** Limit for a text in one line of a request, with room for the rest of the line. */
const MAX_TEXT = 2000;

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
  const isListResponse = list('response').some((text) => LIST_RESPONSE.test(text));
  if (isListResponse && list('response').length > 1)
    throw new RangeError('--response: a list is the whole response and cannot have other fields beside it');
  const route = parseRoute(String(answers.route));
  const endpoint: Endpoint = {
    route,
    params: pathFields(route, parseFields(list('param'))),
    query: parseFields(list('query')),
    headers: parseFields(list('header'), HEADER_NAME).map((field) => ({ ...field, name: field.name.toLowerCase() })),
    body: parseFields(list('body')),
    response: parseFields(list('response').map((text) => text.replace(LIST_RESPONSE, 'items:'))),
    isListResponse,
    errors: [...new Set(list('error'))].sort(),
    status: Number(answers.status) || defaultStatus(route, list('response').length > 0),
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
    const field = typed.find((one) => one.name === name) ?? {
      name,
      type: 'string',
      isList: false,
      isOptional: false,
      isNullable: false,
      isUnique: false,
    };
    if (field.isOptional) throw new RangeError(`--param ${name} cannot be optional: the path would be a different one`);
    if (field.type !== 'string') return field;
    const { min = { value: 1, isExclusive: false }, max = { value: MAX_PARAM, isExclusive: false } } = field;
    if (min.value < 1 || max.value > MAX_PARAM)
      throw new RangeError(`--param ${name} must have 1 to ${MAX_PARAM} characters: the router refuses other lengths`);
    return { ...field, min, max };
  });
}

function checkTogether({ route, params, query, headers, body, response, isListResponse, status }: Endpoint): void {
  if (isListResponse && response.some(({ isList, isOptional, isNullable }) => isList || isOptional || isNullable))
    throw new RangeError('--response: the items of a list cannot be optional, null or lists');
  if (body.length > 0 && (route.method === 'GET' || route.method === 'DELETE'))
    throw new RangeError(`--body: a ${route.method} request has no body`);
  if ((status === 204) !== (response.length === 0))
    throw new RangeError('--status: 204 has no --response, and every other status needs one');
  const flat = { '--param': params, '--query': query, '--header': headers };
  for (const [flag, fields] of Object.entries(flat)) {
    for (const { name, type, isList, isNullable, min } of fields) {
      if (type === 'object') throw new RangeError(`${flag} ${name}: an object can only be in a body or a response`);
      if (isNullable) throw new RangeError(`${flag} ${name}: null can only be in a body or a response`);
      if (isList && flag !== '--query')
        throw new RangeError(`${flag} ${name}: a list can only be in a query, a body or a response`);
      if ((min?.value ?? 0) > MAX_TEXT && type === 'string')
        throw new RangeError(`${flag} ${name}: servers refuse more than ${MAX_TEXT} characters there`);
    }
  }
  const own = headers.find(({ name }) => OWN_HEADERS.has(name));
  if (own) throw new RangeError(`--header ${own.name} belongs to HTTP itself`);
  const unique = [...params, ...query, ...headers, ...body, ...response].find(({ isUnique }) => isUnique);
  if (unique) throw new RangeError(`${unique.name}: only a field of a resource can be unique`);
}
