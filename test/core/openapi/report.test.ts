import { describe, expect, it } from 'vitest';
import { body, documentOf, json, linesOf } from '../../support/openapi.ts';

const AT = '#/paths/~1a/post';
const NOTHING = { responses: { 204: { description: 'done' } } };

/** What is said of an operation. */
const said = (operation: object) => linesOf(documentOf({ ...NOTHING, ...operation }));

describe('a line says what an endpoint does instead', () => {
  const text = (schema: unknown) => ({ required: true, content: { 'text/plain': { schema } } });

  it('of a text whose schema says more than that it is one', () => {
    const schema = `${AT}/requestBody/content/text~1plain/schema`;
    expect(said({ requestBody: text({ type: 'string', maxLength: 3 }) })).toEqual([
      `a schema is not checked: any text is taken: ${schema} (POST /a)`,
    ]);
    expect(said({ requestBody: text({ type: 'string', pattern: 'x' }) })).toEqual([
      `"pattern" of a schema is not used: ${schema}/pattern (POST /a)`,
    ]);
    expect(said({ responses: { 200: { content: { 'text/csv': { schema: { type: 'integer' } } } } } })).toEqual([
      `a schema is not checked: any text is answered: ${AT}/responses/200/content/text~1csv/schema (POST /a)`,
    ]);
  });

  it.each([true, {}, { type: 'string' }])('and nothing of a text of the schema %j: any text is taken', (schema) => {
    expect(said({ requestBody: text(schema) })).toEqual([]);
    expect(said({ responses: { 200: { content: { 'text/csv': { schema } } } } })).toEqual([]);
  });

  it('and nothing of schemas that take any value', () => {
    expect(said({ requestBody: { required: true, ...json(true) }, responses: { 200: json(true) } })).toEqual([]);
    expect(said({ parameters: [{ in: 'query', name: 'q', schema: true }] })).toEqual([]);
    expect(body({ a: true })).toEqual(['a:any']);
  });

  it('of a list in a style that nobody takes apart, once', () => {
    const schema = { type: 'array', items: { type: 'integer' } };
    const parameters = [{ in: 'query', name: 'q', style: 'pipeDelimited', explode: false, schema }];
    expect(said({ parameters })).toEqual([
      'a parameter is a list in the style pipeDelimited, which no endpoint takes apart: any text is taken: ' +
        `${AT}/parameters/0 (POST /a)`,
    ]);
  });

  it('of responses and types that the endpoint does not have', () => {
    const content = { ...json({}).content, 'application/xml': {} };
    expect(said({ responses: { 200: { content }, 202: {}, '4XX': {} } })).toEqual([
      `a media type of a body is not used: a body has one, and another was chosen: ${AT}/responses/200/content/application~1xml (POST /a)`,
      `a response is not used: an endpoint sends one response of success, and the errors that have a status of their own: ${AT}/responses/202 (POST /a)`,
      `a response is not used: errors are answered as problem+json: ${AT}/responses/4XX (POST /a)`,
    ]);
  });
});

describe('a response without a body', () => {
  it('has no content, whatever the document says', () => {
    expect(said({ responses: { 204: json({}) } })).toEqual([
      `"content" of a response is not used: a response with the status 204 has no body: ${AT}/responses/204/content (POST /a)`,
    ]);
  });
});

describe('oneOf', () => {
  const kind = (value: unknown, more: object = {}) => ({
    type: 'object',
    required: ['kind'],
    properties: { kind: { const: value } },
    ...more,
  });
  const lost = (...oneOf: unknown[]) => (body({ a: { oneOf } }) as string[]).slice(1);

  it.each<unknown[][]>([
    [[kind('card'), kind('cash')]],
    [[kind('card'), kind(1), kind(true)]],
    [[{ enum: ['a'] }, { enum: ['b', 'c'] }]],
    [[{ enum: ['a'] }, { type: 'integer' }]],
    [[{ type: 'string' }, { enum: [1, 2] }]],
  ])('of what no value can be two of loses nothing: %j', (oneOf) => {
    expect(lost(...oneOf)).toEqual([]);
  });

  it.each<unknown[][]>([
    [[kind('card'), kind('card', { required: ['kind', 'x'] })]],
    [[kind('card'), kind('cash', { required: [] })]],
    [[kind('card'), { type: 'object', required: ['other'], properties: { other: { const: 'cash' } } }]],
    [[{ enum: ['a', 'b'] }, { enum: ['b', 'c'] }]],
    [[{ type: 'string' }, { enum: ['x'] }]],
    [[{ type: 'integer' }, { type: 'number' }]],
  ])('of what a value can be two of is listed: %j', (oneOf) => {
    expect(lost(...oneOf)).toEqual(['a/oneOf']);
  });
});
