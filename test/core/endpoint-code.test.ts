import { describe, expect, it } from 'vitest';
import { parseAnswers } from '../../engine/core/question.ts';
import { toEndpoint } from '../../engine/core/service/endpoint.ts';
import { ENDPOINT_QUESTIONS } from '../../generators/add-endpoint/questions.ts';
import { DEFAULT_STACK } from '../../stacks/index.ts';
import type { RawEndpoint } from '../support/endpoints.ts';

const code = await DEFAULT_STACK.load();

/** What the templates of an endpoint may name. */
function contextOf(raw: Partial<RawEndpoint>) {
  const answers = parseAnswers(ENDPOINT_QUESTIONS, { route: 'POST /a', ...raw }, '');
  return code.endpoint(toEndpoint(answers)) as Record<string, string> & {
    readonly schemas: readonly { readonly statement: string }[];
    readonly wrongs: readonly { readonly member: string }[];
  };
}

/** The schema of a body of this type, on one line. */
function schemaOf(type: string): string | undefined {
  return contextOf({ body: [`:${type}`] })
    .schemas[0]?.statement.replace(/^export const Body = (.*);$/s, '$1')
    .replace(/\s+/g, '')
    .replace(/,(?=[}\])])/g, '');
}

describe('the schema of', () => {
  it.each([
    ['string|int|null', 'z.union([z.string(),z.int()]).nullable()'],
    ['null', 'z.null()'],
    ['any', 'z.unknown()'],
    ['{a:any,b:any?}', 'z.object({a:anything(),b:z.unknown().optional()})'],
    ['int[][]>0', 'z.array(z.array(z.int())).min(1)'],
    ['(int>0|null)[]', 'z.array(z.int().min(1).nullable())'],
    ['literal(1,true,"x")', 'z.literal([1,true,"x"])'],
    ['literal("x")', 'z.literal("x")'],
    ['{*:string}', 'z.record(z.string(),z.string())'],
    ['{a:int,*:any}', 'z.looseObject({a:z.int()})'],
    ['{a:int,*:string}', 'z.object({a:z.int()}).catchall(others(z.string()))'],
    ['{a:int,*:none}', 'z.strictObject({a:z.int()})'],
    // A dog may be taken for a cat, and keeps its bark.
    ['{name:string}|{bark:string}', 'z.union([z.looseObject({name:z.string()}),z.looseObject({bark:z.string()})])'],
    ['{a:{b:int}}|string', 'z.union([z.looseObject({a:z.object({b:z.int()})}),z.string()])'],
    ['datetime', 'z.iso.datetime({offset:true})'],
    ['uri', 'z.url()'],
    ['{class:int,"a-b":int,"3d":int}', 'z.object({class:z.int(),"a-b":z.int(),"3d":z.int()})'],
    ['{a:int}?', 'z.object({a:z.int()}).nullish()'],
  ])('%s', (type, schema) => {
    expect(schemaOf(type)).toBe(schema);
  });

  it('a list of a query that comes with commas', () => {
    const { schemas, request, wrongs } = contextOf({ query: ['fields:enum(id,size)[]>1?:csv'] });
    expect(schemas[0]?.statement).toContain('fields: text.csv(z.enum(["id", "size"]), { min: 2 }).optional(),');
    expect(request).toContain('fields: "id,id",');
    expect(wrongs.map(({ member }) => member)).toEqual([
      '"a fields that is no list in the query": { query: { ...request.query, fields: "-" } },',
    ]);
  });

  it('a form: its values arrive as text', () => {
    const { schemas, request, wrongs, consumes } = contextOf({
      body: ['number:int', 'tags:string[]', 'size:literal(1,2)?'],
      'body-type': 'application/x-www-form-urlencoded',
    });
    expect(schemas[0]?.statement).toMatch(
      /number: text\.int\(\),\n {2}tags: text\.list\(z\.string\(\)\),\n {2}size: text\.literal\(\[1, 2\]\)/,
    );
    expect(request).toContain('payload: "number=1&tags=text&size=1",');
    expect(wrongs.map(({ member }) => member)).toContain('"no tags": { payload: "number=1&size=1" },');
    expect(consumes).toBe('consumes: ["application/x-www-form-urlencoded"],');
  });
});

