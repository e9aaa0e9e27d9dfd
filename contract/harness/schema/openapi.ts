import { normaliseRoute } from './route-template.ts';
import { type JsonSchema, readable, resolve, sample, sampleFields } from './sample.ts';

interface Parameter {
  readonly name: string;
  readonly in: string;
  readonly required?: boolean;
  readonly schema?: JsonSchema;
}

interface Media {
  readonly schema?: JsonSchema;
}

interface OperationObject {
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: { readonly content?: Readonly<Record<string, Media>> };
  readonly responses?: Readonly<Record<string, ResponseObject>>;
  readonly operationId?: string;
}

interface ResponseObject {
  readonly content?: Readonly<Record<string, Media>>;
}

export interface Operation {
  /** Upper case. */
  readonly method: string;
  /** The template below the first server's path, such as `/products/{id}`. */
  readonly path: string;
  readonly object: OperationObject;
}

/** An operation that takes a JSON body, and bodies for it. */
export interface WriteOperation extends Operation {
  /** A fresh valid body. */
  body(): Record<string, unknown>;
  /** A fresh value for each field that is described, whether a body needs it or not. */
  fields(): Record<string, unknown>;
  /** The part of a written body that can be read again. */
  readable(body: Record<string, unknown>): Record<string, unknown>;
  /** A body that is JSON and breaks the schema. */
  invalidBody(): unknown;
}

const METHODS = ['get', 'put', 'post', 'delete', 'patch', 'head', 'options', 'trace'];

/** What a service says about its routes, from the document at `/openapi.json`. */
export class OpenApi {
  readonly document: Readonly<Record<string, unknown>>;
  readonly operations: readonly Operation[];

  /** @throws when the document has no `paths` */
  constructor(document: unknown) {
    const { paths, servers } = (document ?? {}) as {
      paths?: Record<string, Record<string, OperationObject>>;
      servers?: readonly { readonly url?: string }[];
    };
    if (typeof paths !== 'object') throw new Error('/openapi.json is not an OpenAPI document: it has no paths');
    this.document = document as Record<string, unknown>;
    const base = basePath(servers?.[0]?.url);
    this.operations = Object.entries(paths).flatMap(([path, item]) =>
      Object.entries(item)
        .filter(([method]) => METHODS.includes(method))
        .map(([method, object]) => ({ method: method.toUpperCase(), path: base + normaliseRoute(path), object })),
    );
  }

  /** A POST route with a JSON body and no path parameter; one that creates something first. */
  get write(): WriteOperation | undefined {
    const found = this.operations
      .filter(({ method, path }) => method === 'POST' && !path.includes('{'))
      .filter((operation) => this.#bodySchema(operation) !== undefined)
      .sort((a, b) => creates(b) - creates(a))[0];
    const schema = found && this.#bodySchema(found);
    if (!found || !schema) return undefined;
    const body = () => sample(schema, this.document) as Record<string, unknown>;
    const key = resolve(schema, this.document).required?.[0];
    return {
      ...found,
      body,
      fields: () => sampleFields(schema, this.document),
      readable: (written) => readable(written, schema, this.document) as Record<string, unknown>,
      invalidBody: () => (key === undefined ? [] : { ...body(), [key]: { wrong: [] } }),
    };
  }

  /** The GET route of one item under a collection, such as `/products/{id}` for `/products`. */
  itemOf(collection: string): Operation | undefined {
    const prefix = `${collection.replace(/\/$/, '')}/{`;
    return this.operations.find(
      ({ method, path }) =>
        method === 'GET' && path.startsWith(prefix) && /^\{[^/]+\}$/.test(path.slice(prefix.length - 1)),
    );
  }

  /** What changes the item at a path by a method, with bodies for it if it takes one. */
  changeOf(
    method: string,
    path: string,
  ): (Operation & { readonly body?: () => unknown; readonly fields?: () => Record<string, unknown> }) | undefined {
    const found = this.operations.find((one) => one.method === method && fits(path, one.path));
    const schema = found && this.#bodySchema(found);
    if (!found || !schema) return found;
    const fields = () => sampleFields(schema, this.document);
    return { ...found, body: () => sample(schema, this.document), fields };
  }

  /** The methods of every template that a path fits. */
  methodsAt(path: string): string[] {
    const fitting = this.operations.filter((one) => fits(path, one.path)).map(({ method }) => method);
    return [...new Set(fitting)].sort();
  }

  /**
   * A method that is not described for a path and is harmless if it works all the same: PATCH or PUT, which change nothing
   * without a body, and never DELETE. `undefined` if both are described.
   */
  absentMethod(path: string): string | undefined {
    const described = this.methodsAt(path);
    return ['PATCH', 'PUT'].find((method) => !described.includes(method));
  }

  /** A path with sample values for its parameters. */
  fill({ path, object }: Operation): string {
    return path.replace(/\{([^}]+)\}/g, (_, name: string) => {
      const parameters = (object.parameters ?? []).map((one) => resolve(one, this.document));
      const parameter = parameters.find((one) => one.in === 'path' && one.name === name);
      return encodeURIComponent(String(sample(parameter?.schema ?? { type: 'string' }, this.document)));
    });
  }

  /** What an operation describes for a status: by its number, its class (`4XX`) or as the default. */
  response({ object }: Pick<Operation, 'object'>, status: number): ResponseObject | undefined {
    const { responses = {} } = object;
    const group = String(status).charAt(0);
    const found = [String(status), `${group}XX`, `${group}xx`, 'default'].find((key) => key in responses);
    const response = found === undefined ? undefined : responses[found];
    return response && resolve(response, this.document);
  }

  #bodySchema({ object }: Operation): JsonSchema | undefined {
    const body = object.requestBody && resolve(object.requestBody, this.document);
    return body?.content?.['application/json']?.schema;
  }
}

/** Whether a path matches a template such as `/products/{id}`. */
function fits(path: string, template: string): boolean {
  const parts = template.split(/\{[^}]+\}/).map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return path === template || new RegExp(`^${parts.join('[^/]+')}$`).test(path);
}

/** The path of a server's address, without a slash at its end. */
function basePath(url = '/'): string {
  return URL.canParse(url, 'http://localhost') ? new URL(url, 'http://localhost').pathname.replace(/\/$/, '') : '';
}

const creates = ({ object }: Operation): number => (object.responses && '201' in object.responses ? 1 : 0);
