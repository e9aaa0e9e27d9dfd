import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Tree } from '../../engine/core/tree.ts';
import { addDependencies } from '../../stacks/go/dependencies.ts';
import { additionNames, exportedName, localName } from '../../stacks/go/names.ts';

const MODULE = `module service // ours

go 1.26.0

require (
	github.com/danielgtaylor/huma/v2 v2.37.2
	// The driver.
	github.com/jackc/pgx/v5 v5.12.0
)

// Of others.
require (
	github.com/beorn7/perks v1.0.1 // indirect
	// We pinned this one.
	github.com/cespare/xxhash/v2 v2.3.0 // indirect
)
`;

const SUMS = 'github.com/beorn7/perks v1.0.1 h1:aa=\ngithub.com/jackc/pgx/v5 v5.12.0 h1:bb=\n';

const asTree = (files: Readonly<Record<string, string>>): Tree =>
  new Map(Object.entries(files).map(([path, text]) => [path as never, { content: Buffer.from(text), mode: 0o644 }]));

async function grown(files: Readonly<Record<string, string>>, needs: 'client' | 'flag' = 'client') {
  const edits = await addDependencies(needs, asTree(files));
  const text = (path: string) => {
    const file = edits.get(path as never);
    return file === undefined ? undefined : Buffer.from(file.content).toString();
  };
  return { module: text('go.mod'), sums: text('go.sum') };
}

describe('what an addition needs of Go', () => {
  it('is in the block of its kind, in its place, and comments stay with their lines', async () => {
    const { module = '', sums = '' } = await grown({ 'go.mod': MODULE, 'go.sum': SUMS });
    expect(module).toBe(
      MODULE.replace('\t// The driver.', '\tgithub.com/failsafe-go/failsafe-go v0.9.8\n\t// The driver.').replace(
        '\t// We pinned',
        '\tgithub.com/bits-and-blooms/bitset v1.24.4 // indirect\n\t// We pinned',
      ),
    );
    const lines = sums.trimEnd().split('\n');
    expect(lines).toEqual(expect.arrayContaining(SUMS.trimEnd().split('\n')));
    expect(lines.filter((line) => line.startsWith('github.com/failsafe-go/failsafe-go v0.9.8')).length).toBe(2);
    expect([...new Set(lines)].length).toBe(lines.length);
  });

  it('twice is once, and a version that a team chose stays', async () => {
    const once = await grown({ 'go.mod': MODULE, 'go.sum': SUMS });
    expect(await grown({ 'go.mod': once.module ?? '', 'go.sum': once.sums ?? '' })).toEqual({});
    const chosen = (once.module ?? '').replace('failsafe-go v0.9.8', 'failsafe-go v0.9.7');
    expect(await grown({ 'go.mod': chosen, 'go.sum': SUMS })).toEqual({});
  });

  it('keeps the line ends of Windows, and makes a block where there is none', async () => {
    const { module } = await grown({ 'go.mod': MODULE.replaceAll('\n', '\r\n') });
    expect(module?.replaceAll('\r\n', '')).not.toContain('\n');
    const bare = await grown({ 'go.mod': 'module service\n\ngo 1.26.0\n' });
    expect(bare.module).toBe(
      'module service\n\ngo 1.26.0\n\nrequire (\n\tgithub.com/failsafe-go/failsafe-go v0.9.8\n)\n\n' +
        'require (\n\tgithub.com/bits-and-blooms/bitset v1.24.4 // indirect\n)\n',
    );
  });

  it('raises what go.mod held for tests of others, and its sums with it', async () => {
    const pin = '\tgithub.com/kr/pretty v0.3.0 // indirect\n';
    const pinned = MODULE.replace('\t// We pinned', `${pin}\t// We pinned`);
    const sum = 'github.com/kr/pretty v0.3.0/go.mod h1:640gp4NfQd8pI5XOwp5fnNeVWj67G7CFk/SaSQn7NBk=\n';
    const { module, sums } = await grown({ 'go.mod': pinned, 'go.sum': SUMS + sum });
    expect(module).not.toContain('kr/pretty');
    expect(sums).not.toContain('kr/pretty v0.3.0');
    expect(sums).toContain('kr/pretty v0.3.1/go.mod');
  });

  it('is nothing for a flag, nor where there is no go.mod', async () => {
    expect(await grown({ 'go.mod': MODULE, 'go.sum': SUMS }, 'flag')).toEqual({});
    expect(await grown({ 'go.sum': SUMS })).toEqual({});
  });

  it.each(['', 'require (', `${MODULE}<<<<<<< ours\n`, `${MODULE}require (\n\ta.example/b v1.0.0\n`])(
    'a go.mod that Go would refuse is not touched: %#',
    async (text) => {
      await expect(grown({ 'go.mod': text })).rejects.toMatchObject({ code: 'TARGET_UNUSABLE' });
    },
  );
});

describe('names in Go', () => {
  it.each([
    ['new-checkout', 'NewCheckout', 'newCheckout'],
    ['url-shortener', 'URLShortener', 'urlShortener'],
    ['stock-url', 'StockURL', 'stockURL'],
    ['STOCK_URL', 'StockURL', 'stockURL'],
    ['a-1b', 'A_1b', 'a_1b'],
    ['i-d', 'I_D', 'i_D'],
    ['type', 'Type', 'type'],
  ])('%s', (name, exported, local) => {
    expect([exportedName(name), localName(name)]).toEqual([exported, local]);
  });

  it('a variable of the environment is named without its unit', () => {
    expect(additionNames({ name: 'stock-api', urlEnv: 'STOCK_URL', timeoutEnv: 'STOCK_TIMEOUT_MS' })).toEqual({
      exportedName: 'StockAPI',
      localName: 'stockAPI',
      packageName: 'stockapi',
      urlVar: 'StockURL',
      timeoutVar: 'StockTimeout',
    });
  });

  it('two names are never written alike', () => {
    const word = fc.constantFrom(
      'a',
      'b',
      'i',
      'd',
      'u',
      'r',
      'l',
      'id',
      'ui',
      'url',
      'uid',
      'http',
      'https',
      's',
      '1',
      '1b',
      'b1',
    );
    const name = fc
      .array(word, { minLength: 1, maxLength: 4 })
      .map((words) => words.join('-'))
      .filter((text) => /^[a-z]/.test(text));
    fc.assert(
      fc.property(name, name, (one, other) => one === other || exportedName(one) !== exportedName(other)),
      { numRuns: 20_000 },
    );
  });
});
