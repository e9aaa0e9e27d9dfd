import { describe, expect, it } from 'vitest';
import { answersOf, body, json, only } from '../../support/openapi.ts';

/** What the members of a request's or a response's object become. */
function bothOf(schema: object, more: object = {}): { request: unknown; response: unknown } {
  const found = answersOf(
    only({ requestBody: { required: true, ...json(schema) }, responses: { 200: json(schema) } }, more),
  );
  return { request: found.body, response: found.response };
}

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
        Code: { type: 'string', minLength: 1 },
        Twice: {
          type: 'object',
          properties: { a: { $ref: '#/components/schemas/Code' }, b: { $ref: '#/components/schemas/Code' } },
        },
      },
      parameters: { Limit: { in: 'query', name: 'limit', schema: { $ref: '#/components/schemas/Money' } } },
      requestBodies: { Body: { required: true, ...json({ type: 'object', properties: { x: { type: 'string' } } }) } },
      responses: { Made: json({ type: 'object', properties: { y: { type: 'string' } } }) },
    },
  };

  it('is followed in schemas, parameters, bodies and responses, through escapes', () => {
    expect(body({ a: { $ref: '#/components/schemas/Money' } }, components)).toEqual(['a:number>=0']);
    expect(body({ a: { $ref: '#/components/schemas/a~1b~0c%20d' } }, components)).toEqual(['a:boolean']);
    expect(body({ a: { $ref: '#/components/schemas/Twice' } }, components)).toEqual(['a:{a:string>=1?,b:string>=1?}']);
    expect(
      answersOf(
        only(
          {
            parameters: [{ $ref: '#/components/parameters/Limit' }],
            requestBody: { $ref: '#/components/requestBodies/Body' },
            responses: { 201: { $ref: '#/components/responses/Made' } },
          },
          components,
        ),
      ),
    ).toMatchObject({ query: ['limit:number>=0?'], body: ['x:string?'], response: ['y:string?'], status: '201' });
  });

  it('has siblings, which count from 3.1 on and are lost in 3.0', () => {
    const a = { $ref: '#/components/schemas/Code', maxLength: 3, description: 'silent' };
    expect(body({ a }, components)).toEqual(['a:string>=1<=3']);
    expect(body({ a }, components, '3.0.3')).toEqual(['a:string>=1', 'a/maxLength']);
  });

  it.each([
    ['Node', '{next:any?}', '#/components/schemas/Node/properties/next/$ref'],
    ['Chain', 'any', '#/components/schemas/Link/$ref'],
    ['Tree', 'any', '#/components/schemas/Tree/allOf/0/$ref'],
    ['List', 'any[]', '#/components/schemas/List/items/$ref'],
  ])('to %s is a circle: any value is taken where it closes, and that is reported', (name, type, pointer) => {
    expect(body({ a: { $ref: `#/components/schemas/${name}` } }, components)).toEqual([`a:${type}`, pointer]);
  });

  it.each([
    ['other.yaml#/x', /is in another document/],
    ['https://example.com/x', /is in another document/],
    ['#/components/schemas/None', /is not in the document/],
    ['#/__proto__/toString', /is not in the document/],
    ['#/components/constructor', /is not in the document/],
    ['#/components/%zz', /is not in the document/],
    ['#Anchor', /is no JSON pointer/],
  ])('to %s cannot be expressed', ($ref, reason) => {
    expect(body({ a: { $ref } }, components)).toMatch(reason);
  });
});

