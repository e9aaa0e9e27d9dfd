import { describe, expect, it } from 'vitest';
import { UserError } from '../../../engine/core/errors.ts';
import { oneDocument } from '../../../engine/io/documents.ts';
import { readOperations } from '../../../generators/add-endpoint/openapi/operations.ts';
import { answersOf, documentOf, json, linesOf, only, operationsOf, pointersOf } from '../../support/openapi.ts';
import { grow, serviceOf } from '../../support/service.ts';

const OK = { responses: { 204: { description: 'done' } } };
const object = { type: 'object', properties: { x: { type: 'string' } }, required: ['x'] };

describe('operations of an OpenAPI document', () => {
  it('are found in order, with parameters of the path and of the operation', () => {
    const found = operationsOf({
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
            responses: { 200: json({ type: 'object', properties: { id: { type: 'string' } } }), 404: {} },
          },
          delete: OK,
        },
        '/': { put: OK },
      },
    });
    expect(found.map(({ name }) => name)).toEqual(['GET /orders/:id', 'DELETE /orders/:id', 'PUT /']);
    expect(found[0]).toEqual({
      name: 'GET /orders/:id',
      bareName: 'GET /orders/:id',
      pointer: '#/paths/~1orders~1{id}/get',
      losses: [],
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
      { openapi: '3.3' },
    ])
      expect(() => readOperations(oneDocument(other)), JSON.stringify(other)).toThrow(RangeError);
    expect(operationsOf({ openapi: '3.1.0' })).toEqual([]);
  });

  it.each(['options', 'head', 'trace', 'query'])('of the method %s cannot be expressed, and are reported', (method) => {
    expect(operationsOf({ openapi: '3.1.0', paths: { '/a': { [method]: OK } } })).toEqual([
      {
        name: `${method.toUpperCase()} /a`,
        reason: `no endpoint has the method ${method.toUpperCase()}`,
        pointer: `#/paths/~1a/${method}`,
      },
    ]);
  });
});

describe('the path', () => {
  const paths = (servers: unknown, more: object = {}) =>
    operationsOf({ openapi: '3.1.0', servers, paths: { '/a': { get: OK, ...more } } }).map(({ name }) => name);

  it.each([
    [undefined, 'GET /a'],
    [[], 'GET /a'],
    [[{ url: '/' }], 'GET /a'],
    [[{ url: 'https://api.example.com' }], 'GET /a'],
    [[{ url: 'https://api.example.com/api/v2/' }], 'GET /api/v2/a'],
    [[{ url: '/v1' }], 'GET /v1/a'],
    [[{ url: 'https://mock.example.com/A+B/1.0' }, { url: '/v1' }], 'GET /v1/a'],
    [[{ url: '//api.example.com:8080/v1?x' }], 'GET /v1/a'],
    [[{ url: 'https://{region}.example.com/{base}', variables: { base: { default: 'v3' } } }], 'GET /v3/a'],
  ])('is below that of the first server: %j', (servers, name) => {
    expect(paths(servers)).toEqual([name]);
  });

  it('has the server of the path item or of the operation instead', () => {
    const document = (item: object, operation: object) => ({
      openapi: '3.1.0',
      servers: [{ url: '/root' }],
      paths: { '/a': { ...item, get: { ...OK, ...operation } } },
    });
    const nameOf = (item: object, operation: object) => operationsOf(document(item, operation))[0]?.name;
    expect(nameOf({ servers: [{ url: '/item' }] }, {})).toBe('GET /item/a');
    expect(nameOf({ servers: [{ url: '/item' }] }, { servers: [{ url: '/own' }] })).toBe('GET /own/a');
    expect(pointersOf(document({}, { servers: [{ url: '/own' }] }))).toEqual([]);
  });

  it('of another server is lost, and reported', () => {
    const document = { openapi: '3.1.0', servers: [{ url: 'https://a.example/v1' }, { url: '/v1' }, { url: '/v2' }] };
    expect(pointersOf({ ...document, paths: { '/a': { get: OK } } })).toEqual(['#/servers/2']);
  });

  it('has parameters that a route can have; two paths of one shape have the names of the first', () => {
    const found = operationsOf({
      openapi: '3.1.0',
      paths: {
        '/users/{user-id}': {
          get: { ...OK, parameters: [{ in: 'path', name: 'user-id', schema: { type: 'integer' } }] },
        },
        '/users/{name}': { delete: { ...OK, parameters: [{ in: 'path', name: 'name', schema: { type: 'string' } }] } },
        '/a/{id}/b/{id}': { get: OK },
        '/calls/{Sid}.json': { get: OK },
      },
    });
    expect(found.map(({ name }) => name)).toEqual([
      'GET /users/:userId',
      'DELETE /users/:userId',
      'GET /a/:id/b/:id2',
      'GET /calls/:Sid.json',
    ]);
    expect(found.slice(0, 2).map((one) => answersOf(one).param)).toEqual([['userId:int'], ['userId:string']]);
  });

  it('keeps the names that the service has', () => {
    const document = { openapi: '3.1.0', paths: { '/users/{id}': { get: OK } } };
    const { operations } = readOperations(oneDocument(document), [{ path: '/users/:user' }]);
    expect(operations.map(({ name }) => name)).toEqual(['GET /users/:user']);
  });
});

