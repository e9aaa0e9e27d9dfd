import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Backing } from '../../contract/harness/backing/backing.ts';
import { completeEnvironment } from '../../contract/harness/environment.ts';
import { OpenApi } from '../../contract/harness/schema/openapi.ts';
import { sample } from '../../contract/harness/schema/sample.ts';
import { samplePattern } from '../../contract/harness/schema/sample-pattern.ts';
import { badValue, readVariables } from '../../contract/harness/schema/variables.ts';
import { Unseen } from '../../contract/harness/wait.ts';
import { node } from '../../contract/runtimes/node.ts';
import { Subject } from '../../contract/subject.ts';
import type { ProcessTarget } from '../../contract/target.ts';

describe('sample values', () => {
  test.each([
    '^[A-Z0-9-]{3,32}$',
    '^[a-z0-9]+(?:-[a-z0-9]+)*$',
    '^(?:cat|dog)s?\\.(\\d{2,4}|x)$',
    '^[^\\s@]+@[\\w.]+\\.[a-z]{2,}$',
    '^(?!0)\\d{4}$',
    '^\\p{L}+$',
    '^[\\p{L}\\d ]+$',
    '^(?<!-)[a-z]+$',
    '^([ab])\\1$',
    '^[^a-z\\s]{3}\\u0041$',
    '^(?=.*[A-Z])(?=.*[0-9]).{8,}$',
  ])('match the pattern %s', (pattern) => {
    for (let draw = 0; draw < 50; draw += 1) expect(samplePattern(pattern)).toMatch(new RegExp(pattern, 'u'));
  });

  test.each(['^[^\\x00-\\x1f]{1,200}$', '^(?:[^\\s\\u0000-\\u001f]+)?$', '^[!-~]*$'])(
    'differ each time where the pattern %s leaves room, though nothing or one character would match',
    (pattern) => {
      const made = Array.from({ length: 100 }, () => samplePattern(pattern));
      expect(new Set(made).size).toBe(100);
    },
  );

  test.each([
    ['^(low|medium|high)$', 3],
    ['^[a-c](-[A-C])?$', 12],
  ])('take every form that the pattern %s has', (pattern, forms) => {
    expect(new Set(Array.from({ length: 600 }, () => samplePattern(pattern))).size).toBe(forms);
  });

  test('are numbers that fit into 32 bits, where a pattern takes any digits', () => {
    for (let draw = 0; draw < 200; draw += 1) expect(Number(samplePattern('^\\d+$'))).toBeLessThan(2 ** 31);
  });

  test('match a pattern whose characters are written as numbers', () => {
    for (const pattern of ['^[\\x2d\\x5d\\x61]+$', '^\\\\x41{3}$', '^\\x2e\\u002a$'])
      expect(samplePattern(pattern)).toMatch(new RegExp(pattern, 'u'));
  });

  test('match a pattern with escapes that Unicode mode refuses', () => {
    expect(samplePattern('^[\\w-.]+\\-x$')).toMatch(/^[\w.-]+-x$/);
  });

  test('have nothing that a service may trim or escape where a pattern takes anything', () => {
    for (let draw = 0; draw < 50; draw += 1) expect(samplePattern('^.{1,64}$')).toMatch(/^[\w!-]{1,64}$/);
  });

  test('a pattern that nothing matches is an error', () => {
    expect(() => samplePattern('^a$^b$')).toThrow(Unseen);
  });

  test('keep to bounds of length and number', () => {
    const bounds = fc.record({ minLength: fc.integer({ min: 0, max: 80 }), room: fc.integer({ min: 0, max: 40 }) });
    fc.assert(
      fc.property(
        bounds,
        fc.integer({ min: -50, max: 50 }),
        fc.integer({ min: 1, max: 9 }),
        ({ minLength, room }, minimum, multipleOf) => {
          const text = sample({ type: 'string', minLength, maxLength: minLength + room }, {}) as string;
          expect(text.length).toBeGreaterThanOrEqual(minLength);
          expect(text.length).toBeLessThanOrEqual(minLength + room);
          const number = sample({ type: 'integer', minimum, multipleOf }, {}) as number;
          expect(number).toBeGreaterThanOrEqual(minimum);
          expect(Math.abs(number % multipleOf)).toBe(0);
        },
      ),
    );
  });

  test('have the required properties, through references', () => {
    const schema = { $ref: '#/components/schemas/Thing' };
    const Thing = {
      type: 'object',
      required: ['id', 'kind', 'tags', 'size'],
      properties: {
        id: { type: 'string', format: 'uuid' },
        kind: { enum: ['a', 'b'] },
        tags: { type: 'array', minItems: 2, items: { type: 'string', maxLength: 3 } },
        size: { anyOf: [{ type: 'null' }, { type: 'integer', exclusiveMinimum: 4 }] },
        more: { type: 'string' },
      },
    };
    const made = sample(schema, { components: { schemas: { Thing } } });
    expect(made).toEqual({
      id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      kind: 'a',
      tags: [expect.any(String), expect.any(String)],
      size: 5,
    });
  });
});

