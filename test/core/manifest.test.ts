import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { UserError } from '../../engine/core/errors.ts';
import {
  MANIFEST_PATH,
  type Manifest,
  parseManifest,
  serializeManifest,
  writeManifest,
} from '../../engine/core/service/manifest.ts';
import { OWNERS } from '../../engine/core/template/template.ts';

const GOOD = {
  schema: 1,
  template: { source: 'x', version: '1', integrity: 'sha256-x' },
  answers: { name: 'orders' },
  files: { 'src/a.ts': { hash: 'sha256-a', owner: 'seeded' } },
};

function refusal(text: string): [string, number] {
  try {
    parseManifest(text);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    expect(error.message).toContain(MANIFEST_PATH);
    return [error.code, error.exit];
  }
  return ['read', 0];
}

const withFiles = (files: unknown) => JSON.stringify({ ...GOOD, files });

describe('a manifest', () => {
  it('that is valid is read', () => {
    expect(parseManifest(JSON.stringify(GOOD))).toEqual(GOOD);
    expect(parseManifest(JSON.stringify(GOOD).replaceAll(',', ',\r\n'))).toEqual(GOOD);
  });

  it.each<[string, string]>([
    ['no JSON', '{'],
    ['empty', ''],
    ['a number', '1'],
    ['null', 'null'],
    ['a list', '[]'],
    ['a text', '"x"'],
    ['without schema', JSON.stringify({ ...GOOD, schema: undefined })],
    ['a schema of text', JSON.stringify({ ...GOOD, schema: '1' })],
    ['an addition without a name', JSON.stringify({ ...GOOD, additions: { 'add-task': {} } })],
    ['an addition without a generator', JSON.stringify({ ...GOOD, additions: { 'GET /': {} } })],
    ['an addition with an answer of objects', JSON.stringify({ ...GOOD, additions: { 'add-task x': { a: {} } } })],
    ['an older schema', JSON.stringify({ ...GOOD, schema: 0 })],
    ...['template', 'answers', 'files'].flatMap((key): [string, string][] => [
      [`without ${key}`, JSON.stringify({ ...GOOD, [key]: undefined })],
      [`${key} that is null`, JSON.stringify({ ...GOOD, [key]: null })],
      [`${key} that is a list`, JSON.stringify({ ...GOOD, [key]: [] })],
    ]),
    ['additions that are a list', JSON.stringify({ ...GOOD, additions: [] })],
    ['an addition without answers', JSON.stringify({ ...GOOD, additions: { 'add-endpoint GET /': null } })],
    ['a file that is null', withFiles({ a: null })],
    ['a file without a hash', withFiles({ a: { owner: 'seeded' } })],
    ['a file without an owner', withFiles({ a: { hash: 'x' } })],
    ['an unknown owner', withFiles({ a: { hash: 'x', owner: 'me' } })],
    ['an owner that is a method of the prototype', withFiles({ a: { hash: 'x', owner: 'constructor' } })],
  ])('broken, %s: MANIFEST_BROKEN, 3', (_what, text) => {
    expect(refusal(text)).toEqual(['MANIFEST_BROKEN', 3]);
  });

  it.each([
    '../x',
    '/x',
    'a/../../x',
    '.git/config',
    'a/.GIT/x',
    'a\\b',
    'C:/x',
    'a//b',
    '',
    '.',
    'con',
    'a\u0000',
    'a ',
    'a\u202e',
  ])('with the path %j: MANIFEST_UNSAFE, 6', (path) => {
    expect(refusal(withFiles({ [path]: { hash: 'x', owner: 'seeded' } }))).toEqual(['MANIFEST_UNSAFE', 6]);
  });

  it('of a newer version: MANIFEST_NEWER, 3, before anything else of it is judged', () => {
    expect(refusal('{"schema": 3}')).toEqual(['MANIFEST_NEWER', 3]);
    expect(refusal('{"schema": 99, "files": {"../x": 1}}')).toEqual(['MANIFEST_NEWER', 3]);
  });

  it('with a member __proto__ pollutes nothing', () => {
    const text =
      '{"schema":2,"template":{"source":"x","version":"1","integrity":"x"},"answers":{"__proto__":{"x":1}},"files":{}}';
    const manifest = parseManifest(text);
    expect(refusal(text.replace('"files"', '"additions":{"__proto__":{"x":1}},"files"'))[0]).toBe('MANIFEST_BROKEN');
    expect(({} as { x?: number }).x).toBeUndefined();
    expect(JSON.parse(serializeManifest(manifest))).toEqual(JSON.parse(text));
  });
});

