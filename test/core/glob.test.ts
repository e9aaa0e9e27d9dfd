import { describe, expect, it } from 'vitest';
import { matchesGlob } from '../../engine/core/glob.ts';

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
