import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { globsMeet, matchesGlob } from '../../engine/core/glob.ts';

describe('a glob', () => {
  it.each([
    ['package.json', 'package.json'],
    ['*.md', 'a.md'],
    ['src/*', 'src/'],
    ['src/*/routes.ts', 'src/orders/routes.ts'],
    ['src/**', 'src/features/orders/routes.ts'],
    ['**', 'src/a.ts'],
    ['**/Dockerfile', 'Dockerfile'],
    ['**/Dockerfile', 'a/b/Dockerfile'],
    ['a**z', 'a/b/z'],
    ['*a*b', 'xaxxab'],
    ['a.b', 'a.b'],
  ])('%s matches %s', (glob, path) => {
    expect(matchesGlob(glob, path)).toBe(true);
  });

  it.each([
    ['package.json', 'package.jsonc'],
    ['*.md', 'docs/a.md'],
    ['src/*', 'src/a/b'],
    ['src/**', 'other/src/a'],
    ['**/Dockerfile', 'a/MyDockerfile'],
    ['a.b', 'axb'],
    ['', 'a'],
  ])('%s does not match %s', (glob, path) => {
    expect(matchesGlob(glob, path)).toBe(false);
  });

  // A regular expression of the same glob needs more than a minute for 50 characters.
  it('with many stars is fast for a long path', () => {
    expect(matchesGlob(`${'*a'.repeat(50)}*b`, 'a'.repeat(5_000))).toBe(false);
  });
});

describe('two globs', () => {
  it.each([
    ['node', 'node'],
    ['ghcr.io/**', 'ghcr.io/acme/*'],
    ['*/node', 'acme/*'],
    ['**/node', 'node'],
    ['**/node', '*/*/node'],
    ['a*', '*b'],
    ['**', ''],
  ])('%s and %s have a path in common', (one, other) => {
    expect([globsMeet(one, other), globsMeet(other, one)]).toEqual([true, true]);
  });

  it.each([
    ['node', 'nodes'],
    ['ghcr.io/*', 'ghcr.io/acme/*'],
    ['*/node', 'node'],
    ['a*', 'b*'],
    ['**/node', '**/deno'],
  ])('%s and %s have none', (one, other) => {
    expect([globsMeet(one, other), globsMeet(other, one)]).toEqual([false, false]);
  });

  it('one of which is a path meet where it matches', () => {
    const texts = fc.string({ unit: fc.constantFrom('a', 'b', '/'), maxLength: 6 });
    const globs = fc.string({ unit: fc.constantFrom('a', 'b', '/', '*', '**', '**/'), maxLength: 6 });
    fc.assert(fc.property(globs, texts, (glob, path) => globsMeet(glob, path) === matchesGlob(glob, path)));
  });

  it('with many stars are compared fast', () => {
    expect(globsMeet(`${'*a'.repeat(100)}*b`, `${'*a'.repeat(100)}*c`)).toBe(false);
  });
});
