import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { similarity } from '../../engine/core/merge/text/similarity.ts';

describe('similarity', () => {
  it.each([
    ['a\nb\n', 'a\nb\n', 1],
    ['', '', 1],
    ['\n\n', '', 1],
    ['a\n', 'b\n', 0],
    ['a\n', '', 0],
    ['a\nb\n', 'b\na\n', 1],
    ['  a\n', 'a\n', 1],
    ['a\nb\n', 'a\nc\n', 0.5],
    ['a\na\na\n', 'a\n', 0.5],
    ['a\n', 'a\na\na\n', 0.5],
  ])('of %j and %j is %d', (one, other, expected) => {
    expect(similarity(one, other)).toBe(expected);
  });

  it('is the same both ways, from 0 to 1, and 1 for the same', () => {
    const text = fc.array(fc.constantFrom('a', 'b', '  c', '')).map((lines) => lines.join('\n'));
    fc.assert(
      fc.property(text, text, (one, other) => {
        const value = similarity(one, other);
        expect(similarity(other, one)).toBe(value);
        expect(value).toBeGreaterThanOrEqual(0);
        expect(value).toBeLessThanOrEqual(1);
        expect(similarity(one, one)).toBe(1);
      }),
    );
  });
});
