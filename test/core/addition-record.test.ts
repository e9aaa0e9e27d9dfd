import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { UserError } from '../../engine/core/errors.ts';
import {
  ADDITIONS_FOLDER,
  type AdditionRecord,
  additionKey,
  recordPath,
  serializeRecord,
} from '../../engine/core/record/addition-record.ts';
import { MAX_RECORDS, readRecords, sharedHashes, withAdditions } from '../../engine/core/record/additions.ts';
import { parseRecord } from '../../engine/core/record/parse-record.ts';
import { parseRepoPath } from '../../engine/core/repo-path.ts';
import { GENERATORS } from '../../generators/generators.ts';

const GENERATOR_NAMES = GENERATORS.filter(({ addition }) => addition).map(({ name }) => name);
const answer = fc.oneof(fc.string({ unit: 'binary' }), fc.integer(), fc.array(fc.string(), { maxLength: 3 }));
const visible = fc.stringMatching(/^[ -~]{1,80}$/);
const record: fc.Arbitrary<AdditionRecord> = fc.record(
  {
    generator: fc.constantFrom(...GENERATOR_NAMES),
    name: fc
      .oneof(visible, fc.stringMatching(/^[a-z]{1,6}([-_][a-z0-9]{1,6}){0,3}$/), fc.string())
      .filter((name) => name !== '' && !/[\p{C}\p{Zl}\p{Zp}]/u.test(name)),
    answers: fc.dictionary(fc.string(), answer, { maxKeys: 5, noNullPrototype: true }),
    shared: fc.dictionary(fc.stringMatching(/^[q-z]{1,6}\.ts$/), fc.string(), {
      maxKeys: 3,
      minKeys: 1,
      noNullPrototype: true,
    }),
  },
  { requiredKeys: ['generator', 'name', 'answers'] },
);

function refusal(path: string, text: string): [string, number] {
  try {
    parseRecord(path, text);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    expect(error.message).toContain(path);
    return [error.code, error.exit];
  }
  return ['read', 0];
}

