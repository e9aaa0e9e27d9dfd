import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { UserError } from '../../engine/core/errors.ts';
import { MANIFEST_PATH, type Manifest, parseManifest, serializeManifest } from '../../engine/core/service/manifest.ts';
import { OWNERS } from '../../engine/core/template/template.ts';
import { withFolder } from '../support/folder.ts';
import { execute } from '../support/program.ts';
import { growAll, serviceOf } from '../support/service.ts';

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
    expect(refusal('{"schema": 2}')).toEqual(['MANIFEST_NEWER', 3]);
    expect(refusal('{"schema": 99, "files": {"../x": 1}}')).toEqual(['MANIFEST_NEWER', 3]);
  });

  it('with a member __proto__ pollutes nothing', () => {
    const text =
      '{"schema":1,"template":{"source":"x","version":"1","integrity":"x"},"answers":{"__proto__":{"x":1}},"additions":{"__proto__":{"x":1}},"files":{}}';
    const manifest = parseManifest(text);
    expect(({} as { x?: number }).x).toBeUndefined();
    expect(JSON.parse(serializeManifest(manifest))).toEqual(JSON.parse(text));
  });
});

const answer = fc.oneof(fc.string({ unit: 'binary' }), fc.integer(), fc.array(fc.string(), { maxLength: 3 }));
const map = <T>(keys: fc.Arbitrary<string>, values: fc.Arbitrary<T>) =>
  fc.dictionary(keys, values, { maxKeys: 6, noNullPrototype: true });
const manifest: fc.Arbitrary<Manifest> = fc
  .record({
    schema: fc.constant(1 as const),
    template: fc.record({ source: fc.string(), version: fc.string(), integrity: fc.string() }),
    // A service's name has its own rules.
    answers: map(
      fc.string().filter((key) => key !== 'name'),
      answer,
    ),
    additions: map(fc.string(), map(fc.string(), answer)),
    files: map(
      fc.stringMatching(/^[a-z_]{1,6}(\/[a-z]{1,6}\.ts)?$/).filter((path) => !/^(con|prn|aux|nul)$/.test(path)),
      fc.record({ hash: fc.string(), owner: fc.constantFrom(...OWNERS) }),
    ),
  })
  .map(({ additions, ...rest }) => (Object.keys(additions).length > 0 ? { ...rest, additions } : rest));

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

  it('the order of its files and additions does not matter', () => {
    fc.assert(
      fc.property(manifest, (value) => {
        const turn = <T>(entries: Readonly<Record<string, T>>) => Object.fromEntries(Object.entries(entries).reverse());
        const { additions, files, ...head } = value;
        const turned = { ...head, ...(additions ? { additions: turn(additions) } : {}), files: turn(files) };
        expect(serializeManifest(turned)).toBe(serializeManifest(value));
      }),
      { numRuns: 100 },
    );
  });

  it('one file and one addition are one line each', () => {
    const files = { b: { hash: 'x', owner: 'seeded' as const }, a: { hash: 'y\n', owner: 'managed' as const } };
    const additions = { 'add-endpoint POST /b': { body: ['x:int', 'y:int'] }, 'add-endpoint GET /a': {} };
    const lines = serializeManifest({ ...GOOD, schema: 1, additions, files }).split('\n');
    expect(lines).toEqual([
      ...JSON.stringify({ schema: 1, template: GOOD.template, answers: GOOD.answers }, null, 2)
        .split('\n')
        .slice(0, -2),
      '  },',
      '  "additions": {',
      '    "add-endpoint GET /a": {},',
      '    "add-endpoint POST /b": {"body":["x:int","y:int"]}',
      '  },',
      '  "files": {',
      '    "a": {"hash":"y\\n","owner":"managed"},',
      '    "b": {"hash":"x","owner":"seeded"}',
      '  }',
      '}',
      '',
    ]);
  });
});

describe('two branches that each add one endpoint', () => {
  /** Merges like git. @returns the merged text, or nothing if there is a conflict */
  async function merged(
    base: string,
    ours: string,
    theirs: string,
    how: readonly string[],
  ): Promise<string | undefined> {
    return withFolder({ base, ours, theirs }, async (cwd) => {
      const result = await execute('git', ['merge-file', '-p', ...how, 'ours', 'base', 'theirs'], { cwd });
      return result.code === 0 ? result.stdout : undefined;
    });
  }

  async function mergeOf(earlier: readonly string[], one: string, other: string, how: readonly string[] = []) {
    const base = await growAll(
      serviceOf(),
      earlier.map((route) => ({ route })),
    );
    if (base instanceof UserError) throw base;
    const text = async (...routes: string[]) => {
      const grown = await growAll(
        base,
        routes.map((route) => ({ route })),
      );
      if (grown instanceof UserError) throw grown;
      return Buffer.from(grown.tree.get(MANIFEST_PATH)?.content ?? []).toString('utf8');
    };
    return { both: await text(one, other), merge: await merged(await text(), await text(one), await text(other), how) };
  }

  it('merge without conflict if other lines are between them, and give the same as one branch', async () => {
    const { both, merge } = await mergeOf(['GET /b', 'GET /f', 'GET /z'], 'GET /a', 'GET /d');
    expect(merge).toBe(both);
  });
});
