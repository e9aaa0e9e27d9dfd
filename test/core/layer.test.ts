import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { parseRepoPath } from '../../engine/core/repo-path.ts';
import { composeLayers, mergeJson } from '../../engine/core/template/layer.ts';
import type { RenderedFile } from '../../engine/core/template/template.ts';

function layer(name: string, texts: Readonly<Record<string, string>>): { files: RenderedFile[] } {
  const files = Object.entries(texts).map(
    ([path, content]): RenderedFile => ({
      path: parseRepoPath(path),
      content: Buffer.from(content),
      mode: 0o644,
      owner: 'managed',
      source: `${name}/${path}`,
      hash: `of ${name}`,
    }),
  );
  return { files };
}

/** As the template has them. */
const SORTED = ['dependencies', 'devDependencies'];

/** The only file of layers with these texts. */
async function merged(path: string, ...texts: string[]): Promise<string> {
  const tree = await composeLayers(
    texts.map((text, index) => layer(`+${index}`, { [path]: text })),
    { sortedMaps: SORTED },
  );
  return Buffer.from(tree.get(parseRepoPath(path))?.content ?? '').toString();
}

describe('layers', () => {
  it('combine their files and keep what is known about them', async () => {
    const tree = await composeLayers([layer('base', { a: '1' }), layer('+x', { 'b/c': '2' })]);
    expect([...tree.keys()]).toEqual(['a', 'b/c']);
    expect(tree.get(parseRepoPath('b/c'))).toMatchObject({ source: '+x/b/c', hash: 'of +x' });
  });

  it.each(['README.md', 'src/a.ts', 'Dockerfile', 'json'])(
    'that both write %s are an error naming both',
    async (path) => {
      const both = composeLayers([layer('base', { [path]: 'same' }), layer('+x', { [path]: 'same' })]);
      await expect(both).rejects.toMatchObject({
        code: 'TEMPLATE_BROKEN',
        message: `template +x/${path}: writes ${path}, which base/${path} writes too, and only JSON and YAML merge`,
      });
    },
  );

  it('of a preset replace text, and merge JSON', async () => {
    const below = layer('base', { 'a.txt': 'standard', 'a.json': '{"x":1,"y":2}' });
    const preset = { ...layer('preset', { 'a.txt': 'ours', 'a.json': '{"y":3}' }), isPreset: true };
    const tree = await composeLayers([below, preset]);
    const textOf = (path: string) => Buffer.from(tree.get(parseRepoPath(path))?.content ?? '').toString();
    expect(textOf('a.txt')).toBe('ours');
    expect(JSON.parse(textOf('a.json'))).toEqual({ x: 1, y: 3 });
  });

  it('drop the hash of a merged file', async () => {
    const tree = await composeLayers([layer('base', { 'a.json': '{}' }), layer('+x', { 'a.json': '{}' })]);
    expect(tree.get(parseRepoPath('a.json'))).toMatchObject({ source: 'base/a.json + +x/a.json' });
    expect(tree.get(parseRepoPath('a.json'))?.hash).toBeUndefined();
  });
});

