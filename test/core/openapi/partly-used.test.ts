import { describe, expect, it } from 'vitest';
import { answersOf, body, documentOf, linesOf, only, pointersOf } from '../../support/openapi.ts';

const TEXT = { type: 'string' };

describe('of a keyword that is there twice', () => {
  it.each<[object, ...string[]]>([
    [
      { allOf: [{ additionalProperties: TEXT }, { additionalProperties: { type: 'string', maxLength: 3 } }] },
      'a:{*:string<=3}',
    ],
    [
      { allOf: [{ type: 'object', properties: { b: { type: 'integer' } } }, { additionalProperties: TEXT }] },
      'a:{b:int?,*:string}',
      'a/allOf/1/additionalProperties',
    ],
    [{ type: 'object', required: ['b'], additionalProperties: TEXT }, 'a:{b:string,*:string}'],
    [{ additionalProperties: TEXT, unevaluatedProperties: false }, 'a:{*:string}', 'a/unevaluatedProperties'],
    [{ allOf: [{ type: 'object', properties: { b: TEXT } }], unevaluatedProperties: false }, 'a:{b:string?,*:none}'],
    [
      { allOf: [{ properties: { b: TEXT }, unevaluatedProperties: false }, { properties: { c: TEXT } }] },
      'a:{b:string?,c:string?}',
      'a/allOf/0/unevaluatedProperties',
    ],
    [{ ...TEXT, allOf: [{ format: 'uuid' }, { format: 'uuid' }, { format: 'date' }] }, 'a:uuid', 'a/allOf/2/format'],
  ])('all of it counts, or the rest is named: %j', (a, ...told) => {
    expect(body({ a })).toEqual(told);
  });
});

describe('of a keyword that only one alternative uses', () => {
  it.each<[object, ...string[]]>([
    [{ type: 'string', minLength: 2, anyOf: [{ enum: ['b', 'bb'] }, { maxLength: 9 }] }, 'a:enum(bb)|string>=2<=9'],
    [
      { type: 'string', minLength: 2, anyOf: [{ format: 'uuid' }, { maxLength: 9 }] },
      'a:uuid|string>=2<=9',
      'a/minLength',
    ],
    [{ type: 'string', format: 'date', anyOf: [{ enum: ['b'] }, {}] }, 'a:enum(b)|date', 'a/format'],
    [{ type: 'integer', minimum: 2, enum: [1, 2, 3] }, 'a:literal(2,3)'],
    [{ type: 'integer', minimum: 4, enum: [1] }, 'a:int>=4', 'a/enum'],
    [{ type: 'boolean', allOf: [{ type: ['integer', 'number'] }] }, 'a:any', 'a'],
  ])('it counts in the other one too, or is named: %j', (a, ...told) => {
    expect(body({ a })).toEqual(told);
  });
});

describe('what says more than it looks', () => {
  it.each<[object, ...string[]]>([
    [{ type: 'object', required: ['__proto__'] }, 'a:{*:any}', 'a/required'],
    [{ type: 'integer', minimum: 2 ** 60 }, 'a:int', 'a/minimum'],
    [{ type: 'integer', minimum: -(2 ** 60) }, 'a:int'],
    [{ type: 'string', format: 'int64' }, 'a:string', 'a/format'],
    [{ type: 'string', format: { toString: 1 } }, 'a:string', 'a/format'],
  ])('is named: %j', (a, ...told) => {
    expect(body({ a })).toEqual(told);
  });

  it('is a summary that is too long', () => {
    const summary = 'x'.repeat(201);
    expect(answersOf(only({ summary })).summary).toHaveLength(200);
    expect(linesOf(documentOf({ summary }))).toEqual([
      '"summary" of an operation is cut after 200 characters: #/paths/~1a/post/summary (POST /a)',
    ]);
    expect(pointersOf(documentOf({ summary: 'x'.repeat(200) }))).toEqual([]);
  });

  it('is a parameter of a name that another one of the operation has', () => {
    const parameters = [TEXT, { type: 'integer' }].map((schema) => ({ in: 'query', name: 'q', schema }));
    expect(answersOf(only({ parameters })).query).toEqual(['q:int?']);
    expect(pointersOf(documentOf({ parameters }))).toEqual(['#/paths/~1a/post/parameters/0']);
  });

  it('is a list, in a query, of what no text can be', () => {
    const parameters = [
      { in: 'query', name: 'q', schema: { type: 'array', items: { type: ['integer', 'boolean'] } } },
      { in: 'query', name: 'o', style: 'deepObject', schema: { type: ['object', 'null'], properties: { b: TEXT } } },
    ];
    expect(pointersOf(documentOf({ parameters }))).toEqual([
      '#/paths/~1a/post/parameters/0/schema',
      '#/paths/~1a/post/parameters/1/schema',
    ]);
  });

  it('is a style or a word on security that is null', () => {
    const parameters = [{ in: 'query', name: 'q', style: null, schema: TEXT }];
    const document = documentOf({ parameters, security: null }, { security: [{ key: [] }] });
    expect(pointersOf(document)).toEqual([
      '#/paths/~1a/post/parameters/0/style',
      '#/paths/~1a/post/security',
      '#/security',
    ]);
  });
});

describe('a variable of a server without a default', () => {
  it.each<[string, string, ...string[]]>([
    ['https://a.example/{v}', 'POST /a', '#/servers/0'],
    ['https://{region}.example/v1', 'POST /v1/a'],
    ['{scheme}://a.example/v1', 'POST /v1/a'],
  ])('is named where it is in the path: %s', (url, route, ...told) => {
    expect(answersOf(only({}, { servers: [{ url }] })).route).toBe(route);
    expect(pointersOf(documentOf({}, { servers: [{ url }] }))).toEqual(told);
  });

  it('makes the next server count', () => {
    const servers = [{ url: '/{v}' }, { url: '/v1' }];
    expect(linesOf(documentOf({}, { servers }))).toEqual([
      'a server has no default for {v} of its path: the endpoints are below /v1: #/servers/0 (POST /v1/a)',
    ]);
  });
});
