import { join, sep, win32 } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseRepoPath } from '../../engine/core/repo-path.ts';

const accepted = (text: string): boolean => {
  try {
    parseRepoPath(text);
    return true;
  } catch (error) {
    expect(error).toBeInstanceOf(RangeError);
    return false;
  }
};

describe('paths of a template', () => {
  it.each([
    'README.md',
    '.github/workflows/ci.yml',
    '.gitignore',
    '.gitlab-ci.yml',
    '.gitattributes',
    'src/a b.ts',
    'été/naïve.txt',
    'git/HEAD',
    'auxiliary.ts',
    'a'.repeat(400),
  ])('may be %s', (path) => {
    expect(parseRepoPath(path)).toBe(path);
  });

  it.each([
    ['', 'an empty segment'],
    ['/etc/passwd', 'an empty segment'],
    ['a//b', 'an empty segment'],
    ['a/', 'an empty segment'],
    ['..', 'the segment ".."'],
    ['a/../../b', 'the segment ".."'],
    ['./a', 'the segment "."'],
    ['.git/hooks/pre-commit', 'a .git folder'],
    ['a/.GIT/config', 'a .git folder'],
    ['.git. ./config', 'a .git folder'],
    ['.g\u200cit/config', 'a .git folder'],
    ['.ｇit/config', 'a .git folder'],
    ['git~1/config', 'a .git folder'],
    ['con', 'the device name'],
    ['a/AUX.ts', 'the device name'],
    ['lpt¹.txt', 'the device name'],
    ['a.', 'ends in a dot or a space'],
    ['a ', 'ends in a dot or a space'],
    ['a\0b', 'a control or invisible character'],
    ['a\u202eb', 'a control or invisible character'],
    ['a\nb', 'a control or invisible character'],
    ['a\\b', 'that Windows does not allow'],
    ['C:a', 'that Windows does not allow'],
    ['a:stream', 'that Windows does not allow'],
    ['a?', 'that Windows does not allow'],
    ['a'.repeat(401), 'longer than 400 characters'],
  ])('may not be %j', (path, reason) => {
    expect(() => parseRepoPath(path)).toThrow(reason);
  });

  it('that are accepted stay below every root, on POSIX and on Windows', () => {
    const segment = fc.oneof(
      fc.constantFrom(
        '..',
        '.',
        '',
        '.git',
        '.GIT',
        'con',
        'C:',
        '~',
        'a',
        '.a',
        '...',
        '.. ',
        '..\u200b',
        '%2e%2e',
        '\\..',
      ),
      fc.string({ unit: 'binary', maxLength: 6 }),
      fc.string({ unit: fc.constantFrom(...'.aG/\\: ~\u200c\u0130'), maxLength: 8 }),
    );
    fc.assert(
      fc.property(fc.array(segment, { maxLength: 5 }), (segments) => {
        const path = segments.join('/');
        if (!accepted(path)) return;
        expect(join('/root', path)).toBe(`/root${sep}${path}`);
        expect(win32.join('C:\\root', path)).toBe(`C:\\root\\${path.replaceAll('/', '\\')}`);
        for (const part of path.split('/')) {
          expect(part.normalize('NFKC').toLowerCase()).not.toBe('.git');
          expect(part).not.toMatch(/[\p{Cc}\p{Cf}]|[. ]$/u);
        }
      }),
      { numRuns: 1000 },
    );
  });

  it('never show control characters to the terminal', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (path) => {
        try {
          parseRepoPath(path);
        } catch (error) {
          expect((error as Error).message).toMatch(/^[^\p{Cc}\p{Cf}\u2028\u2029]*$/u);
        }
      }),
    );
  });
});