describe('the environment of a service', () => {
  const target = { kind: 'process', name: 'any', folder: '/', command: [process.execPath] } as const;
  const environmentOf = (document: unknown, more: Partial<ProcessTarget> = {}) => {
    const subject = new Subject({ ...target, ...more }, readVariables(document) ?? [], new Backing());
    return completeEnvironment(subject, { env: {}, temp: '/tmp/x', databaseUrl: undefined, redisUrl: undefined });
  };
  /** As pydantic prints it: a choice is named, and one with a title stands in allOf. */
  const document = {
    $defs: { Stage: { enum: ['dev', 'live'], type: 'string' } },
    type: 'object',
    required: ['STAGE', 'TITLED'],
    properties: {
      STAGE: { $ref: '#/$defs/Stage' },
      TITLED: { allOf: [{ $ref: '#/$defs/Stage' }], title: 'Stage' },
      MAYBE: { anyOf: [{ $ref: '#/$defs/Stage' }, { type: 'null' }], default: null },
      EITHER: { anyOf: [{ type: 'integer' }, { type: 'string' }] },
    },
  };

  test('has what its schema names elsewhere in the document', () => {
    expect(environmentOf(document)).toMatchObject({ STAGE: 'dev', TITLED: 'dev' });
  });

  test('is broken by values that such a schema refuses', () => {
    const bad = readVariables(document)?.map((variable) => [variable.name, badValue(variable)]);
    expect(Object.fromEntries(bad ?? [])).toEqual({
      STAGE: 'no-such-choice',
      TITLED: 'no-such-choice',
      MAYBE: 'no-such-choice',
      EITHER: undefined,
    });
  });

  test('has a home, unless its user gave it another, and a URL that every client takes', () => {
    const database = { properties: { DATABASE_URL: { type: 'string' } } };
    expect(environmentOf(database)).toMatchObject({
      HOME: '/tmp/x',
      DATABASE_URL: expect.stringMatching(/^postgresql:/),
    });
    expect(environmentOf({}, { env: { HOME: '/home/me' } }).HOME).toBe('/home/me');
  });

  test('runs code first without losing the options of its user', () => {
    const options = (given: Record<string, string>) => node.faults?.crash(given).NODE_OPTIONS;
    expect(options({})).toMatch(/^--import=data:text\/javascript,\S+$/);
    expect(options({ NODE_OPTIONS: '--no-warnings' })).toBe(`--no-warnings ${options({})}`);
  });
});

test('an OpenAPI document tells where to write and where to read what was written', () => {
  const content = {
    'application/json': { schema: { type: 'object', required: ['name'], properties: { name: { type: 'string' } } } },
  };
  const openApi = new OpenApi({
    paths: {
      '/search': { post: { requestBody: { content }, responses: { 200: {} } } },
      '/things': { get: {}, post: { requestBody: { content }, responses: { 201: {} } } },
      '/things/{id}': { get: { parameters: [{ name: 'id', in: 'path', schema: { type: 'string', format: 'uuid' } }] } },
      '/things/{id}/parts': { get: {} },
    },
  });
  expect(openApi.write).toMatchObject({ method: 'POST', path: '/things' });
  expect(openApi.write?.body()).toEqual({ name: expect.any(String) });
  expect(openApi.write?.invalidBody()).toEqual({ name: { wrong: [] } });
  const item = openApi.itemOf('/things');
  expect(item?.path).toBe('/things/{id}');
  expect(item && openApi.fill(item)).toMatch(/^\/things\/[0-9a-f-]{36}$/);
  expect(() => new OpenApi({})).toThrow('no paths');
});

test('an OpenAPI document may have its parts elsewhere, and its paths below a server', () => {
  const openApi = new OpenApi({
    servers: [{ url: '/api/' }],
    components: {
      requestBodies: { Thing: { content: { 'application/json': { schema: { $ref: '#/components/schemas/Thing' } } } } },
      schemas: { Thing: { type: 'object', required: ['n'], properties: { n: { type: 'integer' } } } },
      parameters: { Id: { name: 'id', in: 'path', schema: { type: 'integer', minimum: 7, maximum: 7 } } },
    },
    paths: {
      '/things': { post: { requestBody: { $ref: '#/components/requestBodies/Thing' }, responses: { 201: {} } } },
      '/things/{id}': { get: { parameters: [{ $ref: '#/components/parameters/Id' }] } },
    },
  });
  expect(openApi.write).toMatchObject({ method: 'POST', path: '/api/things' });
  expect(openApi.write?.body()).toEqual({ n: expect.any(Number) });
  const item = openApi.itemOf('/api/things');
  expect(item && openApi.fill(item)).toBe('/api/things/7');
});
