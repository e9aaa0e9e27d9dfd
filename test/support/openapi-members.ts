import { parse } from 'yaml';

export type Members = Record<string, unknown>;

/** A document of which everything is used. */
const TEXT = `
openapi: 3.1.0
info: { title: t, version: "1" }
servers: [{ url: "https://{region}.example.com/v1", variables: { region: { default: eu } } }]
paths:
  /orders/{id}:
    summary: orders
    parameters:
      - { in: path, name: id, required: true, schema: { type: string, format: uuid } }
    get:
      operationId: one
      parameters:
        - { in: query, name: fields, explode: false, schema: { type: array, items: { type: string, minLength: 1 } } }
        - { $ref: "#/components/parameters/Tenant" }
      responses:
        "200": { description: ok, content: { application/json: { schema: { $ref: "#/components/schemas/Order" } } } }
        "404": { description: none }
    put:
      requestBody: { $ref: "#/components/requestBodies/Order" }
      responses: { "200": { $ref: "#/components/responses/Order" } }
  /mixed:
    post:
      requestBody:
        required: true
        content:
          application/json:
            schema:
              allOf:
                - { type: object, required: [a], properties: { a: { type: integer, minimum: 1 } } }
                - { properties: { a: { maximum: 9 }, b: { anyOf: [{ type: string }, { type: boolean }, { type: 'null' }] } } }
      responses: { "204": { description: done } }
  /forms:
    post:
      requestBody:
        required: true
        content: { application/x-www-form-urlencoded: { schema: { type: object, properties: { n: { type: integer } } } } }
      responses: { "204": { description: done } }
components:
  parameters:
    Tenant: { in: header, name: X-Tenant, schema: { type: string, maxLength: 20 } }
  requestBodies:
    Order: { required: true, content: { application/json: { schema: { $ref: "#/components/schemas/Order" } } } }
  responses:
    Order: { description: ok, content: { application/json: { schema: { type: array, items: { $ref: "#/components/schemas/Order" } } } } }
  schemas:
    Order:
      type: object
      required: [id]
      additionalProperties: { type: number, maximum: 5 }
      properties:
        id: { type: string, format: uuid, readOnly: true }
        status: { type: string, enum: [open, paid] }
        note: { anyOf: [{ type: string, maxLength: 99 }, { type: 'null' }] }
        lines: { type: array, maxItems: 3, items: { type: object, properties: { sku: { type: string } } } }
`;

/** A new copy of a document of which everything is used. */
export function wholeDocument(): Members {
  return parse(TEXT) as Members;
}

/** What the members of each kind of place are. A name that is not here has members of no known kind. */
const BELOW: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'the document': { paths: 'paths', servers: 'servers', components: 'components' },
  paths: { '*': 'a path item' },
  servers: { '*': 'a server' },
  'a server': { variables: 'variables' },
  variables: { '*': 'a variable' },
  components: { parameters: 'parameters', requestBodies: 'bodies', responses: 'answers', schemas: 'properties' },
  'a path item': { get: 'an operation', put: 'an operation', post: 'an operation', parameters: 'parameters' },
  'an operation': { parameters: 'parameters', requestBody: 'a request body', responses: 'answers' },
  parameters: { '*': 'a parameter' },
  bodies: { '*': 'a request body' },
  answers: { '*': 'a response' },
  'a parameter': { schema: 'a schema' },
  'a request body': { content: 'content' },
  'a response': { content: 'content' },
  content: { '*': 'a media type' },
  'a media type': { schema: 'a schema' },
  'a schema': {
    properties: 'properties',
    items: 'a schema',
    additionalProperties: 'a schema',
    allOf: 'properties',
    anyOf: 'properties',
  },
  properties: { '*': 'a schema' },
};

/** A place of a document, and what it is. */
export interface Spot {
  readonly kind: string;
  readonly path: readonly string[];
}

/** All places of a known kind below a value. */
export function spotsIn(value: unknown, kind: string, path: readonly string[]): Spot[] {
  if (typeof value !== 'object' || value === null) return [];
  const own =
    Array.isArray(value) ||
    kind === 'components' ||
    path.at(-1) === 'schemas' ||
    (path.length === 2 && path[0] === 'components')
      ? []
      : [{ kind, path }];
  return [
    ...own,
    ...Object.entries(value).flatMap(([name, member]) => {
      const below = BELOW[kind]?.[name] ?? BELOW[kind]?.['*'];
      return below === undefined ? [] : spotsIn(member, below, [...path, name]);
    }),
  ];
}

/** The member of a document that a path leads to. */
export function memberAt(document: Members, path: readonly string[]): Members {
  return path.reduce((here, part) => here[part] as Members, document);
}

/** A path as a JSON pointer. */
export function pointerOf(path: readonly string[]): string {
  return `#${path.map((part) => `/${part.replaceAll('~', '~0').replaceAll('/', '~1')}`).join('')}`;
}
