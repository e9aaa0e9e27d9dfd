import Ajv2020 from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { campaign } from '../support/extent.ts';
import { body, linesOf, operationsOf } from '../support/openapi.ts';
import { KEYWORDS } from '../support/openapi-keywords.ts';
import { type Members, memberAt, pointerOf, spotsIn, wholeDocument } from '../support/openapi-members.ts';

/**
 * Law 11, of what is used: it counts in all that it says. An endpoint takes each value that the document takes, and no other
 * where nothing is listed.
 */

const VALUES = [null, '', 'a', 'abc', 'abcdef', -1, 0, 1, 2.5, 7, true, false, [], {}];
const TYPES = ['string', 'integer', 'number', 'boolean', 'null'];

const scalar = fc.constantFrom(null, 'a', 'abc', 1, 7, true);
const word = fc.oneof(
  fc.record({ type: fc.oneof(fc.constantFrom(...TYPES), fc.subarray(TYPES, { minLength: 1, maxLength: 3 })) }),
  fc.record({ enum: fc.uniqueArray(scalar, { minLength: 1, maxLength: 4 }) }),
  fc.record({ const: scalar }),
  fc.record({ type: fc.constant('string'), minLength: fc.nat(3) }),
  fc.record({ type: fc.constant('string'), maxLength: fc.integer({ min: 2, max: 6 }) }),
  fc.record({ type: fc.constantFrom('number', 'integer'), minimum: fc.integer({ min: -2, max: 2 }) }),
  fc.record({ type: fc.constantFrom('number', 'integer'), maximum: fc.integer({ min: 2, max: 8 }) }),
  fc.record({ type: fc.constantFrom('number', 'integer'), exclusiveMinimum: fc.integer({ min: -2, max: 2 }) }),
  fc.record({ type: fc.constantFrom('number', 'integer'), exclusiveMaximum: fc.integer({ min: 2, max: 8 }) }),
);

/** Schemas of values that are no lists and no objects, in parts and with alternatives. */
const { schema } = fc.letrec<{ schema: object }>((tie) => {
  const several = fc.array(tie('schema'), { minLength: 1, maxLength: 3 });
  return {
    schema: fc.oneof(
      { maxDepth: 3, depthSize: 'small', withCrossShrink: true },
      word,
      fc.record({ allOf: several }),
      fc.record({ anyOf: several }),
      fc.tuple(word, fc.constantFrom('allOf', 'anyOf'), several).map(([own, name, list]) => ({ ...own, [name]: list })),
    ),
  };
});

describe('what is used of an OpenAPI document', () => {
  it('counts in all that it says: an endpoint takes what the document takes', () => {
    const ajv = new Ajv2020.default({ strict: false });
    const seen = { listed: 0, exact: 0, nulls: 0 };
    fc.assert(
      fc.property(schema, (one) => {
        const [field = '', ...listed] = body({ a: one }) as string[];
        const takes = field.slice('a:'.length);
        const check = ajv.compile(one);
        for (const value of VALUES) {
          const isTaken = accepts(takes, value);
          if (listed.length === 0) expect(isTaken, `${takes}: ${JSON.stringify(value)}`).toBe(check(value));
          else if (check(value)) expect(isTaken, `${takes}: ${JSON.stringify(value)}`).toBe(true);
        }
        seen[listed.length === 0 ? 'exact' : 'listed'] += 1;
        if (listed.length === 0 && accepts(takes, null)) seen.nulls += 1;
      }),
      campaign(500),
    );
    for (const [name, count] of Object.entries(seen)) expect(count, name).toBeGreaterThan(10);
  });

  it('counts in each part of an allOf: their order says nothing, or what is lost is named', () => {
    const spots = spotsIn(wholeDocument(), 'the document', []).filter(({ kind }) => kind === 'a schema');
    const keyword = fc.constantFrom(...Object.keys(KEYWORDS));
    const value = (name: string) =>
      fc.oneof(fc.constant(KEYWORDS[name]), fc.constantFrom(...Object.values(KEYWORDS)), schema);
    const any = keyword.chain((name) => fc.tuple(fc.constant(name), value(name), value(name)));
    const ofSchemas = fc.tuple(fc.constantFrom('additionalProperties', 'items'), word, word);
    const two = fc.oneof(any, ofSchemas);
    let compared = 0;
    fc.assert(
      fc.property(fc.constantFrom(...spots), two, fc.boolean(), ({ path }, [name, left, right], isAlone) => {
        const parts = JSON.parse(JSON.stringify([{ [name]: left }, { [name]: right }])) as object[];
        const [here, there] = [parts, parts.toReversed()].map((all) => withParts(path, all, isAlone));
        if (here === undefined || there === undefined) return;
        const pointer = `${pointerOf(path)}/`;
        if ([here, there].some((one) => linesOf(one).join('\n').includes(pointer))) return;
        compared += 1;
        expect(lettersOf(here)).toBe(lettersOf(there));
      }),
      campaign(150),
    );
    expect(compared).toBeGreaterThan(10);
  });
});

/** The document where a schema also has these parts, or no others. */
function withParts(path: readonly string[], parts: readonly object[], isAlone: boolean): Members {
  const document = wholeDocument();
  const place = memberAt(document, path);
  const own = { ...place };
  for (const name of Object.keys(place)) delete place[name];
  place.allOf = isAlone ? parts : [own, ...parts];
  return document;
}

/** What a document says, in any order: parts in another order may give members and values in another order. */
function lettersOf(document: Members): string {
  const said = operationsOf(document).map((one) => ('answers' in one ? one.answers : one.name));
  return [...JSON.stringify(said)].toSorted().join('');
}

/** Whether a value is one of a type of a field, `string>=1|null`, without lists and objects. */
function accepts(type: string, value: unknown): boolean {
  return type.split('|').some((one) => {
    const [, name = '', inside = '', bounds = ''] = /^(\w+)(?:\((.*)\))?([<>=\d.-]*)$/.exec(one) ?? [];
    if (name === 'any') return true;
    if (name === 'null') return value === null;
    if (name === 'boolean') return typeof value === 'boolean';
    if (name === 'enum') return inside.split(',').includes(value as string);
    if (name === 'literal') return inside.split(',').includes(JSON.stringify(value));
    if (name === 'string') return typeof value === 'string' && isWithin(bounds, value.length);
    if (name === 'int') return Number.isInteger(value) && isWithin(bounds, value as number);
    if (name === 'number') return typeof value === 'number' && isWithin(bounds, value);
    throw new Error(`${one} is no type that this test knows`);
  });
}

function isWithin(bounds: string, size: number): boolean {
  return [...bounds.matchAll(/([<>])(=?)(-?[\d.]+)/g)].every(([, sign, equal, limit]) => {
    const distance = sign === '>' ? size - Number(limit) : Number(limit) - size;
    return distance > 0 || (equal === '=' && distance === 0);
  });
}
