// @module-tag wider
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileTemplate } from '../../engine/core/template/compile.ts';
import { HELPERS } from '../../engine/core/template/helpers.ts';
import { MAX_EACH_BYTES, MAX_RECORDS, renderParts } from '../../engine/core/template/program.ts';
import { type RenderContext, variablesOf } from '../../engine/core/template/template.ts';
import { campaign } from '../support/extent.ts';
import { compileWithHandlebars } from '../support/handlebars.ts';

const VARIABLES = new Map<string, ReadonlySet<string> | undefined>([
  ...['name', 'text', 'on', 'off'].map((name) => [name, undefined] as const),
  ['rows', new Set(['label', 'isKey'])],
]);

/** Renders through the data form that the package ships. */
function renderPacked(template: string, context: RenderContext, fill?: string): string {
  const compile = (text: string) => compileTemplate(text, 'base/x.hbs', VARIABLES);
  const blocks = new Map(fill === undefined ? [] : [['place', compile(fill)] as const]);
  return Buffer.from(compile(template)(context, blocks)).toString('utf8');
}

/** Text, variables, helpers and nested conditions, standalone or inside a line. */
function bodies(
  maxDepth: number,
  values: readonly string[],
  conditions: readonly string[],
  ...more: fc.Arbitrary<string>[]
) {
  return fc.letrec<{ body: string; part: string }>((tie) => ({
    body: fc.array(tie('part'), { maxLength: 5 }).map((parts) => parts.join('')),
    part: fc.oneof(
      { maxDepth },
      fc.constantFrom('text ', '\n', '  ', 'ü☃', '{{name}}', '{{~name~}}', '{{! note }}\n', '\\n'),
      fc
        .tuple(fc.constantFrom('', ...Object.keys(HELPERS)), fc.constantFrom(...values))
        .map(([helper, value]) => `{{${helper} ${value}}}`),
      fc
        .tuple(
          fc.constantFrom('if', 'unless'),
          fc.constantFrom(...conditions),
          tie('body'),
          tie('body'),
          fc.constantFrom('', '\n'),
        )
        .map(
          ([block, name, then, other, end]) =>
            `{{#${block} ${name}}}${end}${then}{{else}}${end}${other}{{/${block}}}${end}`,
        ),
      ...more,
    ),
  })).body;
}

const each = fc
  .tuple(bodies(2, ['text', 'label'], ['on', 'off', 'isKey', '@last', 'rows']), fc.constantFrom('', '\n'))
  .map(([body, end]) => `{{#each rows}}${end}${body}{{/each}}${end}`);

/** Templates of the language. */
const template = bodies(3, ['text'], ['on', 'off', 'rows'], each);

const rows = fc.array(fc.record({ label: fc.oneof(fc.string(), fc.integer()), isKey: fc.boolean() }), { maxLength: 3 });

describe('a template as data', () => {
  it('renders to what Handlebars renders', () => {
    fc.assert(
      fc.property(template, fc.string({ unit: 'grapheme' }), rows, (text, value, records) => {
        const context = { name: 'orders', text: value, on: true, off: false, rows: records };
        expect(renderPacked(text, context)).toBe(compileWithHandlebars(text)(context));
      }),
      campaign(60),
    );
  });

  it('has blocks that are filled or keep their default, like Handlebars', () => {
    const end = fc.constantFrom('', '\n');
    fc.assert(
      fc.property(template, template, template, end, rows, (before, standard, fill, newline, records) => {
        const text = `${before}{{#> place}}${newline}${standard}{{/place}}${newline}`;
        const context = { name: 'orders', text: 'a', on: true, off: false, rows: records };
        expect(renderPacked(text, context)).toBe(compileWithHandlebars(text)(context));
        expect(renderPacked(`[{{#> place}}${standard}{{/place}}]`, context, fill)).toBe(
          `[${renderPacked(fill, context)}]`,
        );
      }),
      campaign(40),
    );
  });

  it('fails on a name that is missing in the context, even if it is inherited', () => {
    expect(() => renderPacked('{{name}}', {})).toThrow('"name" not defined');
    expect(() => renderParts([['constructor']], new Uint8Array(), {})).toThrow('"constructor" not defined');
    expect(() => renderParts([['toString', 'name']], new Uint8Array(), { name: 'x' })).toThrow('no helper "toString"');
    expect(() => renderPacked('{{#each rows}}{{label}}{{/each}}', { rows: [{ isKey: true }] })).toThrow(
      '"label" not defined',
    );
  });

  it('accepts only a list where a list is required', () => {
    expect(() => renderPacked('{{#each rows}}{{/each}}', { rows: 'abc' })).toThrow('"rows" is not a list');
    for (const part of [['name'], ['json', 'name']] as const)
      expect(() => renderParts([part], new Uint8Array(), { name: [] })).toThrow('"name" is a list');
    expect(() => variablesOf({ rows: [] })).toThrow('the sample has no record of "rows"');
  });

  it('limits the length of a list and the bytes that are written', () => {
    const list = (length: number, label: string) => ({ rows: Array.from({ length }, () => ({ label })) });
    const text = '\n{{#each rows}}{{label}}{{/each}}';
    expect(renderPacked(text, list(MAX_RECORDS, '.'))).toHaveLength(MAX_RECORDS + 1);
    expect(() => renderPacked(text, list(MAX_RECORDS + 1, '.'))).toThrow(
      expect.objectContaining({ line: 2, message: expect.stringContaining(`has ${MAX_RECORDS + 1} records`) }),
    );
    const half = 'é'.repeat(MAX_EACH_BYTES / 4);
    expect(renderPacked(text, list(2, half))).toHaveLength(MAX_EACH_BYTES / 2 + 1);
    expect(() => renderPacked(text, list(3, half))).toThrow(
      expect.objectContaining({ line: 2, message: expect.stringContaining(`more than ${MAX_EACH_BYTES} bytes`) }),
    );
  });
});
