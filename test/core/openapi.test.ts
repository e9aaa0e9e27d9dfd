import { describe, expect, it } from 'vitest';
import { UserError } from '../../engine/core/errors.ts';
import { type Operation, readOperations } from '../../generators/add-endpoint/openapi.ts';
import { grow, serviceOf } from '../support/service.ts';

const OK = { responses: { 204: { description: 'done' } } };

const json = (schema: unknown) => ({ content: { 'application/json': { schema } } });

function document(operation: object, more: object = {}, version = '3.1.0'): object {
  return { openapi: version, paths: { '/a': { post: { ...OK, ...operation } } }, ...more };
}

/** The one operation of a document. */
function only(operation: object, more: object = {}, version = '3.1.0'): Operation {
  const [found, ...others] = readOperations(document(operation, more, version));
  expect(others).toEqual([]);
  if (found === undefined) throw new Error('no operation was found');
  return found;
}

/** The fields of a body with these members, all of them required. */
function body(properties: object, more: object = {}, version = '3.1.0'): unknown {
  const schema = { type: 'object', properties, required: Object.keys(properties) };
  const found = only({ requestBody: { required: true, ...json(schema) } }, more, version);
  return 'reason' in found ? found.reason : [...(found.answers.body as string[]), ...found.lost];
}

describe('operations of an OpenAPI document', () => {
  it('are found in order, with parameters of the path and of the operation', () => {
    const found = readOperations({
      openapi: '3.0.3',
      paths: {
        '/orders/{id}': {
          summary: 'not an operation',
          parameters: [
            { in: 'path', name: 'id', required: true, schema: { type: 'string', format: 'uuid' } },
            { in: 'query', name: 'limit', schema: { type: 'integer', minimum: 1 } },
          ],
          get: {
            summary: ' One\n order ',
            parameters: [
              { in: 'query', name: 'limit', required: true, schema: { type: 'integer', maximum: 9 } },
              { in: 'header', name: 'X-Tenant', schema: { type: 'string', minLength: 1 } },
            ],
            responses: {
              200: json({ type: 'object', properties: { id: { type: 'string' } } }),
              404: {},
              '5XX': {},
              default: {},
            },
          },
          delete: OK,
        },
        '/': { put: OK },
      },
    });
    expect(found.map(({ name }) => name)).toEqual(['GET /orders/:id', 'DELETE /orders/:id', 'PUT /']);
    expect(found[0]).toEqual({
      name: 'GET /orders/:id',
      lost: [],
      answers: {
        route: 'GET /orders/:id',
        param: ['id:uuid'],
        query: ['limit:int<=9'],
        header: ['X-Tenant:string>=1?'],
        body: [],
        response: ['id:string?'],
        error: ['404'],
        status: '200',
        summary: 'One order',
      },
    });
  });

  it('of other documents are refused with a RangeError', () => {
    for (const other of [
      null,
      1,
      'x',
      [],
      {},
      { swagger: '2.0' },
      { openapi: '2.0' },
      { openapi: 3.1 },
      { openapi: '3.2' },
    ])
      expect(() => readOperations(other), JSON.stringify(other)).toThrow(RangeError);
    expect(readOperations({ openapi: '3.1.0' })).toEqual([]);
  });

  it.each(['options', 'head', 'trace'])('of the method %s cannot be expressed, and are reported', (method) => {
    expect(readOperations({ openapi: '3.1.0', paths: { '/a': { [method]: OK } } })).toEqual([
      { name: `${method.toUpperCase()} /a`, reason: `the method ${method.toUpperCase()}` },
    ]);
  });
});

describe('$ref', () => {
  const components = {
    components: {
      schemas: {
        Money: { type: 'number', minimum: 0 },
        'a/b~c d': { type: 'boolean' },
        Node: { type: 'object', properties: { next: { $ref: '#/components/schemas/Node' } } },
        Chain: { $ref: '#/components/schemas/Link' },
        Link: { $ref: '#/components/schemas/Chain' },
        Tree: { allOf: [{ $ref: '#/components/schemas/Tree' }] },
        List: { type: 'array', items: { $ref: '#/components/schemas/List' } },
      },
      parameters: { Limit: { in: 'query', name: 'limit', schema: { $ref: '#/components/schemas/Money' } } },
      requestBodies: { Body: json({ type: 'object', properties: { x: { type: 'string' } } }) },
      responses: { Made: json({ type: 'object', properties: { y: { type: 'string' } } }) },
    },
  };

  it('is followed in schemas, parameters, bodies and responses, through escapes', () => {
    expect(body({ a: { $ref: '#/components/schemas/Money' } }, components)).toEqual(['a:number>=0']);
    expect(body({ a: { $ref: '#/components/schemas/a~1b~0c%20d' } }, components)).toEqual(['a:boolean']);
    expect(
      only(
        {
          parameters: [{ $ref: '#/components/parameters/Limit' }],
          requestBody: { $ref: '#/components/requestBodies/Body' },
          responses: { 201: { $ref: '#/components/responses/Made' } },
        },
        components,
      ),
    ).toMatchObject({
      answers: { query: ['limit:number>=0?'], body: ['x:string?'], response: ['y:string?'], status: '201' },
    });
  });

  it.each([
    ['Node', 'itself in a member'],
    ['Chain', 'itself by way of another'],
    ['Tree', 'itself in allOf'],
    ['List', 'itself in a list'],
  ])('to %s, which refers to %s, is a circle, which is reported and not followed', (name) => {
    expect(body({ a: { $ref: `#/components/schemas/${name}` } }, components)).toMatch(/refers to itself$/);
  });

  it.each([
    ['other.yaml#/x', /is in another document/],
    ['https://example.com/x', /is in another document/],
    ['#/components/schemas/None', /is not in the document/],
    ['#/__proto__/toString', /is not in the document/],
    ['#/components/constructor', /is not in the document/],
  ])('to %s cannot be expressed', ($ref, reason) => {
    expect(body({ a: { $ref } }, components)).toMatch(reason);
  });

  it('with an invalid escape cannot be expressed', () => {
    expect(body({ a: { $ref: '#/components/%zz' } }, components)).toMatch(/is not in the document/);
  });
});

