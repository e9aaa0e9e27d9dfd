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
import { printSample } from './print.ts';
import { memberKey, ZodPrinter } from './zod.ts';

/** What HTTP calls statuses (RFC 9110): node:http has them too, and takes longer to load than an endpoint to make. */
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

/** Of a line of the service's code. */
const WIDTH = 100;

/** Texts longer than this make no request line, so no test sends them. */
const MAX_TEXT = 2000;

/**
 * endpoint -> what its templates may name
 * @throws {RangeError} where no request can be made that its own schema accepts
 */
export function endpointContext(endpoint: Endpoint): RenderContext {
  const { route, params, query, headers, body, response, isListResponse, errors, status, summary, folder } = endpoint;
  const zod = new ZodPrinter();
  const object = (fields: readonly Field[], place: Place) => (fields.length === 0 ? '' : zod.object(fields, place));
  const parts = [
    { name: 'Params', input: 'params', fields: params },
    { name: 'Query', input: 'query', fields: query },
    { name: 'Headers', input: 'headers', fields: headers },
    { name: 'Body', input: 'body', fields: body },
  ].filter(({ fields }) => fields.length > 0);
  const schemas = {
    params: object(params, 'text'),
    query: object(query, 'text'),
    headers: object(headers, 'text'),
    body: object(body, 'json'),
    reply: status === 204 ? 'z.null()' : isListResponse ? listReply(zod, response) : object(response, 'json'),
  };
  const example = status === 204 ? 'null' : printExample(endpoint);
  const valueImports = [...zod.imports].sort().join(', ');
  return {
    ...schemas,
    folder,
    method: route.method,
    verb: route.method.toLowerCase(),
    path: route.path,
    tag: route.path.split('/').find((segment) => segment !== '' && !segment.startsWith(':')) ?? 'root',
    summary,
    status,
    errors: errors.map((code) => `          ${code}: problem(${JSON.stringify(REASONS[code] ?? 'Error')}),`).join('\n'),
    hasReply: status !== 204,
    valueImports,
    // Whether the layer of that name applies: what the schemas and the errors of all endpoints share.
    values: valueImports !== '' || errors.length > 0 ? 'used' : 'unused',
    enums: zod.enums.join('\n'),
    schemaImports: [...parts.map(({ name }) => name), 'Reply'].sort().join(', '),
    inputs: parts.map(({ name, input }) => `  ${input}: z.output<typeof ${name}>;`).join('\n'),
    inputName: example.includes('input.') ? 'input' : '_input',
    example,
    url: urlOf(endpoint, sampleObject(params, 'text')),
    sampleQuery: printSample(sampleObject(query, 'text'), '  '),
    sampleHeaders: printSample(sampleObject(headers, 'text'), '  '),
    sampleBody: printSample(sampleObject(body, 'json'), '  '),
    wrong: printWrong(endpoint),
  };
}

function listReply(zod: ZodPrinter, [items]: readonly Field[]): string {
  return items === undefined ? 'z.null()' : zod.list(items);
}

/** An answer that the schema accepts: what the body says of itself, and examples of the rest. */
function printExample({ body, response, isListResponse }: Endpoint): string {
  const [items] = response;
  if (isListResponse) return items === undefined ? '[]' : printSample([sampleOf(items, 'json')], '  ');
  const lines = response.map((field) => {
    const isEcho = body.some((given) => JSON.stringify(given) === JSON.stringify(field));
    return `    ${memberKey(field.name)}: ${isEcho ? `input.body.${field.name}` : printSample(sampleOf(field, 'json'), '    ')},\n`;
  });
  return `{\n${lines.join('')}  }`;
}

function urlOf({ route }: Endpoint, params: { readonly [name: string]: Sample }): string {
  return route.path.replace(/:(\w+)/g, (_, name: string) => encodeURIComponent(String(params[name])));
}

/** The requests that have to be refused, each as what differs from the right one. */
function printWrong(endpoint: Endpoint): string {
  const { params, query, headers, body } = endpoint;
  const sample = sampleObject(params, 'text');
  const lines = wrongValues(params, 'text').flatMap(({ name, value, reason }) =>
    // An empty one, or one that is too long, is another path.
    value === undefined || value === '' || String(value).length > 100
      ? []
      : [line(`${reason} in the path`, `url: ${JSON.stringify(urlOf(endpoint, { ...sample, [name]: value }))}`)],
  );
  const places = [
    { key: 'query', fields: query, place: 'text' },
    { key: 'headers', fields: headers, place: 'text' },
    { key: 'payload', fields: body, place: 'json' },
  ] as const;
  for (const { key, fields, place } of places) {
    const whole = sampleObject(fields, place);
    for (const wrong of wrongValues(fields, place)) {
      if (place === 'text' && String(wrong.value).length > MAX_TEXT) continue;
      lines.push(line(`${wrong.reason}${key === 'payload' ? '' : ` in the ${key}`}`, changed(key, whole, wrong)));
    }
  }
  return lines.length === 0 ? '' : `{\n${lines.join('')}}`;
}

/** On one line, or one level a line, as the formatter has it. */
function line(reason: string, part: { key: string; members: readonly string[] } | string): string {
  const key = memberKey(reason);
  const inner = typeof part === 'string' ? part : `${part.key}: { ${part.members.join(', ')} }`;
  const short = `  ${key}: { ${inner} },\n`;
  if (short.length <= WIDTH + 1) return short;
  const isWide = typeof part !== 'string' && inner.length + 5 > WIDTH;
  const body = isWide ? `${part.key}: {\n${part.members.map((one) => `      ${one},\n`).join('')}    }` : inner;
  return `  ${key}: {\n    ${body},\n  },\n`;
}

/** A short way to say "all but this one". */
function changed(key: string, whole: { readonly [name: string]: Sample }, { name, value }: Wrong) {
  const { [name]: _left, ...rest } = whole;
  if (value === undefined && Object.keys(rest).length === 0) return `${key}: {}`;
  // A JSON member that is undefined is not sent; in a query or among headers it would be.
  if (value === undefined && key !== 'payload')
    return { key, members: Object.entries(rest).map(([one, given]) => `${memberKey(one)}: ${printSample(given)}`) };
  const member = value === undefined ? 'undefined' : printSample(value);
  return { key, members: [`...request.${key}`, `${memberKey(name)}: ${member}`] };
}