describe('the file of an addition', () => {
  it.each([
    ['add-client', 'payments', 'client-payments.json'],
    ['add-migration', 'add_paid_at_to_invoices', 'migration-add_paid_at_to_invoices.json'],
    ['add-endpoint', 'POST /orders/:orderId/items', 'endpoint-post-orders-orderid-items.0c09f8f9.json'],
    ['add-endpoint', 'POST /orders/:orderid/items', 'endpoint-post-orders-orderid-items.'],
    ['add-endpoint', 'GET /', 'endpoint-get.'],
  ])('of %s %s is %s', (generator, name, file) => {
    expect(recordPath({ generator, name })).toContain(`${ADDITIONS_FOLDER}/${file.replace(/0c09f8f9.*/, '')}`);
  });

  it('has a name that every disk can have, and no two additions have one', () => {
    const seen = new Map<string, string>();
    fc.assert(
      fc.property(record, (value) => {
        const path = recordPath(value);
        expect(parseRepoPath(path)).toBe(path);
        expect(path).toBe(path.toLowerCase());
        expect(path.length).toBeLessThan(120);
        const other = seen.get(path) ?? additionKey(value);
        expect(other).toBe(additionKey(value));
        seen.set(path, other);
      }),
      { numRuns: 500 },
    );
    const alike = ['GET /a-b', 'GET /a/b', 'GET /A/b', 'GET /a/:b', 'get-a-b'].map((name) =>
      recordPath({ generator: 'add-endpoint', name }),
    );
    expect(new Set(alike).size).toBe(alike.length);
  });

  it('of one generator cannot be that of another', () => {
    for (const one of GENERATOR_NAMES)
      for (const other of GENERATOR_NAMES) expect(other.startsWith(`${one}-`)).toBe(false);
  });

  it('written and read again is the same', () => {
    fc.assert(
      fc.property(record, (value) => {
        const text = serializeRecord(value);
        expect(parseRecord(recordPath(value), text)).toEqual(value);
        expect(parseRecord(recordPath(value), text.replaceAll('\n', '\r\n'))).toEqual(value);
      }),
      { numRuns: 300 },
    );
  });

  it('is laid out as the formatter of a service would', () => {
    const long = Array.from({ length: 6 }, (_, index) => `property${index}:string!`);
    const answers = { route: 'POST /a', body: ['sku:string!', 'quantity:int>0'], long, none: [] };
    expect(serializeRecord({ generator: 'add-endpoint', name: 'POST /a', answers })).toBe(
      [
        '{',
        '  "schema": 1,',
        '  "generator": "add-endpoint",',
        '  "name": "POST /a",',
        '  "answers": {',
        '    "route": "POST /a",',
        '    "body": ["sku:string!", "quantity:int>0"],',
        '    "long": [',
        ...long.map((text, index) => `      "${text}"${index < 5 ? ',' : ''}`),
        '    ],',
        '    "none": []',
        '  }',
        '}',
        '',
      ].join('\n'),
    );
  });

  const PATH = `${ADDITIONS_FOLDER}/task-x.json`;
  const GOOD = { schema: 1, generator: 'add-task', name: 'x', answers: {} };
  it.each<[string, string, string, number]>([
    ['no JSON', '<<<<<<< ours\n', 'MANIFEST_BROKEN', 3],
    ['empty', '', 'MANIFEST_BROKEN', 3],
    ['null', 'null', 'MANIFEST_BROKEN', 3],
    ['a list', '[]', 'MANIFEST_BROKEN', 3],
    ['without schema', JSON.stringify({ ...GOOD, schema: undefined }), 'MANIFEST_BROKEN', 3],
    ['of a newer version', JSON.stringify({ schema: 2, generator: 7 }), 'MANIFEST_NEWER', 3],
    ['without generator', JSON.stringify({ ...GOOD, generator: undefined }), 'MANIFEST_BROKEN', 3],
    ['a generator that is a path', JSON.stringify({ ...GOOD, generator: 'add-../..' }), 'MANIFEST_BROKEN', 3],
    ['without name', JSON.stringify({ ...GOOD, name: '' }), 'MANIFEST_BROKEN', 3],
    ['a name of escape sequences', JSON.stringify({ ...GOOD, name: '\u001b[2J' }), 'MANIFEST_BROKEN', 3],
    ['the name of another', JSON.stringify({ ...GOOD, name: 'y' }), 'MANIFEST_BROKEN', 3],
    ['without answers', JSON.stringify({ ...GOOD, answers: null }), 'MANIFEST_BROKEN', 3],
    ['answers of objects', JSON.stringify({ ...GOOD, answers: { a: {} } }), 'MANIFEST_BROKEN', 3],
    ['shared files without hash', JSON.stringify({ ...GOOD, shared: { a: 1 } }), 'MANIFEST_BROKEN', 3],
    ['a shared file outside', JSON.stringify({ ...GOOD, shared: { '../a': 'x' } }), 'MANIFEST_UNSAFE', 6],
  ])('that is %s is refused with its name', (_what, text, code, exit) => {
    expect(refusal(PATH, text)).toEqual([code, exit]);
  });
});

describe('the folder of additions', () => {
  const file = (value: AdditionRecord): [string, Uint8Array] => [
    recordPath(value).slice(ADDITIONS_FOLDER.length + 1),
    Buffer.from(serializeRecord(value)),
  ];
  const task: AdditionRecord = { generator: 'add-task', name: 'x', answers: {}, shared: { 'a.ts': '1' } };
  const other: AdditionRecord = { ...task, name: 'y', shared: { 'a.ts': '2', 'b.ts': '1' } };

  it('is read file by file, and what a tool left there is none', () => {
    expect(readRecords([file(other), ['.DS_Store', Buffer.from('x')], ['x.json~', 'a link'], file(task)])).toEqual([
      other,
      task,
    ]);
    expect(() => readRecords([['task-x.json', 'a link']])).toThrow(/task-x\.json is a link/);
    const many = Array.from({ length: MAX_RECORDS + 1 }, (_, at) => file({ ...task, name: `t${at}` }));
    expect(() => readRecords(many)).toThrow(/more than/);
  });

  it('says with which hashes the shared files came', () => {
    expect(sharedHashes({ additions: [task, other] })).toEqual(
      new Map([
        ['a.ts', new Set(['1', '2'])],
        ['b.ts', new Set(['1'])],
      ]),
    );
  });

  it('and an old manifest may have the same addition, but not with other answers', () => {
    const inside = { generator: 'add-task', name: 'x', answers: { a: '1', b: '2' } };
    const same = { ...task, answers: { b: '2', a: '1' } };
    expect(withAdditions({ additions: [inside] }, [other, same])).toEqual({ additions: [same, other] });
    expect(() => withAdditions({ additions: [inside] }, [task])).toThrow(/other answers for add-task x/);
  });
});
