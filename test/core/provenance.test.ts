import { describe, expect, it } from 'vitest';
import { mergeJson } from '../../engine/core/template/layer.ts';
import { keyOrigins } from '../../engine/core/template/provenance.ts';

/** Who set each key of merged maps. */

const origins = (...values: unknown[]) =>
  Object.fromEntries(
    [...keyOrigins(values.map((value, index) => ({ value, origin: { source: `${index}`, from: 'x' } })))].map(
      ([key, { source }]) => [key, source],
    ),
  );

describe('the origin of keys', () => {
  it('is the last layer that set a key, and a map of one layer is one entry', () => {
    expect(origins({ a: { b: 1, c: 2 }, d: { e: 1 } }, { a: { b: 3 } })).toEqual({ 'a.b': '1', 'a.c': '0', d: '0' });
  });

  it('of a list is the layer that replaced it', () => {
    expect(origins({ a: [1, 2] }, { a: [3] })).toEqual({ a: '1' });
  });

  it.each<[what: string, below: never, above: never, expected: object]>([
    ['a map over a value', { a: 1, z: 0 } as never, { a: { b: 2 } } as never, { a: '1', z: '0' }],
    ['a value over a map', { a: { b: 1, c: 1 }, z: 0 } as never, { a: 2 } as never, { a: '1', z: '0' }],
    ['a list over a map', { a: { b: 1 }, z: 0 } as never, { a: [] } as never, { a: '1', z: '0' }],
    ['an empty map over a map', { a: { b: 1 }, z: 0 } as never, { a: {} } as never, { a: '0', z: '0' }],
    ['a key that begins like another', { a: 1, ab: 1 } as never, { a: { b: 2 } } as never, { a: '1', ab: '0' }],
    ['a member __proto__', JSON.parse('{"__proto__": {"a": 1}, "z": 0}') as never, { z: 1 } as never, { z: '1' }],
  ])('of %s is the same as in the merge', (_what, below, above, expected) => {
    const found = origins(below, above);
    expect(found).toMatchObject(expected);
    expect(Object.keys(mergeJson(below, above, []) as object).sort()).toEqual(
      [...new Set(Object.keys(found).map((key) => key.split('.')[0]))].sort(),
    );
  });
});