describe('a parameter', () => {
  const schema = { type: 'string' };
  const query = (parameter: object) => {
    const found = only({ parameters: [{ in: 'query', name: 'q', ...parameter }] });
    if ('reason' in found) return found.reason;
    return [
      ...(found.answers.query as string[]),
      ...found.losses.map(({ pointer }) => pointer.replace(/.*parameters\//, '')),
    ];
  };

  it.each<[object, string[]]>([
    [{ schema: { type: 'array', items: { enum: ['id', 'size'] } } }, ['q:enum(id,size)[]?']],
    [{ explode: true, schema: { type: 'array', items: schema } }, ['q:string[]?']],
    [{ explode: false, schema: { type: 'array', items: { type: 'integer' }, maxItems: 3 } }, ['q:int[]<=3?:csv']],
    [{ explode: false, schema }, ['q:string?']],
    [{ style: 'form', schema }, ['q:string?']],
    [{ style: 'pipeDelimited', schema: { type: 'array', items: schema } }, ['q:string?', '0']],
    [{ style: 'deepObject', schema: object }, ['"q[x]":string?']],
    [{ style: 'deepObject', required: true, schema: object }, ['"q[x]":string']],
    [{ schema: object }, ['x:string?']],
    [{ explode: false, schema: object }, ['0']],
    [{ name: 'page[size]', schema: { type: 'integer' } }, ['"page[size]":int?']],
    [{ schema: { oneOf: [{ type: 'integer' }, { type: 'boolean' }] } }, ['q:string?', '0/schema']],
    [{ schema: {} }, ['q:string?']],
    [{ schema: { type: ['string', 'null'] } }, ['q:string?', '0/schema']],
    [{ content: { 'application/json': { schema } } }, ['q:string?', '0/content']],
    [{ schema, allowReserved: true, allowEmptyValue: true }, ['q:string?', '0/allowReserved', '0/allowEmptyValue']],
    [{ in: 'cookie', schema }, ['0']],
    [{ in: 'path', schema }, ['0']],
    [{ in: 'header', name: 'Authorization', schema }, ['0']],
    [{ in: 'querystring', schema }, ['0']],
  ])('%j', (parameter, said) => {
    const found = query(parameter);
    expect(Array.isArray(found) ? found.toSorted() : found).toEqual(said.toSorted());
  });

  it('of a path has no other lengths than a router takes, and no other style', () => {
    const param = (more: object) =>
      operationsOf({
        openapi: '3.1.0',
        paths: { '/a/{x}': { get: { ...OK, parameters: [{ in: 'path', name: 'x', required: true, ...more }] } } },
      })[0];
    expect(answersOf(param({ schema: { type: 'string', maxLength: 9 } })).param).toEqual(['x:string<=9']);
    expect(param({ schema: { type: 'string', minLength: 2, maxLength: 255 } })).toMatchObject({
      answers: { param: ['x:string>=2'] },
      losses: [{ pointer: expect.stringMatching(/schema$/) }],
    });
    expect(param({ style: 'matrix', schema: {} })).toMatchObject({
      reason: 'no endpoint reads a parameter of a path in the style matrix',
      pointer: '#/paths/~1a~1{x}/get/parameters/0',
    });
  });
});

describe('a body', () => {
  const read = (requestBody: object) => only({ requestBody });

  it.each<[object, object]>([
    [json(object), { body: [':{x:string}?'] }],
    [{ required: true, ...json(object) }, { body: ['x:string'] }],
    [{ required: true, ...json({ type: 'array', items: object }) }, { body: [':{x:string}[]'] }],
    [{ required: true, ...json({ ...object, type: ['object', 'null'] }) }, { body: [':{x:string}|null'] }],
    [{ required: true, content: { 'application/json': {} } }, { body: [':any'] }],
    [{ required: true, content: { 'application/json; charset=utf-8': { schema: object } } }, { body: ['x:string'] }],
    [
      { required: true, content: { 'application/merge-patch+json': { schema: object } } },
      { body: ['x:string'], 'body-type': 'application/merge-patch+json' },
    ],
    [
      { required: true, content: { 'application/x-www-form-urlencoded': { schema: object } } },
      { body: ['x:string'], 'body-type': 'application/x-www-form-urlencoded' },
    ],
    [
      { required: true, content: { 'text/plain': {} } },
      { body: [':string'], 'body-type': 'text/plain' },
    ],
  ])('%j', (requestBody, answers) => {
    expect(answersOf(read(requestBody))).toMatchObject(answers);
  });

  it('of another form beside JSON is lost, and reported', () => {
    const content = { 'multipart/form-data': { schema: {} }, 'application/json': { schema: object } };
    const document = documentOf({ requestBody: { required: true, content } });
    expect(pointersOf(document)).toEqual(['#/paths/~1a/post/requestBody/content/multipart~1form-data']);
  });

  it.each([
    [{ 'multipart/form-data': {} }, 'no endpoint reads a body of the type multipart/form-data'],
    [{ 'application/octet-stream': {} }, 'no endpoint reads a body of the type application/octet-stream'],
    [{ 'application/x-www-form-urlencoded': {} }, 'no endpoint reads a form without named fields'],
  ])('%j cannot be expressed', (content, reason) => {
    expect(read({ required: true, content })).toMatchObject({ reason });
  });

  it('that is an empty form, and may be missing, is none', () => {
    const found = read({ content: { 'application/x-www-form-urlencoded': {} } });
    expect(found).toMatchObject({
      answers: { body: [] },
      losses: [{ reason: 'has no named fields: no body is read' }],
    });
  });

  it('of a GET request is lost, and reported', () => {
    const document = { openapi: '3.1.0', paths: { '/a': { get: { ...OK, requestBody: json(object) } } } };
    expect(pointersOf(document)).toEqual(['#/paths/~1a/get/requestBody']);
  });
});

describe('responses', () => {
  const read = (responses: object) => {
    const found = only({ responses });
    if ('reason' in found) return found.reason;
    const { status, response } = found.answers as { status: string; response: string[] };
    return [status, ...response, ...found.losses.map(({ pointer }) => pointer.replace(/.*responses\//, ''))];
  };

  it.each<[object, string[]]>([
    [{ 200: json(object) }, ['200', 'x:string']],
    [{ 201: json({ type: 'array', items: { type: 'string', format: 'uuid' } }) }, ['201', '[]:uuid']],
    [{ 200: json({ type: 'array', items: { type: 'string' }, maxItems: 9 }) }, ['200', ':string[]<=9']],
    [{ 200: json({ type: ['array', 'null'], items: { type: 'string' } }) }, ['200', ':string[]|null']],
    [{ 200: json({ type: 'string' }) }, ['200', ':string']],
    [{ 200: { content: { 'application/json': {} } } }, ['200', ':any']],
    [{ 204: {}, 200: json(object) }, ['200', 'x:string', '204']],
    [{ 200: json(object), 202: json(object) }, ['200', 'x:string', '202']],
    [{ 200: {} }, ['204', '200']],
    [{ 404: {} }, ['204', '#/paths/~1a/post/responses']],
    [{ '2XX': json(object) }, ['200', 'x:string', '2XX']],
    [{ default: json(object) }, ['200', 'x:string', 'default']],
    [{ 200: json(object), '4XX': {}, default: {} }, ['200', 'x:string', '4XX', 'default']],
    [{ 200: json(object), 404: json(object) }, ['200', 'x:string', '404/content']],
    [{ 200: json(object), 302: {} }, ['200', 'x:string', '302']],
    [{ 200: { ...json(object), headers: {}, links: {} } }, ['200', 'x:string', '200/headers', '200/links']],
    [{ 204: json(object) }, ['204', '204/content']],
    [
      { 200: { content: { 'application/xml': {}, 'application/json': { schema: object } } } },
      ['200', 'x:string', '200/content/application~1xml'],
    ],
  ])('%j', (responses, said) => {
    const found = read(responses);
    expect(Array.isArray(found) ? found.toSorted() : found).toEqual(said.toSorted());
  });

  it.each<[object, object]>([
    [
      { 'application/hal+json': { schema: object } },
      { response: ['x:string'], 'response-type': 'application/hal+json' },
    ],
    [{ 'text/csv': { schema: { type: 'string' } } }, { response: [':string'], 'response-type': 'text/csv' }],
  ])('of the type %j', (content, answers) => {
    expect(answersOf(only({ responses: { 200: { content } } }))).toMatchObject(answers);
  });

  it.each<[object, string]>([
    [{ 302: {} }, 'it has no response of success'],
    [{ 307: {}, 404: {} }, 'it has no response of success'],
    [{ 205: {} }, 'no endpoint answers with the status 205'],
    [{ 200: { content: { 'image/png': {} } } }, 'no endpoint answers with the type image/png'],
  ])('%j cannot be expressed', (responses, reason) => {
    expect(read(responses)).toBe(reason);
  });
});

describe('$ref of a path item and of an operation', () => {
  it('is followed', () => {
    const document = {
      openapi: '3.1.0',
      paths: {
        '/a': { $ref: '#/components/pathItems/A', put: OK },
        '/b': { get: { $ref: '#/components/x-operations/B' } },
        '/none': { $ref: '#/components/pathItems/None' },
        '/circle': { $ref: '#/components/pathItems/Circle' },
      },
      components: {
        pathItems: {
          A: { get: OK, put: { ...OK, summary: 'not this one' }, parameters: [{ in: 'header', name: 'X-A' }] },
          Circle: { $ref: '#/components/pathItems/Circle' },
        },
        'x-operations': { B: { ...OK, summary: 'B' } },
      },
    };
    const found = operationsOf(document);
    expect(found.map(({ name }) => name)).toEqual(['PUT /a', 'GET /a', 'GET /b']);
    expect(found.map((one) => answersOf(one).summary)).toEqual(['', '', 'B']);
    expect(found.map((one) => answersOf(one).header)).toEqual([['X-A:string?'], ['X-A:string?'], []]);
    expect(pointersOf(document)).toEqual(['#/components/pathItems/A/put', '#/paths/~1none', '#/paths/~1circle']);
  });
});

describe('security', () => {
  it('is lost and reported, as the document or the operation says it', () => {
    const document = {
      openapi: '3.1.0',
      security: [{ bearer: [] }],
      paths: {
        '/a': { get: OK, put: { ...OK, security: [] }, post: { ...OK, security: [{ key: [] }] } },
        '/b': { get: OK },
      },
    };
    expect(linesOf(document)).toEqual([
      '"security" of the document is not checked: everybody may call the endpoint: #/security (GET /a and 1 more operation)',
      '"security" of an operation is not checked: everybody may call the endpoint: #/paths/~1a/post/security (POST /a)',
    ]);
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
  ])('%s: refused, or understood as the data that it is', async (_what, properties) => {
    const found = only({ requestBody: { required: true, ...json({ type: 'object', properties }) } });
    const grown = await grow(serviceOf(), answersOf(found));
    expect(grown instanceof UserError).toBe(false);
  });
});
