import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readDocuments } from '../../../engine/io/documents.ts';
import { type Read, readOperations } from '../../../generators/add-endpoint/openapi/operations.ts';
import { withFolder } from '../../support/folder.ts';
import { answersOf } from '../../support/openapi.ts';

const HEAD = 'openapi: 3.1.0\ninfo: { title: t, version: "1" }\n';
const OK = '"204": { description: done }';

/** What a document of these files says; the first is the root. */
async function read(
  files: Readonly<Record<string, string>>,
  prepare: (folder: string) => void = () => undefined,
): Promise<Read> {
  return withFolder({}, async (folder) => {
    const [root = ''] = Object.keys(files);
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(join(folder, 'api', name, '..'), { recursive: true });
      writeFileSync(join(folder, 'api', name), text);
    }
    prepare(folder);
    return readOperations(await readDocuments(join(folder, 'api', root)));
  });
}

/** What becomes of `a` in a body of the root document. */
async function member(schema: string, files: Readonly<Record<string, string>>, prepare?: (folder: string) => void) {
  const body = `requestBody: { required: true, content: { application/json: { schema: { type: object, required: [a], properties: { a: ${schema} } } } } }`;
  const root = `${HEAD}paths: { /a: { post: { ${body}, responses: { ${OK} } } } }\ncomponents: { schemas: { Own: { type: boolean } } }\n`;
  const { operations } = await read({ 'root.yaml': root, ...files }, prepare);
  const [found] = operations;
  if (found === undefined || 'reason' in found) return found?.reason;
  return [...(found.answers.body as string[]), ...found.losses.map(({ pointer }) => pointer)];
}

describe('a document of many files', () => {
  it('has path items, operations and schemas in files beside it, each relative to its own', async () => {
    const { operations, losses } = await read({
      'root.yaml': `${HEAD}paths:\n  /a: { $ref: paths/a.yaml }\n  /b: { get: { $ref: "paths/a.yaml#/get" } }\n`,
      'paths/a.yaml': `get:\n  summary: one\n  responses:\n    "200":\n      content: { application/json: { schema: { $ref: ../schemas.json#/A } } }\n`,
      'schemas.json':
        '{"A": {"type": "object", "properties": {"x": {"$ref": "#/B"}}}, "B": {"type": "integer", "minimum": 1}}',
    });
    expect(losses).toEqual([]);
    expect(operations.map(({ name }) => name)).toEqual(['GET /a', 'GET /b']);
    for (const one of operations) expect(answersOf(one)).toMatchObject({ summary: 'one', response: ['x:int>=1?'] });
  });

  it('names a loss by its file and pointer', async () => {
    expect(await member('{ $ref: "parts/a.yaml#/A" }', { 'parts/a.yaml': 'A: { type: string, pattern: x }' })).toEqual([
      'a:string',
      'parts/a.yaml#/A/pattern',
    ]);
  });

  it('may refer back to the root, and go round in circles', async () => {
    expect(await member('{ $ref: a.yaml }', { 'a.yaml': '$ref: "root.yaml#/components/schemas/Own"' })).toEqual([
      'a:boolean',
    ]);
    const circle = {
      'a.yaml': 'type: object\nproperties: { b: { $ref: b.yaml } }',
      'b.yaml': 'type: array\nitems: { $ref: a.yaml }',
    };
    expect(await member('{ $ref: a.yaml }', circle)).toEqual(['a:{b:any[]?}', 'b.yaml#/items/$ref']);
  });

  it.each([
    ['http://example.com/a.yaml', /is at another address, and nothing is fetched$/],
    ['file:///etc/passwd', /is at another address/],
    ['//example.com/a.yaml', /is at another address/],
    ['../outside.yaml', /is outside the folder of the document$/],
    ['x/../../outside.yaml', /is outside the folder of the document$/],
    ['%2e%2e/outside.yaml', /is outside the folder of the document$/],
    ['/etc/passwd', /is outside the folder of the document$/],
    ['link.yaml', /is outside the folder of the document$/],
    ['link/outside.yaml', /is outside the folder of the document$/],
    ['none.yaml', /is not there$/],
    ['broken.yaml', /cannot be read$/],
    ['folder', /is no file$/],
  ])('reads no other file: %s', async ($ref, reason) => {
    const said = await member(`{ $ref: "${$ref}" }`, { 'broken.yaml': '{', 'folder/x.yaml': 'a' }, (folder) => {
      writeFileSync(join(folder, 'outside.yaml'), 'type: string');
      symlinkSync(join(folder, 'outside.yaml'), join(folder, 'api/link.yaml'));
      symlinkSync(folder, join(folder, 'api/link'));
    });
    expect(said).toMatch(reason);
  });
});

describe('a file', () => {
  const one = async (text: string | Buffer, name = 'root.yaml') => {
    const { operations } = await read({ [name]: String(text) });
    return operations.map((operation) => answersOf(operation));
  };

  it('may begin with a byte order mark', async () => {
    expect(
      (await one(`\ufeff{"openapi": "3.0.3", "paths": {"/a": {"get": {"responses": {"204": {}}}}}}`, 'root.json'))
        .length,
    ).toBe(1);
    expect((await one(`\ufeff${HEAD}paths: { /a: { get: { responses: { ${OK} } } } }`)).length).toBe(1);
  });

  it('may be YAML in braces', async () => {
    expect((await one(`{ openapi: 3.1.0, paths: { /a: { get: { responses: { ${OK} } } } } }`)).length).toBe(1);
  });

  it('may have merge keys', async () => {
    const text = `${HEAD}x-errors: &errors { "401": { description: who }, "404": { description: none } }
paths:
  /a:
    get:
      responses:
        <<: *errors
        "404": { description: own }
        ${OK}
`;
    expect((await one(text))[0]?.error).toEqual(['401', '404']);
  });

  it('may use a small anchor as often as it likes', async () => {
    const paths = Array.from(
      { length: 1500 },
      (_, index) => `  /a${index}: { get: { responses: { ${OK}, "404": *e } } }`,
    );
    expect((await one(`${HEAD}x-e: &e { description: bad }\npaths:\n${paths.join('\n')}\n`)).length).toBe(1500);
  });

  it.each([
    [
      'aliases that make billions',
      Array.from(
        { length: 12 },
        (_, index) =>
          `l${index}: &l${index} [${Array(10)
            .fill(index === 0 ? 'x' : `*l${index - 1}`)
            .join(', ')}]`,
      ).join('\n'),
      /values once its aliases are written out/,
    ],
    ['an alias of itself', 'a: &a { b: *a }', /alias/i],
    ['deep nesting', `a: ${'['.repeat(2000)}${']'.repeat(2000)}`, /nested|call stack|deep/i],
  ])('with %s is refused', async (_what, text, reason) => {
    await expect(one(`${HEAD}${text}\n`)).rejects.toThrow(reason);
  });
});
