import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { campaign } from '../support/extent.ts';
import { linesOf, operationsOf } from '../support/openapi.ts';
import { KEYWORDS } from '../support/openapi-keywords.ts';
import { type Members, memberAt, pointerOf, spotsIn, wholeDocument } from '../support/openapi-members.ts';
import { ROOT } from '../support/program.ts';

/**
 * Law 11. Every member of an OpenAPI document is used, or the run names it by its JSON pointer, or its list says that it is silent.
 * That a used member counts in all that it says is tried in 11-as-the-document, and the command itself in 11-command.
 */

/** The table of silent members in the document for users: what is where. */
const SILENT = new Map(
  [
    ...readFileSync(join(ROOT, 'docs/openapi.md'), 'utf8').matchAll(
      /^\| (an? [a-z ]+|the document) \| (`[^|]*`) \|$/gm,
    ),
  ].map(([, where = '', members = '']) => [
    where,
    new Set([...members.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name)),
  ]),
);

/** What these say of a value may be said already, so that nothing changes. 11-as-the-document tries what they mean. */
const MEANING = new Set(
  'type enum const minLength maxLength minimum maximum exclusiveMinimum exclusiveMaximum allOf anyOf oneOf nullable'.split(
    ' ',
  ),
);

const spots = spotsIn(wholeDocument(), 'the document', []);
const before = said(wholeDocument());

/** A value of a keyword: a good one, null, one of another keyword, or any. */
function valuesFor(name: string): fc.Arbitrary<unknown> {
  return fc.oneof(
    { weight: 4, arbitrary: fc.constant(KEYWORDS[name] ?? 1) },
    { weight: 2, arbitrary: fc.constant(null) },
    { weight: 1, arbitrary: fc.constantFrom(...Object.values(KEYWORDS)) },
    { weight: 2, arbitrary: fc.jsonValue({ maxDepth: 2 }) },
  );
}

describe('a member of an OpenAPI document', () => {
  it('is used in the document that the others are put into', () => {
    expect(linesOf(wholeDocument())).toEqual([]);
    expect(spots.length).toBeGreaterThan(40);
    expect(SILENT.size).toBeGreaterThan(5);
  });

  it('is used, or named by its pointer, or on the list of silent ones', () => {
    const name = fc.oneof(
      { weight: 3, arbitrary: fc.constantFrom(...Object.keys(KEYWORDS)) },
      { weight: 1, arbitrary: fc.stringMatching(/^[a-z]{3,8}$/) },
    );
    const member = name.chain((one) => fc.tuple(fc.constant(one), valuesFor(one)));
    const fates = new Map<string, number>();
    fc.assert(
      fc.property(fc.constantFrom(...spots), member, ({ kind, path }, [one, value]) => {
        const document = wholeDocument();
        const place = memberAt(document, path);
        fc.pre(!Object.hasOwn(place, one));
        place[one] = value;
        const fate = fateOf(document, kind, [...path, one], value);
        fates.set(fate, (fates.get(fate) ?? 0) + 1);
        expect(fate).not.toBe('lost in silence');
      }),
      campaign(800),
    );
    for (const fate of ['silent', 'used', 'listed']) expect(fates.get(fate), fate).toBeGreaterThan(10);
  });
});

function said(document: Members): string {
  return JSON.stringify(operationsOf(document).map((one) => ('answers' in one ? one.answers : one)));
}

function fateOf(document: Members, kind: string, path: readonly string[], value: unknown): string {
  if (saysNothing(path, value)) return 'says nothing';
  if (SILENT.get(kind)?.has(path.at(-1) ?? '')) return 'silent';
  if (said(document) !== before) return 'used';
  if (kind === 'a schema' && MEANING.has(path.at(-1) ?? '')) return 'tried elsewhere';
  const pointer = pointerOf(path);
  const named =
    linesOf(document)
      .join('\n')
      .match(/#\/[^\s,]+/g) ?? [];
  // What is below something lost is lost with it, and what only has lost members is named by them.
  const isListed = named.some((one) => `${pointer}/`.startsWith(`${one}/`) || one.startsWith(`${pointer}/`));
  return isListed ? 'listed' : 'lost in silence';
}

/** What an endpoint does anyway: nobody is answered what only a request has, one value has nothing to explode, and `{}` is empty. */
function saysNothing(path: readonly string[], value: unknown): boolean {
  const name = path.at(-1) ?? '';
  if (name === 'explode') return path.includes('parameters') && typeof value === 'boolean';
  if (name === 'writeOnly') return ['/forms', '/mixed'].includes(path[1] ?? '') && typeof value === 'boolean';
  return (
    ['properties', 'required', 'items', 'additionalProperties'].includes(name) &&
    ['{}', '[]', 'true'].includes(JSON.stringify(value))
  );
}
