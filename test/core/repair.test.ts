import fc from 'fast-check';
import semver from 'semver';
import { describe, expect, it } from 'vitest';
import { type ManifestRepair, repairManifest } from '../../engine/core/repair/repair-manifest.ts';
import { settle, settleMap } from '../../engine/core/repair/settle.ts';
import { readSides } from '../../engine/core/repair/sides.ts';

const compare = (a: string, b: string) => (semver.valid(a) && semver.valid(b) ? semver.compare(a, b) : undefined);
const repair = async (text: string, last?: unknown) => repairManifest(await readSides(text), last, compare);

const pin = (version: string) => ({
  name: 'acme',
  version,
  source: 'npm:acme@^1',
  resolved: `npm:acme@${version}`,
  integrity: version,
});
const manifest = (template: string, preset?: string, answers: object = {}) => ({
  schema: 2,
  template: { source: 'x', version: template, integrity: template },
  ...(preset === undefined ? {} : { presets: [pin(preset)] }),
  answers: { name: 'orders', ...answers },
  files: { 'a.ts': { hash: template, owner: 'managed' } },
});

/** A conflict of whole files, as git marks it. */
function conflict(ours: object, theirs: object, base?: object): string {
  const text = (value: object) => `${JSON.stringify(value, null, 2)}\n`;
  return `<<<<<<< one\n${text(ours)}${base ? `||||||| base\n${text(base)}` : ''}=======\n${text(theirs)}>>>>>>> two\n`;
}

const versions = ({ manifest: found }: ManifestRepair) =>
  found && [found.template.version, ...(found.presets ?? []).map(({ version }) => version)];

describe('a text', () => {
  it('with marks of a merge has two sides, and in the style diff3 a base', async () => {
    const two = '{\r\n<<<<<<< HEAD\r\n"a": 1\r\n=======\r\n"a": 2\r\n>>>>>>> x\r\n}\r\n';
    expect(await readSides(two)).toEqual({ sides: [{ a: 1 }, { a: 2 }], damage: 'has marks of a merge' });
    const three = two.replace('=======', '||||||| 1234567\n"a": 0\n=======');
    expect(await readSides(three)).toEqual({
      sides: [{ a: 1 }, { a: 2 }],
      base: { a: 0 },
      damage: 'has marks of a merge',
    });
  });

  it('of a union merge lacks commas and has keys twice: the first and the last are two sides', async () => {
    expect(await readSides('{"a": {"x": 1}\n"a": {"y": 1}\n"b": 2\n}')).toEqual({
      sides: [
        { a: { x: 1 }, b: 2 },
        { a: { y: 1 }, b: 2 },
      ],
      damage: 'is not JSON',
    });
    expect(await readSides('{"a": 1, "a": 2}')).toEqual({ sides: [{ a: 1 }, { a: 2 }], damage: 'has keys twice' });
  });

  it('that is valid has one side, and any other text ends too', async () => {
    expect(await readSides('\ufeff{"a": 1}')).toEqual({ sides: [{ a: 1 }] });
    expect(await readSides('')).toEqual({ sides: [], damage: 'is not JSON' });
    expect((await readSides('['.repeat(100_000))).sides).toEqual([]);
    expect((await readSides('{"__proto__": {"x": 1}}')).sides).toHaveLength(1);
    expect(({} as { x?: number }).x).toBeUndefined();
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary', maxLength: 60 }), async (text) => {
        const { sides, damage } = await readSides(text);
        expect(sides.length).toBeLessThan(3);
        if (damage === undefined) expect(sides).toHaveLength(1);
      }),
      { numRuns: 500 },
    );
  });
});

describe('two sides', () => {
  it.each<[string, unknown[], { base: unknown } | undefined, object]>([
    [
      'agree',
      [
        { a: 1, b: 2 },
        { b: 2, a: 1 },
      ],
      undefined,
      { value: { a: 1, b: 2 } },
    ],
    ['of which one has nothing: nobody knows who removed it', [1, undefined], undefined, { value: 1 }],
    ['of which one removed what was there', [1, undefined], { base: 1 }, { value: undefined }],
    ['of which one changed what was there', [1, 2], { base: 1 }, { value: 2 }],
    ['that both changed it', [1, 2], { base: 0 }, { open: [1, 2] }],
    ['without a base', [1, 2], undefined, { open: [1, 2] }],
  ])('%s', (_what, values, before, result) => {
    expect(settle(values, before)).toEqual(result);
  });

  it('of maps are decided key by key', () => {
    expect(
      settleMap([
        { a: 1, b: 1, c: 1 },
        { a: 1, c: 2, d: 1 },
      ]),
    ).toEqual({
      map: { a: 1, b: 1, d: 1 },
      open: { c: [1, 2] },
    });
  });
});