const answer = fc.oneof(fc.string({ unit: 'binary' }), fc.integer(), fc.array(fc.string(), { maxLength: 3 }));
const map = <T>(keys: fc.Arbitrary<string>, values: fc.Arbitrary<T>) =>
  fc.dictionary(keys, values, { maxKeys: 6, noNullPrototype: true });
const manifest: fc.Arbitrary<Manifest> = fc.record({
  schema: fc.constant(2 as const),
  template: fc.record({ source: fc.string(), version: fc.string(), integrity: fc.string() }),
  // A service's name has its own rules.
  answers: map(
    fc.string().filter((key) => key !== 'name'),
    answer,
  ),
  files: map(
    fc.stringMatching(/^[a-z_]{1,6}(\/[a-z]{1,6}\.ts)?$/).filter((path) => !/^(con|prn|aux|nul)$/.test(path)),
    fc.record({ hash: fc.string(), owner: fc.constantFrom(...OWNERS) }),
  ),
});

describe('written and read again', () => {
  it('a manifest is the same', () => {
    fc.assert(
      fc.property(manifest, (value) => {
        const text = serializeManifest(value);
        expect(parseManifest(text)).toEqual(value);
        expect(serializeManifest(parseManifest(text))).toBe(text);
      }),
      { numRuns: 300 },
    );
  });

  it('the order of its files does not matter', () => {
    fc.assert(
      fc.property(manifest, (value) => {
        const turn = <T>(entries: Readonly<Record<string, T>>) => Object.fromEntries(Object.entries(entries).reverse());
        const { files, ...head } = value;
        const turned = { ...head, files: turn(files) };
        expect(serializeManifest(turned)).toBe(serializeManifest(value));
      }),
      { numRuns: 100 },
    );
  });

  it('one file is one line, and additions are in files of their own', () => {
    const files = { b: { hash: 'x', owner: 'seeded' as const }, a: { hash: 'y\n', owner: 'managed' as const } };
    const additions = [{ generator: 'add-endpoint', name: 'GET /a', answers: {} }];
    const lines = serializeManifest({ ...GOOD, schema: 1, additions, files }).split('\n');
    expect(lines).toEqual([
      ...JSON.stringify({ schema: 2, template: GOOD.template, answers: GOOD.answers }, null, 2)
        .split('\n')
        .slice(0, -2),
      '  },',
      '  "files": {',
      '    "a": {"hash":"y\\n","owner":"managed"},',
      '    "b": {"hash":"x","owner":"seeded"}',
      '  }',
      '}',
      '',
    ]);
  });

  it('keeps its line ends', () => {
    const [lf, crlf] = [serializeManifest({ ...GOOD, schema: 2, files: {} }), Buffer.from('{\r\n}\r\n')];
    const written = writeManifest({ content: crlf, mode: 0o755 }, { ...GOOD, schema: 2, files: {} });
    expect([Buffer.from(written.content).toString(), written.mode]).toEqual([lf.replaceAll('\n', '\r\n'), 0o755]);
    expect(Buffer.from(writeManifest(undefined, { ...GOOD, schema: 2, files: {} }).content).toString()).toBe(lf);
  });

  it('of schema 1 has its additions inside', () => {
    const additions = { 'add-endpoint POST /b': { body: ['x:int', 'y:int'] }, 'add-client pay': { name: 'pay' } };
    const { additions: read, ...rest } = parseManifest(JSON.stringify({ ...GOOD, additions }));
    expect(rest).toEqual(GOOD);
    expect(read).toEqual([
      { generator: 'add-client', name: 'pay', answers: { name: 'pay' } },
      { generator: 'add-endpoint', name: 'POST /b', answers: { body: ['x:int', 'y:int'] } },
    ]);
  });
});
