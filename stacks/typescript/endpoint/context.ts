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
import type { RenderContext } from '../../../engine/core/template/template.ts';
import { type Code, chain, json, list, type Member, name, object, spread, text } from '../print/code.ts';
import { printImport, printMember, printWithin } from '../print/print.ts';
import { sampleCode } from './sample.ts';
import { ZodPrinter } from './zod.ts';

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
      sample: printMember(field.name, sampleCode(sample[field.name] ?? ''), 2),
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
  return {
    ...lists,
    // These two are for a reply that is no object.
    replySchema,
    replyAnswer: printWithin('return ', items ? list([sampleCode(sampleOf(items, 'json'))]) : name('null'), ';', 1),
    folder,
    method: route.method,
    verb: route.method.toLowerCase(),
    path: route.path,
    tags: printMember('tags', list([text(tagOf(route.path))]), 4),
    summary: summary === '' ? '' : printMember('summary', text(summary), 4),
    status,
    errors: errors.map((code) => ({
      problem: printMember(code, chain(name('problem'), [text(REASONS[code] ?? 'Error')]), 5),
    })),
    hasReply: status !== 204,
    valueImports: zod.imports.size > 0 ? printImport([...zod.imports], '../../platform/values.ts') : '',
    // The condition of the layer with what the schemas and the errors of all endpoints share.
    values: zod.imports.size > 0 || errors.length > 0 ? 'used' : 'unused',
    enums: zod.enums,
    schemaImports: [...inputs.map(({ type }) => type), 'Reply'].sort().join(', '),
    inputs,
    isInputUsed: lists.reply.some(({ isEcho }) => isEcho),
    url: printMember('url', text(urlOf(endpoint, sampleObject(params, 'text'))), 1),
    wrongs: wrongRequests(endpoint).map((wrong) => ({ wrong })),
  };
}

function tagOf(path: string): string {
  return path.split('/').find((segment) => segment !== '' && !segment.startsWith(':')) ?? 'root';
}

/** What the example answers for a field: what the body says of it, or a sample that the schema accepts. */
function answerOf(field: Field, body: readonly Field[]): { answer: string; isEcho: boolean } {
  const isEcho = body.some((given) => JSON.stringify(given) === JSON.stringify(field));
  const value = isEcho ? chain(name('input'), 'body', field.name) : sampleCode(sampleOf(field, 'json'));
  return { answer: printMember(field.name, value, 2), isEcho };
}

function urlOf({ route }: Endpoint, params: { readonly [name: string]: Sample }): string {
  return route.path.replace(/:(\w+)/g, (_, name: string) => encodeURIComponent(String(params[name])));
}

/** Requests that have to be refused: what each is, and which part of it differs from the right one. */
function wrongRequests(endpoint: Endpoint): string[] {
  const { params, query, headers, body } = endpoint;
  const sample = sampleObject(params, 'text');
  const requests = wrongValues(params, 'text').flatMap(({ name, value, reason }) =>
    // An empty value makes another path, and the router does not match one that is too long.
    value === undefined || value === '' || String(value).length > 100
      ? []
      : [wrongRequest(`${reason} in the path`, 'url', text(urlOf(endpoint, { ...sample, [name]: value })))],
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
      requests.push(wrongRequest(reason, part, object(changed(part, whole, wrong))));
    }
  }
  return requests;
}

function wrongRequest(reason: string, part: string, value: Code): string {
  return printMember(reason, object([[part, value]]), 1);
}

/** The right members with one of them wrong, in the shortest form. */
function changed(part: string, whole: { readonly [name: string]: Sample }, { name, value }: Wrong): Member[] {
  const { [name]: _left, ...rest } = whole;
  if (value === undefined && Object.keys(rest).length === 0) return [];
  // A JSON member that is undefined is not sent; in a query or among headers it would be.
  if (value === undefined && part !== 'payload')
    return Object.entries(rest).map(([one, given]) => [one, sampleCode(given, 'any')]);
  return [spread(`request.${part}`), [name, value === undefined ? json(undefined) : sampleCode(value, 'any')]];
}
