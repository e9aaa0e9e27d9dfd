import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { campaign } from '../support/extent.ts';
import { linesOf, operationsOf } from '../support/openapi.ts';
import { ROOT } from '../support/program.ts';

/** Law 11. Every member of an OpenAPI document is used, or the run names it by its JSON pointer, or its list says that it is silent. */

type Members = Record<string, unknown>;

/** A document of which everything is used. */
const DOCUMENT = `
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
                - { properties: { a: { maximum: 9 }, b: { anyOf: [{ type: string }, { type: boolean }] } } }
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
        lines: { type: array, maxItems: 3, items: { type: object, properties: { sku: { type: string } } } }
`;

/** Known keywords, each with a value that it may have. */
const KEYWORDS: Readonly<Record<string, unknown>> = {
  // of documents, path items, operations
  jsonSchemaDialect: 'https://example.com/dialect',
  webhooks: { made: { post: { responses: {} } } },
  security: [{ key: [] }],
  servers: [{ url: '/other' }, { url: '/more' }],
  tags: ['a'],
  externalDocs: { url: 'https://example.com' },
  callbacks: { done: {} },
  deprecated: true,
  operationId: 'x',
  trace: { responses: {} },
  parameters: [{ in: 'cookie', name: 'c', schema: {} }],
  requestBody: { content: { 'image/png': {} } },
  // of parameters, media types, responses
  style: 'spaceDelimited',
  explode: true,
  allowReserved: true,
  allowEmptyValue: true,
  content: { 'text/csv': {} },
  encoding: { a: { contentType: 'x' } },
  headers: { 'X-A': { schema: {} } },
  links: { next: { operationId: 'x' } },
  required: ['zzz'],
  default: 3,
  '302': { description: 'moved' },
  '5XX': { description: 'failed' },
  // of schemas
  $id: 'https://example.com/x',
  $anchor: 'x',
  $dynamicRef: '#x',
  $comment: 'x',
  title: 'x',
  type: 'integer',
  enum: ['a'],
  const: 'a',
  format: 'ipv4',
  pattern: '^a',
  minLength: 2,
  maxLength: 3,
  minimum: 2,
  maximum: 4,
  exclusiveMinimum: 1,
  exclusiveMaximum: 2,
  multipleOf: 3,
  items: { type: 'string' },
  prefixItems: [{}],
  minItems: 1,
  maxItems: 2,
  uniqueItems: true,
  contains: {},
  minContains: 1,
  properties: { z: { type: 'string' } },
  patternProperties: { x: {} },
  additionalProperties: false,
  unevaluatedProperties: false,
  unevaluatedItems: false,
  propertyNames: { maxLength: 2 },
  minProperties: 1,
  maxProperties: 3,
  dependentRequired: { a: ['b'] },
  dependentSchemas: { a: {} },
  allOf: [{ maxLength: 1 }],
  anyOf: [{ type: 'integer' }, { type: 'string' }],
  oneOf: [{ minimum: 1 }, { maximum: 0 }],
  not: { type: 'null' },
  if: { minimum: 1 },
  // biome-ignore lint/suspicious/noThenProperty: it is a keyword of JSON Schema
  then: { maximum: 2 },
  else: { maximum: 3 },
  nullable: true,
  readOnly: true,
  writeOnly: true,
  discriminator: { propertyName: 'a' },
  xml: { name: 'x' },
  example: 'x',
  examples: {},
  contentEncoding: 'base64',
  contentMediaType: 'image/png',
  description: 'x',
  summary: 'x',
  name: 'zzz',
};

/** What an endpoint does anyway: nobody is answered what only a request has, and one value has nothing to explode. */
function isKept(path: readonly string[]): boolean {
  if (path.at(-1) === 'explode') return path.includes('parameters');
  return path.at(-1) === 'writeOnly' && ['/forms', '/mixed'].includes(path[1] ?? '');
}

/** The table of silent members in the document for users: what is where. */
const SILENT = new Map(
  [
    ...readFileSync(join(ROOT, 'docs/openapi.md'), 'utf8').matchAll(
      /^\| (an? [a-z ]+|the document) \| (`[^|]*`) \|$/gm,
    ),
  ].map(([, where = '', members = '']) => [
    where,
    new Set([...members.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name)),
  ]),
);

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

interface Spot {
  readonly kind: string;
  readonly path: readonly string[];
}

function spotsIn(value: unknown, kind: string, path: readonly string[]): Spot[] {
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

const spots = spotsIn(parse(DOCUMENT), 'the document', []);
const before = JSON.stringify(operationsOf(parse(DOCUMENT)).map((one) => ('answers' in one ? one.answers : one)));

describe('a member of an OpenAPI document', () => {
  it('is used in the document that the others are put into', () => {
    expect(linesOf(parse(DOCUMENT))).toEqual([]);
    expect(spots.length).toBeGreaterThan(40);
    expect(SILENT.size).toBeGreaterThan(5);
  });

  it('is used, or named by its pointer, or on the list of silent ones', () => {
    const member = fc.oneof(
      fc.constantFrom(...Object.entries(KEYWORDS)),
      fc.tuple(fc.stringMatching(/^[a-z]{3,8}$/), fc.constantFrom<unknown>(1, 'x', true, {}, [], { a: 1 })),
    );
    const fates = new Map<string, number>();
    fc.assert(
      fc.property(fc.constantFrom(...spots), member, ({ kind, path }, [name, value]) => {
        const document = parse(DOCUMENT) as Members;
        const place = path.reduce((here, part) => here[part] as Members, document);
        fc.pre(!Object.hasOwn(place, name));
        place[name] = value;
        const fate = fateOf(document, kind, [...path, name]);
        fates.set(fate, (fates.get(fate) ?? 0) + 1);
        expect(fate).not.toBe('lost in silence');
      }),
      campaign(1000),
    );
    for (const fate of ['silent', 'used', 'listed']) expect(fates.get(fate), fate).toBeGreaterThan(10);
  });
});

function fateOf(document: Members, kind: string, path: readonly string[]): string {
  if (isKept(path)) return 'used';
  if (SILENT.get(kind)?.has(path.at(-1) ?? '')) return 'silent';
  const after = operationsOf(document).map((one) => ('answers' in one ? one.answers : one));
  if (JSON.stringify(after) !== before) return 'used';
  const pointer = `#${path.map((part) => `/${part.replaceAll('~', '~0').replaceAll('/', '~1')}`).join('')}`;
  const named =
    linesOf(document)
      .join('\n')
      .match(/#\/[^\s,]+/g) ?? [];
  // What is below something lost is lost with it, and what only has lost members is named by them.
  const isListed = named.some((one) => `${pointer}/`.startsWith(`${one}/`) || one.startsWith(`${pointer}/`));
  return isListed ? 'listed' : 'lost in silence';
}