describe('schemas', () => {
  it.each<[object, string]>([
    [{ type: 'string' }, 'string'],
    [{ type: 'string', minLength: 1, maxLength: 9 }, 'string>=1<=9'],
    [{ type: 'string', format: 'uuid' }, 'uuid'],
    [{ type: 'string', format: 'date-time' }, 'datetime'],
    [{ type: 'string', format: 'uri' }, 'uri'],
    [{ type: 'string', format: 'password' }, 'string'],
    [{ type: 'string', enum: ['open', 'paid'] }, 'enum(open,paid)'],
    [{ type: 'string', enum: ['a,b', '', '"', ' x'] }, 'enum("a,b","","\\""," x")'],
    [{ type: 'string', const: 'open' }, 'enum(open)'],
    [{ enum: ['a', 1, true] }, 'literal("a",1,true)'],
    [{ type: 'integer', enum: [1, 2] }, 'literal(1,2)'],
    [{ type: 'string', enum: ['a', null] }, 'enum(a)'],
    [{ enum: ['a', null] }, 'enum(a)|null'],
    [{ type: 'string', nullable: true, enum: ['a', null] }, 'enum(a)|null'],
    [{ type: 'integer', minimum: 1, maximum: 5 }, 'int>=1<=5'],
    [{ type: 'integer', exclusiveMinimum: 0 }, 'int>0'],
    [{ type: 'integer', minimum: 0, exclusiveMinimum: true }, 'int>0'],
    [{ type: 'integer', minimum: 0.5, maximum: 2.5 }, 'int>=1<=2'],
    [{ type: 'number', maximum: 1.5, exclusiveMaximum: false }, 'number<=1.5'],
    [{ type: 'integer', maximum: 2 ** 63 }, 'int'],
    [{ type: 'integer', format: 'int64' }, 'int'],
    [{ type: 'boolean' }, 'boolean'],
    [{}, 'any'],
    [{ type: ['string', 'integer'] }, 'string|int'],
    [{ type: ['string', 'null'] }, 'string|null'],
    [{ oneOf: [{ type: 'string' }, { type: 'integer', minimum: 1 }] }, 'string|int>=1'],
    [
      { anyOf: [{ type: 'string' }, { type: 'array', items: { type: 'string' } }, { type: 'null' }] },
      'string|string[]|null',
    ],
    [{ anyOf: [{ type: 'string' }, {}] }, 'any'],
    [{ type: 'array', items: { type: 'integer' }, minItems: 1, maxItems: 3 }, 'int[]>=1<=3'],
    [{ type: 'array', items: { type: 'integer', minimum: 1 }, maxItems: 3 }, '(int>=1)[]<=3'],
    [{ type: 'array', items: { type: ['string', 'null'] } }, '(string|null)[]'],
    [{ type: 'array', items: { type: 'array', minItems: 2, items: { type: 'string' } } }, 'string[]>=2[]'],
    [{ type: 'array' }, 'any[]'],
    [{ type: 'object' }, '{*:any}'],
    [{ type: 'object', additionalProperties: { type: 'string' } }, '{*:string}'],
    [{ type: 'object', properties: { x: { type: 'integer' } } }, '{x:int?}'],
    [{ properties: { x: { type: 'integer' } }, required: ['x', 'y'] }, '{x:int,y:any}'],
    [{ properties: { x: { type: 'integer' } }, additionalProperties: true }, '{x:int?,*:any}'],
    [{ properties: { x: { type: 'integer' } }, additionalProperties: false }, '{x:int?,*:none}'],
    [{ properties: { 'a-b': { type: 'integer' }, class: { type: 'integer' } } }, '{"a-b":int?,class:int?}'],
    [{ type: 'array', items: { properties: { x: { type: 'integer', minimum: 2 } } } }, '{x:int>=2?}[]'],
    [{ allOf: [{ type: 'integer' }], minimum: 3 }, 'int>=3'],
  ])('%j', (schema, type) => {
    expect(body({ a: schema })).toEqual([`a:${type}`]);
  });

  it('of objects are alternatives that lose nothing', () => {
    const [a, b] = [
      { type: 'object', properties: { x: { type: 'integer' } } },
      { type: 'object', additionalProperties: false },
    ];
    expect(body({ a: { anyOf: [a, b] } })).toEqual(['a:{x:int?,*:any}|{*:none}']);
  });

  it('oneOf takes what fits two of its schemas too, and that is reported', () => {
    const text = { type: 'string' };
    expect(body({ a: { oneOf: [text, { ...text, enum: ['x'] }] } })).toEqual(['a:string|enum(x)', 'a/oneOf']);
  });

  it('alternatives have to hold together with what is beside them', () => {
    const schema = {
      type: 'object',
      properties: { id: { type: 'string' }, name: { type: 'string' } },
      anyOf: [{ required: ['id'] }, { required: ['name'] }],
    };
    expect(body({ a: schema })).toEqual(['a:{id:string,name:string?,*:any}|{id:string?,name:string,*:any}']);
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
});

describe('allOf', () => {
  it.each<[object[], string]>([
    [
      [
        { type: 'object', properties: { x: { type: 'integer' } }, required: ['x'] },
        { properties: { y: { type: 'boolean' } } },
      ],
      '{x:int,y:boolean?}',
    ],
    [
      [
        { type: 'integer', minimum: 5, maximum: 9 },
        { minimum: 1, maximum: 7 },
      ],
      'int>=5<=7',
    ],
    [[{ type: 'integer', minimum: 5 }, { exclusiveMinimum: 5 }], 'int>5'],
    [[{ type: 'number' }, { type: 'integer' }], 'int'],
    [[{ type: 'string', enum: ['a', 'b'] }, { enum: ['b', 'c'] }], 'enum(b)'],
    [[{ type: ['string', 'null'] }, { type: 'string', maxLength: 4 }], 'string<=4'],
    [
      [
        { type: 'object', properties: { n: { type: 'object', properties: { x: { type: 'integer', minimum: 5 } } } } },
        { properties: { n: { properties: { x: { minimum: 1, maximum: 9 } }, required: ['x'] } } },
      ],
      '{n:{x:int>=5<=9}?}',
    ],
  ])('has to hold in all its parts: %j', (allOf, type) => {
    expect(body({ a: { allOf } })).toEqual([`a:${type}`]);
  });

  it('of types that exclude each other takes any value, and says so', () => {
    expect(body({ a: { allOf: [{ type: 'string' }, { type: 'integer' }] } })).toEqual(['a:any', 'a']);
  });
});

describe('what depends on the direction', () => {
  it('is a member that only one side sends, required or not', () => {
    const schema = {
      type: 'object',
      required: ['id', 'name', 'password'],
      properties: {
        id: { type: 'string', readOnly: true },
        name: { type: 'string' },
        password: { allOf: [{ type: 'string' }], writeOnly: true },
      },
    };
    expect(bothOf(schema)).toEqual({
      request: ['name:string', 'password:string'],
      response: ['id:string', 'name:string'],
    });
    expect(bothOf({ type: 'array', items: schema })).toEqual({
      request: [':{name:string,password:string}[]'],
      response: ['[]:{id:string,name:string}'],
    });
  });

  it('is whether other members are refused: an answer is without them anyway', () => {
    const schema = { type: 'object', additionalProperties: false, properties: { x: { type: 'integer' } } };
    expect(bothOf(schema)).toEqual({ request: ['x:int?', '*:none'], response: ['x:int?'] });
    expect(bothOf({ type: 'object', additionalProperties: false })).toEqual({
      request: ['*:none'],
      response: ['*:none'],
    });
  });
});

describe('what is lost', () => {
  it.each<[object, string[]]>([
    [{ type: 'string', pattern: '^x' }, ['string', 'pattern']],
    [{ type: 'integer', multipleOf: 5 }, ['int', 'multipleOf']],
    [{ type: 'array', uniqueItems: true, items: { type: 'integer' } }, ['int[]', 'uniqueItems']],
    [{ type: 'string', format: 'ipv4' }, ['string', 'format']],
    [{ type: 'string', format: 'email', maxLength: 50 }, ['email', 'maxLength']],
    [{ type: 'string', minLength: '1' }, ['string', 'minLength']],
    [{ type: 'string', not: { const: 'x' } }, ['string', 'not']],
    [{ type: 'number', minimum: 1e-7 }, ['number', 'minimum']],
    [{ type: 'integer', minimum: 3, maximum: 2 }, ['int', 'minimum', 'maximum']],
    [{ type: 'string', maxLength: 200_000 }, ['string', 'maxLength']],
    [{ type: 'date' }, ['any', 'type']],
    [{ patternProperties: { x: {} }, type: 'object' }, ['{*:any}', 'patternProperties']],
    [{ type: 'string', default: 'x', deprecated: true, 'x-ours': 1 }, ['string', 'default']],
    [{ type: 'object', properties: { __proto__x: {}, toString: {} } }, ['{__proto__x:any?}', 'properties/toString']],
    [{ properties: { $id: {}, a: {} } }, ['{a:any?}', 'properties/$id']],
  ])('%j', (schema, [type, ...lost]) => {
    expect(body({ a: schema })).toEqual([`a:${type}`, ...lost.map((name) => `a/${name}`)]);
  });
});