describe('a test of an endpoint', () => {
  const wrongsOf = (raw: Partial<RawEndpoint>) => contextOf(raw).wrongs.map(({ member }) => member);

  it('sends wrong values of a union only where one is surely wrong', () => {
    expect(wrongsOf({ body: ['a:int|string?'] })).toEqual([
      '"a a that is none of its types": { payload: { ...request.payload, a: true } },',
    ]);
    expect(wrongsOf({ body: ['a:string|int|boolean|any[]?'] })).toEqual([
      '"a a that is none of its types": { payload: { ...request.payload, a: {} } },',
    ]);
    expect(wrongsOf({ body: ['a:string|int|boolean|any[]|{*:any}?', 'b:any?'] })).toEqual([]);
  });

  it('sends another member where that is refused', () => {
    expect(wrongsOf({ body: ['other:int?', '*:none'] })).toContain(
      '"another member": { payload: { ...request.payload, other1: true } },',
    );
    expect(wrongsOf({ body: ['*:int'] })).toEqual([
      '"another member that is no int": { payload: { ...request.payload, other: 1.5 } },',
    ]);
    expect(wrongsOf({ body: ['*:any'] })).toEqual([]);
  });

  it('sends a body that is no object with its content type', () => {
    const text = contextOf({ body: [':string'] });
    expect(text.request).toContain('"content-type": "application/json",');
    expect(text.request).toContain('payload: JSON.stringify("text"),');
    expect(text.wrongs[0]?.member).toBe('"another body": { payload: JSON.stringify(true) },');
    expect(contextOf({ body: [':int[]'] }).request).not.toContain('content-type');
    expect(wrongsOf({ body: [':int[]'] })).toEqual(['"another body": { payload: {} },']);
  });

  it('keeps its content type where a header is wrong', () => {
    const wrongs = wrongsOf({ header: ['x-a:int'], body: ['a:int?'], 'body-type': 'application/merge-patch+json' });
    expect(wrongs[0]).toContain('"no x-a in the headers": {');
    expect(wrongs[0]).toContain('"content-type": "application/merge-patch+json"');
  });
});

describe('an example', () => {
  it('says what the body says of a member, whatever its name is', () => {
    const same = ['class:string', '"a-b":int|null'];
    expect(contextOf({ body: same, response: [...same, '"it\'s":int'] }).answer).toBe(
      'return {\n    class: input.body.class,\n    "a-b": input.body["a-b"],\n    "it\'s": 1,\n  };',
    );
    // A body that may be left out has no members.
    expect(contextOf({ body: [':{a:int}?'], response: ['a:int'] }).isInputUsed).toBe(false);
  });

  it('has a member beside the named ones', () => {
    expect(contextOf({ response: ['a:int', '*:string[]'] }).answer).toContain('other: ["text"],');
  });
});

it.each([
  ['of more than any service takes', { body: ['x:int[]>=1000[]>=1000'] }, /larger than 400000 bytes/],
  ['of nested lists', { response: [`:${'('.repeat(4)}string>=100)[]>=500)[]>=500)[]>=500)[]>=500`] }, /larger than/],
  ['of a list that is too long', { body: ['x:int[]>=1001'] }, /too long for a test/],
])('a sample %s is refused before it is made', (_what, raw, reason) => {
  expect(() => contextOf(raw)).toThrow(reason);
});

it.each([
  ['$ref', { body: [':{"$ref":int}[]|null'] }],
  ['$id', { response: ['*:{"$id":int}'] }],
  ['const', { query: ['const:int'] }],
  ['nullable', { header: ['nullable:int'] }],
])('a name that the service could not describe is refused: %s', (name, raw) => {
  expect(() => contextOf(raw)).toThrow(`${name} is a keyword of JSON Schema`);
  expect(() => contextOf({ body: ['const:int', 'nullable:int', 'definitions:int'] })).not.toThrow();
});
