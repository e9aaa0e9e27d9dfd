import { METHODS } from '../../engine/core/service/route.ts';
import { Inexpressible, type JsonSchema, SchemaReader } from './openapi-schema.ts';

/** One operation of a document: the flags that would add it, or why none can. */
export type Operation =
  | { readonly name: string; readonly answers: Readonly<Record<string, unknown>>; readonly lost: readonly string[] }
  | { readonly name: string; readonly reason: string };

/**
 * OpenAPI document -> operations, in its order.
 * @throws {RangeError} for what is no OpenAPI 3 document
 */
export function readOperations(document: unknown): Operation[] {
  const { openapi, paths } = Object(document) as JsonSchema;
  if (typeof openapi !== 'string' || !/^3\.[01]/.test(openapi))
    throw new RangeError('it is no OpenAPI 3.0 or 3.1 document: it has no "openapi: 3.1.0"');
  return Object.entries(Object(paths) as JsonSchema).flatMap(([path, value]) => {
    const item = Object(value) as JsonSchema;
    return Object.keys(item)
      .filter((key) => /^(get|put|post|delete|options|head|patch|trace)$/.test(key))
      .map((key) => readOperation(document, path, key, item));
  });
}

function readOperation(document: unknown, path: string, key: string, item: JsonSchema): Operation {
  const method = key.toUpperCase();
  const name = `${method} ${path.replace(/\{([^{}/]*)\}/g, ':$1')}`;
  const reader = new SchemaReader(document);
  try {
    if (!(METHODS as readonly string[]).includes(method)) throw new Inexpressible(`the method ${method}`);
    const operation = Object(item[key]) as JsonSchema;
    const all = [...toList(item.parameters), ...toList(operation.parameters)].map((one) => reader.resolve(one));
    // An operation's parameter replaces the path's of the same name.
    const parameters = [...new Map(all.map((one) => [`${one.in} ${one.name}`, one])).values()];
    const { status, response } = successOf(reader, operation);
    const summary = String(operation.summary ?? '')
      .replace(/\s+/g, ' ')
      .trim();
    const answers = {
      route: name,
      param: parametersIn(reader, parameters, 'path').map((field) => field.replace(/\?$/, '')),
      query: parametersIn(reader, parameters, 'query'),
      header: parametersIn(reader, parameters, 'header'),
      body: bodyOf(reader, operation),
      response,
      error: Object.keys(Object(operation.responses)).filter((code) => /^[45]\d\d$/.test(code)),
      status,
      summary: summary.slice(0, 200),
    };
    return { name, answers, lost: [...reader.lost] };
  } catch (error) {
    if (!(error instanceof Inexpressible)) throw error;
    return { name, reason: error.message };
  }
}

function toList(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

function parametersIn(reader: SchemaReader, parameters: readonly JsonSchema[], place: string): string[] {
  const cookie = parameters.find((parameter) => parameter.in === 'cookie');
  if (cookie) throw new Inexpressible(`the cookie ${cookie.name}`);
  return parameters
    .filter((parameter) => parameter.in === place)
    .map(({ name, schema, content, required }) => {
      if (content !== undefined) throw new Inexpressible(`the parameter ${name} in a form of its own`);
      return `${name}:${reader.type(schema)}${required === true ? '' : '?'}`;
    });
}

/** The schema of a JSON body, or nothing where there is no body. */
function jsonSchema(reader: SchemaReader, holder: JsonSchema, what: string): unknown {
  const content = Object(holder.content) as JsonSchema;
  const types = Object.keys(content);
  if (types.length === 0) return undefined;
  const json = types.find((type) => /^application\/([\w.-]+\+)?json\b/.test(type) || type === '*/*');
  if (json === undefined) throw new Inexpressible(`${what} of the type ${types.join(', ')}`);
  return reader.resolve(content[json]).schema;
}

function bodyOf(reader: SchemaReader, operation: JsonSchema): string[] {
  if (operation.requestBody === undefined) return [];
  const body = reader.resolve(operation.requestBody);
  const schema = jsonSchema(reader, body, 'a body');
  if (schema === undefined) return [];
  if (body.required !== true) reader.lost.add('that the body may be missing');
  return reader.members(schema);
}

function successOf(reader: SchemaReader, operation: JsonSchema): { status: string; response: string[] } {
  const responses = Object(operation.responses) as JsonSchema;
  const codes = Object.keys(responses).filter((code) => /^2(\d\d|XX)$/i.test(code));
  const [code] = codes;
  if (code === undefined) {
    if (responses.default === undefined) throw new Inexpressible('no response of success');
  } else if (!/^(200|201|202|204|2XX)$/i.test(code)) throw new Inexpressible(`the status ${code}`);
  if (codes.length > 1) reader.lost.add(`the responses ${codes.slice(1).join(', ')}`);
  const schema = jsonSchema(reader, reader.resolve(responses[code ?? 'default']), 'a response');
  const status = code === undefined || /xx/i.test(code) ? '200' : code;
  if (schema === undefined) {
    if (status !== '204') reader.lost.add(`the status ${status} of an empty response, which is 204`);
    return { status: '204', response: [] };
  }
  if (status === '204') throw new Inexpressible('a response with the status 204');
  const type = reader.type(schema);
  if (type.endsWith('|null')) throw new Inexpressible('a response that may be null');
  if (type.startsWith('{') && type.endsWith('}')) return { status, response: reader.members(schema) };
  const items = /^(.*)\[\][<>=\d]*$/.exec(type)?.[1];
  if (items === undefined) throw new Inexpressible('a response that is neither an object nor a list');
  if (!type.endsWith('[]')) reader.lost.add('bounds of the list that is the response');
  return { status, response: [`[]:${items}`] };
}