describe('schemas', () => {
  it.each<[object, string]>([
    [{ type: 'string' }, 'string'],
    [{ type: 'string', minLength: 1, maxLength: 9 }, 'string>=1<=9'],
    [{ type: 'string', format: 'uuid' }, 'uuid'],
    [{ type: 'string', format: 'date-time' }, 'datetime'],
    [{ type: 'string', format: 'uri' }, 'url'],
    [{ type: 'string', enum: ['open', 'paid'] }, 'enum(open,paid)'],
    [{ type: 'string', const: 'open' }, 'enum(open)'],
    [{ type: 'integer', minimum: 1, maximum: 5 }, 'int>=1<=5'],
    [{ type: 'integer', exclusiveMinimum: 0 }, 'int>0'],
    [{ type: 'integer', minimum: 0, exclusiveMinimum: true }, 'int>0'],
    [{ type: 'number', maximum: 1.5, exclusiveMaximum: false }, 'number<=1.5'],
    [{ type: 'integer', maximum: 2 ** 63 }, 'int'],
    [{ type: 'boolean' }, 'boolean'],
    [{ type: 'array', items: { type: 'integer' }, minItems: 1, maxItems: 3 }, 'int[]>=1<=3'],
    [{ type: 'object', properties: { x: { type: 'integer' } } }, '{x:int?}'],
    [{ properties: { x: { type: 'integer' } }, required: ['x'] }, '{x:int}'],
    [{ type: 'array', items: { properties: { x: { type: 'integer', minimum: 2 } } } }, '{x:int>=2?}[]'],
    [
      {
        allOf: [
          { type: 'object', properties: { x: { type: 'integer' } }, required: ['x'] },
          { properties: { y: { type: 'boolean' } } },
        ],
      },
      '{x:int,y:boolean?}',
    ],
    [{ allOf: [{ type: 'integer' }], minimum: 3 }, 'int>=3'],
  ])('%j', (schema, type) => {
    expect(body({ a: schema })).toEqual([`a:${type}`]);
  });

  it.each<[string, object]>([
    ['3.0.3', { type: 'string', nullable: true }],
    ['3.0.3', { allOf: [{ type: 'string' }], nullable: true }],
    ['3.1.0', { type: ['string', 'null'] }],
    ['3.1.0', { anyOf: [{ type: 'string' }, { type: 'null' }] }],
    ['3.1.0', { oneOf: [{ type: 'null' }, { type: 'string' }] }],
  ])('a nullable value in the syntax of %s: %j', (version, schema) => {
    expect(body({ a: schema }, {}, version)).toEqual(['a:string|null']);
  });

  it('an anyOf with one schema is that schema', () => {
    expect(body({ a: { anyOf: [{ type: 'integer' }] } })).toEqual(['a:int']);
  });

  it.each<[object, RegExp]>([
    [{}, /a value of any type/],
    [{ type: 'object' }, /an object of any members/],
    [{ type: ['string', 'integer'] }, /the type \["string","integer"\]/],
    [{ oneOf: [{ type: 'string' }, { type: 'integer' }] }, /oneOf/],
    [{ anyOf: [{ type: 'string' }, { type: 'integer' }] }, /anyOf/],
    [{ type: 'string', not: { const: 'x' } }, /not/],
    [{ type: 'integer', enum: [1, 2] }, /an enum of numbers/],
    [{ type: 'string', enum: ['a', null] }, /the value null of an enum/],
    [{ type: 'string', enum: ['a,b'] }, /the value "a,b" of an enum/],
    [{ type: 'array', items: { type: ['string', 'null'] } }, /a list of values that may be null/],
    [{ type: 'array', items: { type: 'array', items: { type: 'string' } } }, /a list of lists/],
    [{ type: 'array' }, /a value of any type/],
    [{ type: 'number', minimum: 1e-7 }, /the bound 1e-7/],
  ])('%j cannot be expressed', (schema, reason) => {
    expect(body({ a: schema })).toMatch(reason);
  });

  it('what is lost is reported: keywords, and the bounds of the items of a list', () => {
    expect(body({ a: { type: 'string', pattern: '^x' }, b: { type: 'integer', multipleOf: 5 } })).toEqual([
      'a:string',
      'b:int',
      'pattern',
      'multipleOf',
    ]);
    expect(body({ a: { type: 'array', uniqueItems: true, items: { type: 'integer', minimum: 1 } } })).toEqual([
      'a:int[]',
      'uniqueItems',
      'bounds of the values of a list',
    ]);
    expect(body({ a: { type: 'string', description: 'x', example: 'y', 'x-ours': 1, deprecated: true } })).toEqual([
      'a:string',
    ]);
  });

  it('a format without a type is lost, and reported', () => {
    expect(body({ a: { type: 'string', format: 'ipv4' } })).toEqual(['a:string', 'format']);
  });

  it('lengths of a text with a format or with an enum are lost, and reported', () => {
    expect(body({ a: { type: 'string', format: 'email', maxLength: 50 } })).toEqual(['a:email', 'maxLength']);
  });
});

