import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mergeJson } from '../../engine/core/template/layer.ts';
import { type Part, renderParts } from '../../engine/core/template/program.ts';
import { joinJson } from '../../scripts/join-json.ts';

const BASE = { packages: { '': { dependencies: { fastify: '5' } }, 'node_modules/fastify': { version: '5' } } };
const PG = { packages: { '': { dependencies: { pg: '8' } }, 'node_modules/pg': { version: '8', needs: { a: '1' } } } };
const REDIS = { packages: { '': { dependencies: { ioredis: '6' } }, 'node_modules/aa': { version: '1' } } };
/** As the template has them. */
const SORTED = ['packages', 'dependencies'];
const CONDITIONS = [{}, { database: 'postgres' }, { cache: 'redis' }];

const print = (value: unknown) => `${JSON.stringify(value, null, 2)}\n`;

/** @returns a function that renders the joined layers, or nothing if they cannot be joined */
function join(...texts: string[]): ((context: Record<string, string>) => string) | undefined {
  const store: Buffer[] = [];
  const keep = (text: string): [number, number] => {
    const start = Buffer.concat(store).length;
    store.push(Buffer.from(text));
    return [start, Buffer.concat(store).length];
  };
  const shares = texts.map((text, index) => ({ bytes: Buffer.from(text), when: CONDITIONS[index] ?? {} }));
  const parts: Part[] | undefined = joinJson(shares, keep, SORTED);
  return parts && ((context) => Buffer.from(renderParts(parts, Buffer.concat(store), context)).toString());
}

describe('JSON of several layers, joined when the package is built', () => {
  it('is the same as merging, for each choice of layers', () => {
    const render = join(print(BASE), print(PG), print(REDIS));
    const merged = (...layers: object[]) =>
      print(layers.reduce((below, above) => Object(mergeJson(below as never, above as never, SORTED))));
    expect(render?.({ database: 'postgres', cache: 'redis' })).toBe(merged(BASE, PG, REDIS));
    expect(render?.({ database: 'postgres', cache: 'none' })).toBe(merged(BASE, PG));
    expect(render?.({ database: 'none', cache: 'redis' })).toBe(merged(BASE, REDIS));
    expect(render?.({ database: 'none', cache: 'none' })).toBe(print(BASE));
  });

  it('keeps variables in the place of a value', () => {
    const render = join('{\n  "name": {{json name}}\n}\n', print({ x: 1 }));
    expect(render?.({ name: 'a "b"', database: 'postgres' })).toBe('{\n  "name": "a \\"b\\"",\n  "x": 1\n}\n');
  });

  it.each([
    ['a value that a layer replaces', print({ a: 1 }), print({ a: 2 })],
    ['a first key that is not always there', print({ dependencies: { b: '1' } }), print({ dependencies: { a: '1' } })],
    ['text that is no JSON before it is rendered', '{\n{{#if x}}\n  "a": 1\n{{/if}}\n}\n', print({ b: 1 })],
    ['text that is not in the form of JSON.stringify', '{"a": 1}', print({ b: 1 })],
  ])('does not join %s', (_what, below, above) => {
    expect(join(below, above)).toBeUndefined();
  });

  it('never differs from merging', () => {
    const map = fc.dictionary(fc.constantFrom('packages', 'a', 'b', '__proto__'), fc.jsonValue({ maxDepth: 2 }));
    fc.assert(
      fc.property(map, map, (below, above) => {
        const render = join(print(below), print(above));
        expect(render?.({ database: 'none' }) ?? print(below)).toBe(print(below));
        const merged = print(mergeJson(below as never, above as never, SORTED));
        expect(render?.({ database: 'postgres' }) ?? merged).toBe(merged);
      }),
    );
  });
});
