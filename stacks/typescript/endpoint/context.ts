import { type Endpoint, FORM_TYPE, JSON_TYPE } from '../../../engine/core/service/endpoint.ts';
import { sampleOf } from '../../../engine/core/service/fields/samples.ts';
import type { Type } from '../../../engine/core/service/fields/type.ts';
import { kindsOf } from '../../../engine/core/service/fields/wrong.ts';
import type { RenderContext } from '../../../engine/core/template/template.ts';
import { type Code, chain, list, name, number, object, text } from '../print/code.ts';
import { printConstant, printImport, printMember, printWithin } from '../print/print.ts';
import { checkNames } from './names.ts';
import { contentTypeOf, requestCode } from './request.ts';
import { sampleCode } from './sample.ts';
import { wrongRequests } from './wrong-requests.ts';
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

/**
 * endpoint -> what its templates may name
 * @throws {RangeError} where no request can be made that its own schema accepts
 */
export function endpointContext(endpoint: Endpoint): RenderContext {
  const { route, params, query, headers, body, bodyType, response, responseType, errors } = endpoint;
  checkNames(endpoint);
  const zod = new ZodPrinter();
  const bodyPlace = bodyType === FORM_TYPE ? 'text' : 'json';
  const inputs = [
    ...(params.length > 0 ? [{ input: 'params', part: 'params', type: 'Params', schema: zod.members(params) }] : []),
    ...(query.length > 0 ? [{ input: 'query', part: 'querystring', type: 'Query', schema: zod.members(query) }] : []),
    ...(headers.length > 0
      ? [{ input: 'headers', part: 'headers', type: 'Headers', schema: zod.members(headers) }]
      : []),
    ...(body ? [{ input: 'body', part: 'body', type: 'Body', schema: zod.whole(body, bodyPlace) }] : []),
  ];
  const reply = response ? zod.whole({ type: response, isOptional: false }, 'json') : zod.nothing();
  const schemas = [...inputs, { type: 'Reply', schema: reply }];
  const answer = answerOf(endpoint);
  const isText = responseType.startsWith('text/');
  const statements = schemas.map(({ type, schema }) => printConstant(type, schema, { isExported: true }));
  const request = printConstant('request', requestCode(endpoint));
  const wrongs = wrongRequests(endpoint);
  const returned = printWithin('return ', answer.code, ';', 1);
  const names = schemas.map(({ type }) => type);
  return {
    schemas: statements.map((statement) => ({ statement })),
    hasThenInSchemas: hasThen(statements),
    valueImport: zod.imports.size > 0 ? printImport([...zod.imports], '../../platform/values.ts') : '',
    isZodUsed: zod.isZodUsed,
    answer: returned,
    hasThenInAnswer: hasThen([returned]),
    isInputUsed: answer.isEcho,
    request,
    wrongs: wrongs.map((member) => ({ member })),
    hasThenInRequest: hasThen([request, ...wrongs]),
    folder: endpoint.folder,
    method: route.method,
    verb: route.method.toLowerCase(),
    path: route.path,
    tags: printMember('tags', list([text(tagOf(route.path))]), 4),
    summary: endpoint.summary && printMember('summary', text(endpoint.summary), 4),
    status: endpoint.status,
    errors: errors.map((code) => ({ code, reason: REASONS[code] ?? 'Error' })),
    success: printWithin(`${endpoint.status}: `, typedReply(responseType), '', 5),
    isResponseWide: errors.length > 0 || responseType !== JSON_TYPE,
    hasReply: response !== undefined,
    readsText: body !== undefined && bodyType !== JSON_TYPE,
    parser: isOwnJson(bodyType) ? parserOf(bodyType) : '',
    isForm: bodyType === FORM_TYPE,
    isText: bodyType.startsWith('text/'),
    consumes: bodyType === JSON_TYPE ? '' : printMember('consumes', list([text(bodyType)]), 4),
    // Fastify sends a text as it is, and says that it is no JSON.
    isBareReply: response !== undefined && !isText && maybeText(response),
    responseType,
    send: printWithin('return ', sendOf(endpoint), ';', 2),
    replied: isText ? 'response.body' : 'response.json()',
    mayOmitBody: body?.isOptional === true && contentTypeOf(endpoint) === undefined,
    // The condition of the layer with what the schemas of all endpoints share.
    values: zod.imports.size > 0 ? 'used' : 'unused',
    schemaImports: printImport(names, './schemas.ts'),
    typeImports: printImport(names, './schemas.ts', { isType: true }),
    inputs: inputs.map(({ input, part, type }) => ({ input, part, type })),
  };
}

/** Whether an object has a member that the service's linter takes for that of a promise. */
function hasThen(code: readonly string[]): boolean {
  return code.some((one) => /\bthen:/.test(one));
}

function tagOf(path: string): string {
  return path.split('/').find((segment) => segment !== '' && !segment.startsWith(':')) ?? 'root';
}

function isOwnJson(mediaType: string): boolean {
  return mediaType !== JSON_TYPE && mediaType !== FORM_TYPE && !mediaType.startsWith('text/');
}

/** A media type of its own is JSON too. */
function parserOf(mediaType: string): string {
  const parser = chain(name('app'), 'getDefaultJsonParser', [text('remove'), text('remove')]);
  return printWithin('', chain(name('readText'), [name('app'), text(mediaType), parser]), ';', 1);
}

function typedReply(mediaType: string): Code {
  if (mediaType === JSON_TYPE) return name('Reply');
  const content = object([[mediaType, object([['schema', name('Reply')]])]]);
  return object(
    [
      ['description', text('Success')],
      ['content', content],
    ],
    'lines',
  );
}

/** Sends the answer: Fastify knows how, if it is an object, a list or a text that is no JSON. */
function sendOf({ status, responseType }: Endpoint): Code {
  const reply = chain(name('reply'), 'code', [number(status)]);
  const typed = responseType === JSON_TYPE ? reply : chain(reply, 'type', [text(responseType)]);
  return chain(typed, 'send', [name('answer')]);
}

/** Whether a response may be something else than an object or a list, which Fastify does not take for JSON by itself. */
function maybeText(type: Type): boolean {
  return kindsOf(type).some((kind) => kind !== 'object' && kind !== 'list');
}

/** What the example answers: what the body says of a member, or a sample that the schema accepts. */
function answerOf({ body, response }: Endpoint): { code: Code; isEcho: boolean } {
  if (response === undefined) return { code: name('null'), isEcho: false };
  if (response.kind !== 'object') return { code: sampleCode(sampleOf(response, 'json')), isEcho: false };
  const given = body?.type.kind === 'object' && !body.type.isNullable && !body.isOptional ? body.type.fields : [];
  const known = new Map(given.map((field) => [field.name, JSON.stringify(field)]));
  const fields = new Map(response.fields.map((field) => [field.name, field]));
  let isEcho = false;
  const members = Object.entries(sampleOf(response, 'json') as object).map(([key, sample]) => {
    const field = fields.get(key);
    const isSame = field !== undefined && known.get(key) === JSON.stringify(field);
    isEcho ||= isSame;
    return [key, isSame ? name(`input.body${access(key)}`) : sampleCode(sample)] as const;
  });
  return { code: object(members, 'lines'), isEcho };
}

/** How a member of an object is read. */
function access(key: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(key) ? `.${key}` : `[${printWithin('', { kind: 'text', value: key }, '')}]`;
}