describe('the version of a manifest with a conflict', () => {
  it.each<[string, object, object, object | undefined, string[] | undefined]>([
    ['that one side moved', manifest('1.0.0'), manifest('2.0.0'), manifest('1.0.0'), ['2.0.0']],
    [
      'that is higher on one side',
      manifest('1.10.0', '1.2.0'),
      manifest('1.9.0', '1.2.0'),
      undefined,
      ['1.10.0', '1.2.0'],
    ],
    [
      'that both moved',
      manifest('2.0.0', '2.0.0'),
      manifest('2.0.0', '3.0.0'),
      manifest('1.0.0', '1.0.0'),
      ['2.0.0', '3.0.0'],
    ],
    [
      'that is higher here and lower there',
      manifest('2.0.0', '1.0.0'),
      manifest('1.0.0', '2.0.0'),
      undefined,
      undefined,
    ],
    [
      'of a preset that only one side has',
      manifest('1.0.0', '1.0.0'),
      { ...manifest('1.0.1'), presets: [] },
      undefined,
      undefined,
    ],
    ['that is no version', manifest('next'), manifest('1.0.0'), undefined, undefined],
  ])('%s', async (_what, ours, theirs, base, wanted) => {
    for (const text of [conflict(ours, theirs, base), conflict(theirs, ours, base)]) {
      const repaired = await repair(text);
      expect(versions(repaired)).toEqual(wanted);
      expect(repaired.open).toEqual(wanted ? [] : [expect.stringMatching(/^the version is .*, or /)]);
    }
  });
});

describe('a manifest', () => {
  it('keeps what this version does not know, and drops what no manifest may have', async () => {
    const value = {
      ...manifest('1.0.0'),
      ours: 1,
      files: { '../x': { hash: 'x', owner: 'managed' }, b: 1, c: { hash: 'c', owner: 'seeded' } },
    };
    const { manifest: found } = await repair(JSON.stringify(value));
    expect(found).toMatchObject({ ours: 1, files: { c: { hash: 'c' } } });
    expect(Object.keys(found?.files ?? {})).toEqual(['c']);
  });

  it('that is cut off is filled from the last commit, or left to a person', async () => {
    const whole = { ...manifest('1.0.0', '1.0.0'), schema: 1, additions: { 'add-task x': {} } };
    const text = JSON.stringify({ ...whole, files: undefined, additions: whole.additions, more: whole.files });
    for (let length = 0; length < text.length; length += 1) {
      const cut = text.slice(0, length);
      const filled = await repair(cut, whole);
      expect([length, filled.open]).toEqual([length, []]);
      expect(filled.manifest).toMatchObject({
        template: whole.template,
        presets: whole.presets,
        answers: whole.answers,
      });
      expect(filled.manifest?.additions).toHaveLength(1);
      expect((await repair(cut)).manifest).toBeUndefined();
    }
  });

  it('of a union merge has the additions of both sides', async () => {
    const head = { ...manifest('1.0.0'), schema: 1 };
    const text = JSON.stringify({ ...head, additions: 0 }).replace(
      '"additions":0',
      '"additions":{"add-task x":{}}\n"additions":{"add-task y":{}}',
    );
    const { manifest: found, open } = await repair(text);
    expect([open, found?.additions?.map(({ name }) => name)]).toEqual([[], ['x', 'y']]);
  });

  it('without a service name, or with two answers, is left to a person', async () => {
    expect((await repair(JSON.stringify({ ...manifest('1.0.0'), answers: {} }))).open).toEqual([
      expect.stringContaining('name'),
    ]);
    const two = conflict(
      manifest('1.0.0', undefined, { cache: 'none' }),
      manifest('1.0.0', undefined, { cache: 'redis' }),
    );
    const { manifest: found, open } = await repair(two);
    expect([found, open]).toEqual([undefined, ['the answer cache is "none", or "redis"']]);
  });
});