describe('JSON of two layers', () => {
  it('merges by key, the later layer winning, in the order of the first', async () => {
    const text = await merged(
      'package.json',
      '{"name":"x","scripts":{"test":"a","build":"b"},"files":[1,2],"deep":{"a":{"b":1,"c":2}}}',
      '{"deep":{"a":{"c":3,"d":4}},"files":[3],"scripts":{"build":"c","audit":"d"},"last":null}',
    );
    expect(text).toBe(
      `${JSON.stringify(
        {
          name: 'x',
          scripts: { test: 'a', build: 'c', audit: 'd' },
          files: [3],
          deep: { a: { b: 1, c: 3, d: 4 } },
          last: null,
        },
        null,
        2,
      )}\n`,
    );
  });

  it('keeps a map in alphabetical order where the template says so', async () => {
    const text = await merged(
      'package.json',
      '{"dependencies":{"pino":"1","zod":"1"},"devDependencies":{"b":"1"}}',
      '{"dependencies":{"@a/b":"1","redis":"1","pino":"2"},"devDependencies":{"a":"1"}}',
    );
    const { dependencies, devDependencies } = JSON.parse(text);
    expect(Object.entries(dependencies)).toEqual([
      ['@a/b', '1'],
      ['pino', '2'],
      ['redis', '1'],
      ['zod', '1'],
    ]);
    expect(Object.keys(devDependencies)).toEqual(['a', 'b']);
  });

  it('treats __proto__ and constructor like other keys', async () => {
    const text = await merged(
      'a.json',
      '{"__proto__":{"a":1}}',
      '{"__proto__":{"b":2},"constructor":{"prototype":{"c":3}}}',
    );
    expect(text.replace(/\s/g, '')).toBe('{"__proto__":{"a":1,"b":2},"constructor":{"prototype":{"c":3}}}');
    expect(Object.keys(Object.prototype)).toEqual([]);
  });

  it('has every key of both, and no other; merging nothing or the same changes nothing', () => {
    const json = fc.jsonValue({ maxDepth: 3 }) as fc.Arbitrary<never>;
    const object = fc.dictionary(fc.string({ maxLength: 3 }), json, { maxKeys: 4, noNullPrototype: true });
    fc.assert(
      fc.property(object as fc.Arbitrary<never>, object as fc.Arbitrary<never>, (below, above) => {
        const result = mergeJson(below, above, SORTED) as object;
        expect(new Set(Object.keys(result))).toEqual(new Set([...Object.keys(below), ...Object.keys(above)]));
        expect(JSON.stringify(mergeJson(result as never, above, SORTED))).toBe(JSON.stringify(result));
        expect(Object.keys(mergeJson(below, {}, SORTED) as object)).toEqual(Object.keys(below));
      }),
    );
  });

  it('that is not JSON is an error naming its source', async () => {
    await expect(merged('a.json', '{}', '{,}')).rejects.toMatchObject({
      code: 'TEMPLATE_BROKEN',
      message: expect.stringMatching(/^template \+1\/a\.json: is not JSON: /),
    });
  });
});

describe('YAML of two layers', () => {
  it('merges by key and keeps the comments of both', async () => {
    const text = await merged(
      'a.yaml',
      '# head\nservices:\n  web: # the service\n    port: 1\n    list: [a]\n# tail\nother: yes\n',
      'services:\n  # beside it\n  db:\n    image: x # pinned\n  web:\n    port: 2 # moved\n    list: [b]\n',
    );
    for (const comment of ['head', 'the service', 'tail', 'beside it', 'pinned', 'moved'])
      expect(text).toContain(`# ${comment}`);
    expect(parse(text)).toEqual({
      services: { web: { port: 2, list: ['b'] }, db: { image: 'x' } },
      other: 'yes',
    });
  });

  it('.yml too, three layers deep', async () => {
    expect(parse(await merged('a.yml', 'a: 1\n', 'b: {c: 2}\n', 'b: {d: 3}\n'))).toEqual({ a: 1, b: { c: 2, d: 3 } });
  });

  it('gives the same values as JSON', async () => {
    const object = fc.dictionary(
      fc.stringMatching(/^[a-d]{1,2}$/),
      fc.oneof(
        fc.integer(),
        fc.string(),
        fc.dictionary(fc.stringMatching(/^[a-c]$/), fc.integer(), { noNullPrototype: true }),
      ),
      { noNullPrototype: true },
    );
    await fc.assert(
      fc.asyncProperty(object, object, async (below, above) => {
        const text = await merged('a.yaml', JSON.stringify(below), JSON.stringify(above));
        expect(parse(text)).toEqual(mergeJson(below, above, SORTED));
      }),
    );
  });

  it.each([
    ['is no YAML', 'a: [\n'],
    ['is two documents', 'a: 1\n---\nb: 2\n'],
    ['has a key twice', 'a: 1\na: 2\n'],
  ])('that %s is an error naming its source', async (_, text) => {
    await expect(merged('a.yaml', 'a: 1\n', text)).rejects.toMatchObject({
      code: 'TEMPLATE_BROKEN',
      message: expect.stringMatching(/^template \+1\/a\.yaml: is not YAML: [^\n]+$/),
    });
  });

  it('with an alias that loses its anchor is an error, not half a file', async () => {
    await expect(merged('a.yaml', 'a: &x {b: 1}\nc: *x\n', 'a: 1\n')).rejects.toMatchObject({
      code: 'TEMPLATE_BROKEN',
    });
  });
});