describe('what an endpoint cannot express', () => {
  it('is reported: cookies, other bodies, statuses, parameters with their own style', () => {
    const reason = (operation: object) => {
      const found = only(operation);
      return 'reason' in found ? found.reason : found.lost.join();
    };
    expect(reason({ parameters: [{ in: 'cookie', name: 'session', schema: { type: 'string' } }] })).toBe(
      'the cookie session',
    );
    expect(reason({ parameters: [{ in: 'query', name: 'q', content: {} }] })).toBe(
      'the parameter q in a form of its own',
    );
    expect(reason({ requestBody: { content: { 'multipart/form-data': {} } } })).toBe(
      'a body of the type multipart/form-data',
    );
    expect(reason({ requestBody: json({ type: 'array', items: { type: 'string' } }) })).toMatch(/members|array/);
    expect(reason({ responses: { 200: { content: { 'text/csv': {} } } } })).toBe('a response of the type text/csv');
    expect(reason({ responses: { 200: json({ type: 'string' }) } })).toBe(
      'a response that is neither an object nor a list',
    );
    expect(reason({ responses: { 302: {} } })).toBe('no response of success');
    expect(reason({ responses: { 206: {} } })).toBe('the status 206');
    expect(reason({ responses: {} })).toBe('no response of success');
    expect(reason({ responses: { 204: json({ type: 'object', properties: { x: { type: 'string' } } }) } })).toBe(
      'a response with the status 204',
    );
  });

  it('is lost, and reported: an optional body, further responses, the status of an empty response', () => {
    const schema = { type: 'object', properties: { x: { type: 'string' } } };
    const found = only({ requestBody: json(schema), responses: { 200: {}, 202: {} } });
    expect(found).toMatchObject({ answers: { body: ['x:string?'], response: [], status: '204' } });
    expect('lost' in found && found.lost.toSorted()).toEqual([
      'that the body may be missing',
      'the responses 202',
      'the status 200 of an empty response, which is 204',
    ]);
  });

  it('a list is a response, of values and of objects', () => {
    const response = (schema: object) => {
      const found = only({ responses: { 200: json(schema) } });
      return 'reason' in found ? found.reason : found.answers.response;
    };
    expect(response({ type: 'array', items: { type: 'string', format: 'uuid' } })).toEqual(['[]:uuid']);
    expect(response({ type: 'array', items: { properties: { id: { type: 'integer', minimum: 1 } } } })).toEqual([
      '[]:{id:int>=1?}',
    ]);
    expect(response({ type: ['array', 'null'], items: { type: 'string' } })).toBe('a response that may be null');
  });

  it('bounds of a list that is the response are lost, and reported', () => {
    const found = only({ responses: { 200: json({ type: 'array', items: { type: 'string' }, maxItems: 9 }) } });
    if ('reason' in found) throw new Error(found.reason);
    expect(found.answers.response).toEqual(['[]:string']);
    expect(found.lost.length).toBe(1);
  });
});

describe('a hostile document', () => {
  it.each<[string, object]>([
    ['a name of the prototype', { __proto__x: { type: 'string' }, constructor: { type: 'string' } }],
    ['a name that is code', { 'a":process.exit(),"b': { type: 'string' } }],
    ['a name with a colon', { 'a:int,b': { type: 'string' } }],
    ['a value that closes the enum', { a: { type: 'string', enum: ['x),b:string'] } }],
    ['a value with a comma', { a: { type: 'string', enum: ['x,y'] } }],
    ['a value with a quote', { a: { type: 'string', enum: ['"'] } }],
    ['a member that closes its object', { a: { properties: { 'x:int},y': { type: 'string' } } } }],
  ])('%s: refused, or not understood as anything else', async (_what, properties) => {
    const [found] = readOperations(document({ requestBody: json({ type: 'object', properties }) }));
    if (found === undefined || 'reason' in found) return expect(found).toMatchObject({ reason: expect.any(String) });
    const grown = await grow(serviceOf(), found.answers);
    expect(grown instanceof UserError && grown.code).toBe('INPUT_INVALID');
  });
});
