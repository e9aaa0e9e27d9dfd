import { describe, expect, it } from 'vitest';
import { UserError } from '../../engine/core/errors.ts';
import { compileTemplate, precompileTemplate } from '../../engine/core/template/compile.ts';
import { HELPERS } from '../../engine/core/template/helpers.ts';
import { variablesOf } from '../../engine/core/template/template.ts';

const CONTEXT = {
  name: 'orders',
  postgres: true,
  redis: false,
  port: 8080,
  columns: [
    { column: 'id', isKey: true },
    { column: 'total', isKey: false },
  ],
};
const VARIABLES = new Map([
  ...variablesOf(CONTEXT),
  ['none', new Set(['column'])],
  ['hiding', new Set(['column', 'port'])],
] as const);

function render(text: string): string {
  return Buffer.from(compileTemplate(text, 'base/a.hbs', VARIABLES)({ ...CONTEXT, none: [] })).toString('utf8');
}

/** The error of compiling `text` below two other lines. */
function failure(text: string): UserError {
  try {
    compileTemplate(`one\ntwo\n${text}\n`, 'base/a.hbs', VARIABLES);
  } catch (error) {
    if (error instanceof UserError) return error;
    throw error;
  }
  throw new Error(`${text} was compiled`);
}

describe('the template language', () => {
  it.each([
    ['a {{name}} b', 'a orders b'],
    ['{{json name}} {{json port}}', '"orders" 8080'],
    ['{{#if postgres}}\nyes\n{{else}}\nno\n{{/if}}\n', 'yes\n'],
    ['{{#unless redis}}none{{/unless}}', 'none'],
    ['{{#if redis}}r{{else if postgres}}p{{/if}}', 'p'],
    ['{{! a comment }}x{{!-- }} --}}', 'x'],
    ['a\n  {{~name~}}  \nb', 'aordersb'],
    ['\\{{name}}', '{{name}}'],
    ['image: $\\{{ vars.IMAGE }} or {{name}}', 'image: $' + '{{ vars.IMAGE }} or orders'],
    ['{{#each columns}}\n  {{column}},\n{{/each}}\n', '  id,\n  total,\n'],
    ['({{#each columns}}{{column}}{{#unless @last}}, {{/unless}}{{/each}})', '(id, total)'],
    [
      '{{#each columns}}{{json column}} {{#if isKey}}key of {{name}}{{else}}{{port}}{{/if}};{{/each}}',
      '"id" key of orders;"total" 8080;',
    ],
    ['{{#each none}}{{column}}{{/each}}', ''],
    ['{{#if columns}}some{{/if}}{{#if none}}one{{else}}none{{/if}}{{#unless none}}!{{/unless}}', 'somenone!'],
    ['<&"\'>{{name}}', '<&"\'>orders'],
    ['{{#> header}}\nthe default of {{name}}\n{{/header}}\n', 'the default of orders\n'],
  ])('renders %j', (text, result) => {
    expect(render(text)).toBe(result);
  });

  it.each([
    ['a variable that there is not', '{{nmae}}', 'there is no variable "nmae"'],
    ['a helper that there is not', '{{upper name}}', 'there is no helper "upper"'],
    ['a helper of two values', '{{json name port}}', 'takes one variable'],
    ['a helper of a variable that there is not', '{{json nmae}}', 'there is no variable "nmae"'],
    ['a helper without a value', '{{json}}', 'there is no variable "json"'],
    ['a named argument', '{{json name indent=2}}', 'takes no named arguments'],
    ['a named argument of a block', '{{#if port includeZero=true}}{{/if}}', 'takes'],
    ['a block parameter', '{{#if name as |n|}}{{/if}}', 'takes'],
    ['a helper of a helper', '{{json (json name)}}', 'SubExpression is not a variable'],
    ['a literal', '{{json "x"}}', 'StringLiteral is not a variable'],
    ['a condition on a literal', '{{#if true}}{{/if}}', 'BooleanLiteral is not a variable'],
    ['a condition on two variables', '{{#if name port}}{{/if}}', 'takes one variable'],
    ['a condition on a variable that there is not', '{{#if nmae}}{{/if}}', 'there is no variable "nmae"'],
    ['a mistake in a branch', '{{#if redis}}{{else}}{{nmae}}{{/if}}', 'there is no variable "nmae"'],
    ['each of a value that is not a list', '{{#each name}}{{/each}}', '"name" is not a list'],
    ['each of a list that there is not', '{{#each rows}}{{/each}}', 'there is no variable "rows"'],
    ['each of two lists', '{{#each columns none}}{{/each}}', 'takes one variable'],
    ['each of a path', '{{#each columns.x}}{{/each}}', 'is a path; only plain names are allowed'],
    ['each with names of its own', '{{#each columns as |c|}}{{/each}}', 'names nothing with "as"'],
    ['each with else', '{{#each columns}}{{else}}{{/each}}', '"each" has no else; put it into {{#if columns}}'],
    [
      'each in each',
      '{{#each columns}}{{#if isKey}}{{#each none}}{{/each}}{{/if}}{{/each}}',
      '"each" is inside the "each" of "columns"',
    ],
    [
      'each whose records hide a variable',
      '{{#each hiding}}{{/each}}',
      'a record of "hiding" would hide the variable "port"',
    ],
    [
      'a field that records do not have',
      '{{#each columns}}{{type}}{{/each}}',
      'there is no variable "type"; there are @last, column,',
    ],
    ['a field outside of its each', '{{#each columns}}{{/each}}{{column}}', 'there is no variable "column"'],
    ['a block of a preset in each', '{{#each columns}}{{#> header}}{{/header}}{{/each}}', 'inside another block'],
    ['a list that is written', '{{columns}}', '"columns" is a list; only if, unless and each take one'],
    ['a list for a helper', '{{json columns}}', '"columns" is a list'],
    ['@last outside of each', '{{@last}}', 'is a path; only plain names are allowed'],
    ['@index', '{{#each columns}}{{@index}}{{/each}}', 'is a path; only plain names are allowed'],
    ['the record itself', '{{#each columns}}{{this}}{{/each}}', 'is a path; only plain names are allowed'],
    [
      'a path upwards from a record',
      '{{#each columns}}{{../name}}{{/each}}',
      'is a path; only plain names are allowed',
    ],
    ['with', '{{#with name}}{{/with}}', 'the block "with" is not allowed'],
    ['lookup', '{{lookup name "x"}}', 'there is no helper "lookup"'],
    ['log', '{{log name}}', 'there is no helper "log"'],
    ['helperMissing', '{{helperMissing name}}', 'there is no helper "helperMissing"'],
    ['a section', '{{#name}}{{/name}}', 'the block "name" is not allowed'],
    ['an inverted section', '{{^name}}{{/name}}', 'the block "name" is not allowed'],
    ['a partial', '{{> header}}', 'partial is not part of the template language'],
    ['a block with arguments', '{{#> header name}}{{/header}}', 'takes no arguments'],
    ['a block of another name', '{{#> Header}}{{/Header}}', 'is named like dockerfile-runtime'],
    ['a block in a block', '{{#if name}}{{#> header}}{{/header}}{{/if}}', 'inside another block'],
    ['a mistake in the default of a block', '{{#> header}}{{nmae}}{{/header}}', 'there is no variable "nmae"'],
    ['a decorator', '{{* header}}', 'is not part of the template language'],
    ['an inline partial', '{{#*inline "x"}}{{/inline}}', 'is not part of the template language'],
    ['a path', '{{name.length}}', 'is a path; only plain names are allowed'],
    ['a path upwards', '{{../name}}', 'is a path; only plain names are allowed'],
    ['this', '{{this}}', 'is a path; only plain names are allowed'],
    ['data', '{{@root}}', 'is a path; only plain names are allowed'],
    ['constructor', '{{constructor}}', 'there is no variable "constructor"'],
    ['__proto__', '{{__proto__}}', 'there is no variable "__proto__"'],
    ['a helper named like a method of objects', '{{toString name}}', 'there is no helper "toString"'],
    ['a block that is not closed', '{{#if name}}', ''],
    ['a block that is closed by another', '{{#if name}}{{/unless}}', "doesn't match"],
    ['braces that are not closed', '{{name', ''],
    ['an expression of a workflow', `run: \${{ github.ref }}`, 'or ship the file without .hbs'],
  ])('refuses %s, with file and line', (_, text, reason) => {
    const error = failure(text);
    expect(error).toMatchObject({ code: 'TEMPLATE_BROKEN', exit: 6 });
    expect(error.message).toContain(reason);
    expect(error.message).toMatch(/^template base\/a\.hbs:[34]: /);
    expect(error.message).not.toContain('\n');
  });

  it('refuses nesting that would overflow the stack', () => {
    const nested = (depth: number) => '{{#if name}}'.repeat(depth) + '{{/if}}'.repeat(depth);
    expect(render(nested(20))).toBe('');
    expect(failure(nested(500)).message).toContain('nested more than');
  });

  it('fails at a known variable without a value', () => {
    const compiled = compileTemplate('one\n{{name}}', 'base/a.hbs', VARIABLES);
    expect(() => compiled({})).toThrow(/"name" not defined/);
  });

  it('has every helper in the language, and compiles for the package by the same rules', () => {
    for (const name of Object.keys(HELPERS)) expect(render(`{{${name} name}}`)).toMatch(/orders/);
    expect(precompileTemplate('\n{{#each columns}}{{column}}{{/each}}', 'base/a.hbs', VARIABLES)).toEqual([
      [0, 1],
      ['each', 'columns', 2, [['column']]],
    ]);
    expect(precompileTemplate('{{json name}}', 'base/a.hbs', VARIABLES)).toEqual([['json', 'name']]);
    expect(() => precompileTemplate('{{nmae}}', 'base/a.hbs', VARIABLES)).toThrow('base/a.hbs:1');
  });
});
