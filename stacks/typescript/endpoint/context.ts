import type { Endpoint } from '../../../engine/core/service/endpoint.ts';
import type { Field } from '../../../engine/core/service/field.ts';
import {
  type Place,
  type Sample,
  sampleObject,
  sampleOf,
  type Wrong,
  wrongValues,
} from '../../../engine/core/service/samples.ts';
import type { RenderContext, TemplateRecord } from '../../../engine/core/template/template.ts';
import { printSample } from './print.ts';
import { memberKey, ZodPrinter } from './zod.ts';

/** The names of statuses (RFC 9110). Loading node:http for them would take longer than making an endpoint. */
const REASONS: Readonly<Record<string, string>> = {
  400: 'Bad Request',
  401: 'Unauthorized',
  402: 'Payment Required',
  403: 'Forbidden',
  404: 'Not Found',
  409: 'Conflict',
  410: 'Gone',
  412: 'Precondition Failed',
  413: 'Content Too Large',
  415: 'Unsupported Media Type',
  422: 'Unprocessable Content',
  423: 'Locked',
  428: 'Precondition Required',
  429: 'Too Many Requests',
  500: 'Internal Server Error',
  501: 'Not Implemented',
  502: 'Bad Gateway',
  503: 'Service Unavailable',
  504: 'Gateway Timeout',
};

/** The longest line of the service's code. */
const WIDTH = 100;

/** Longer texts do not fit into a request line, so no test sends them. */
const MAX_TEXT = 2000;

/**
 * endpoint -> what its templates may name
 * @throws {RangeError} where no request can be made that its own schema accepts
 */
export function endpointContext(endpoint: Endpoint): RenderContext {
  const { route, params, query, headers, body, response, isListResponse, errors, status, summary, folder } = endpoint;
  const zod = new ZodPrinter();
  const members = (fields: readonly Field[], place: Place) => {
    const sample = sampleObject(fields, place);
    return fields.map((field) => ({
      ...zod.member(field, place),
      sample: printSample(sample[field.name] ?? '', '    '),
    }));
  };
  const inputs = [
    { input: 'params', type: 'Params', fields: params },
    { input: 'query', type: 'Query', fields: query },
    { input: 'headers', type: 'Headers', fields: headers },
    { input: 'body', type: 'Body', fields: body },
  ].flatMap(({ fields, ...input }) => (fields.length > 0 ? [input] : []));
  const lists = {
    params: members(params, 'text'),
    query: members(query, 'text'),
    headers: members(headers, 'text'),
    body: members(body, 'json'),
    reply: isListResponse ? [] : response.map((field) => ({ ...zod.member(field, 'json'), ...answerOf(field, body) })),
  };
  const [items] = isListResponse ? response : [];
  const replySchema = items ? zod.list(items) : 'z.null()';
  const valueImports = [...zod.imports].sort().join(', ');
  return {
    ...lists,
    // These two are for a reply that is no object.
    replySchema,
    replyAnswer: items ? printSample([sampleOf(items, 'json')], '  ') : 'null',
    folder,
    method: route.method,
    verb: route.method.toLowerCase(),
    path: route.path,
    tag: route.path.split('/').find((segment) => segment !== '' && !segment.startsWith(':')) ?? 'root',
    summary,
    status,
    errors: errors.map((code) => ({ code, reason: REASONS[code] ?? 'Error' })),
    hasReply: status !== 204,
    valueImports,
    // The condition of the layer with what the schemas and the errors of all endpoints share.
    values: valueImports !== '' || errors.length > 0 ? 'used' : 'unused',
    enums: zod.enums,
    schemaImports: [...inputs.map(({ type }) => type), 'Reply'].sort().join(', '),
    inputs,
    isInputUsed: lists.reply.some(({ isEcho }) => isEcho),
    url: urlOf(endpoint, sampleObject(params, 'text')),
    wrongs: wrongRequests(endpoint),
  };
}

/** What the example answers for a field: what the body says of it, or a sample that the schema accepts. */
function answerOf(field: Field, body: readonly Field[]): { answer: string; isEcho: boolean } {
  const isEcho = body.some((given) => JSON.stringify(given) === JSON.stringify(field));
  return { answer: isEcho ? `input.body.${field.name}` : printSample(sampleOf(field, 'json'), '    '), isEcho };
}

function urlOf({ route }: Endpoint, params: { readonly [name: string]: Sample }): string {
  return route.path.replace(/:(\w+)/g, (_, name: string) => encodeURIComponent(String(params[name])));
}

/** A request that has to be refused: its `part` differs from the right one. */
interface WrongRequest extends TemplateRecord {
  readonly title: string;
  readonly part: string;
  readonly value: string;
  readonly fits: boolean;
}

function wrongRequests(endpoint: Endpoint): WrongRequest[] {
  const { params, query, headers, body } = endpoint;
  const sample = sampleObject(params, 'text');
  const requests = wrongValues(params, 'text').flatMap(({ name, value, reason }) =>
    // An empty value makes another path, and the router does not match one that is too long.
    value === undefined || value === '' || String(value).length > 100
      ? []
      : [wrongRequest(`${reason} in the path`, 'url', JSON.stringify(urlOf(endpoint, { ...sample, [name]: value })))],
  );
  const places = [
    { part: 'query', fields: query, place: 'text' },
    { part: 'headers', fields: headers, place: 'text' },
    { part: 'payload', fields: body, place: 'json' },
  ] as const;
  for (const { part, fields, place } of places) {
    const whole = sampleObject(fields, place);
    for (const wrong of wrongValues(fields, place)) {
      if (place === 'text' && String(wrong.value).length > MAX_TEXT) continue;
      const reason = `${wrong.reason}${part === 'payload' ? '' : ` in the ${part}`}`;
      requests.push(wrongRequest(reason, part, changed(part, whole, wrong)));
    }
  }
  return requests;
}

/** @param value an expression, or the members of an object, which are on lines of their own if they do not fit on one */
function wrongRequest(reason: string, part: string, value: string | readonly string[]): WrongRequest {
  const title = memberKey(reason);
  const short = typeof value === 'string' ? value : value.length === 0 ? '{}' : `{ ${value.join(', ')} }`;
  const fits = `  ${title}: { ${part}: ${short} },`.length <= WIDTH;
  const isWide = typeof value !== 'string' && `    ${part}: ${short},`.length > WIDTH;
  return { title, part, fits, value: isWide ? `{\n${value.map((one) => `      ${one},\n`).join('')}    }` : short };
}

/** The right members with one of them wrong, in the shortest form. */
function changed(part: string, whole: { readonly [name: string]: Sample }, { name, value }: Wrong): string[] {
  const { [name]: _left, ...rest } = whole;
  if (value === undefined && Object.keys(rest).length === 0) return [];
  // A JSON member that is undefined is not sent; in a query or among headers it would be.
  if (value === undefined && part !== 'payload')
    return Object.entries(rest).map(([one, given]) => `${memberKey(one)}: ${printSample(given)}`);
  const member = value === undefined ? 'undefined' : printSample(value);
  return [`...request.${part}`, `${memberKey(name)}: ${member}`];
}
