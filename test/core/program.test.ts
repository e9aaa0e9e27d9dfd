import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileTemplate } from '../../engine/core/template/compile.ts';
import { HELPERS } from '../../engine/core/template/helpers.ts';
import { renderParts } from '../../engine/core/template/program.ts';
import { compileWithHandlebars } from '../support/handlebars.ts';

const VARIABLES = new Set(['name', 'text', 'on', 'off']);

/** Renders through the data form that the package ships. */
function renderPacked(template: string, context: Record<string, string | boolean>, fill?: string): string {
  const compile = (text: string) => compileTemplate(text, 'base/x.hbs', VARIABLES);
  const blocks = new Map(fill === undefined ? [] : [['place', compile(fill)] as const]);
  return Buffer.from(compile(template)(context, blocks)).toString('utf8');
}

/** Templates of the language: text, variables, helpers, nested blocks, standalone or inside a line. */
const template = fc.letrec<{ body: string; part: string }>((tie) => ({
  body: fc.array(tie('part'), { maxLength: 5 }).map((parts) => parts.join('')),
  part: fc.oneof(
    { depthSize: 'small' },
    fc.constantFrom('text ', '\n', '  ', 'ü☃', '{{name}}', '{{~name~}}', '{{! note }}\n', '\\n'),
    fc.constantFrom(...Object.keys(HELPERS)).map((helper) => `{{${helper} text}}`),
    fc
      .tuple(
        fc.constantFrom('if', 'unless'),
        fc.constantFrom('on', 'off'),
        tie('body'),
        tie('body'),
        fc.constantFrom('', '\n'),
      )
      .map(
        ([block, name, then, other, end]) =>
          `{{#${block} ${name}}}${end}${then}{{else}}${end}${other}{{/${block}}}${end}`,
      ),
  ),
})).body;

describe('a template as data', () => {
  it('renders to what Handlebars renders', () => {
    fc.assert(
      fc.property(template, fc.string({ unit: 'grapheme' }), (text, value) => {
        const context = { name: 'orders', text: value, on: true, off: false };
        expect(renderPacked(text, context)).toBe(compileWithHandlebars(text)(context));
      }),
      { numRuns: 300 },
    );
  });

  it('has blocks that are filled or have their default, as Handlebars does it', () => {
    const end = fc.constantFrom('', '\n');
    fc.assert(
      fc.property(template, template, template, end, (before, standard, fill, newline) => {
        const text = `${before}{{#> place}}${newline}${standard}{{/place}}${newline}`;
        const context = { name: 'orders', text: 'a', on: true, off: false };
        expect(renderPacked(text, context)).toBe(compileWithHandlebars(text)(context));
        expect(renderPacked(`[{{#> place}}${standard}{{/place}}]`, context, fill)).toBe(
          `[${renderPacked(fill, context)}]`,
        );
      }),
      { numRuns: 200 },
    );
  });

  it('fails on a name that the context lacks, an inherited one included', () => {
    expect(() => renderPacked('{{name}}', {})).toThrow('"name" not defined');
    expect(() => renderParts([['constructor']], new Uint8Array(), {})).toThrow('"constructor" not defined');
    expect(() => renderParts([['toString', 'name']], new Uint8Array(), { name: 'x' })).toThrow('no helper "toString"');
  });
});
