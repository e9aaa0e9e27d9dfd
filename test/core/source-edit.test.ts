import { expect, it } from 'vitest';
import { editSource } from '../../engine/core/audit/source-edit.ts';
import { compileTraced } from '../../engine/core/template/compile.ts';

const VARIABLES = new Map([
  ['name', undefined],
  ['team', undefined],
  ['redis', undefined],
  ['list', new Set(['item'])],
]);
const CONTEXT = { name: 'orders', team: 'red', redis: true, list: [{ item: 'a' }, { item: 'b' }] };

const TEXT = `one
{{#if redis}}
two {{team}}
{{/if}}
{{#each list}}
- {{item}}
{{/each}}
three{{#if redis}}, cached{{/if}}
{{#> block}}
four
{{/block}}
five {{json name}}
`;
const { render, trace } = compileTraced(TEXT, 'base/x.hbs', VARIABLES);
const FILLS = new Map([['block', () => Buffer.from('FOUR\nand more\n')]]);

it('knows the line of the template of each line that it rendered', () => {
  const rendered = Buffer.from(render(CONTEXT, FILLS)).toString().trimEnd().split('\n');
  const { lines, values, text } = trace(CONTEXT, FILLS);
  expect(text).toBe(TEXT);
  expect(rendered).toEqual(['one', 'two red', '- a', '- b', 'three, cached', 'FOUR', 'and more', 'five "orders"']);
  expect(lines).toEqual([0, 2, 5, 5, 7, undefined, undefined, 11]);
  expect(values.get(11)).toEqual([{ placeholder: '{{json name}}', text: '"orders"' }]);
});

/** Replaces the line with this number, from 1. */
const edit = (at: number, from: string, to: string) =>
  editSource(
    [{ oldStart: at, oldLines: 1, newStart: at, newLines: 1, lines: [`-${from}`, `+${to}`] }],
    trace(CONTEXT, FILLS),
    'orders',
  );

it.each([
  [1, 'one', 'ONE orders', 'one\n', 'ONE {{name}}\n'],
  [2, 'two red', 'two red!', 'two {{team}}\n', 'two {{team}}!\n'],
  [8, 'five "orders"', '5 "orders" {{x}}', 'five {{json name}}\n', '5 {{json name}} \\{{x}}\n'],
])('line %i is edited in the template', (at, from, to, was, is) => {
  expect(edit(at, from, to)?.placed).toBe(TEXT.replace(was, () => is));
});

it.each([
  ['of several records', 3, '- a'],
  ['with a condition in it', 5, 'three, cached'],
  ['of a block that is filled', 6, 'FOUR'],
])('a line %s is made by hand', (_what, at, from) => {
  expect(edit(at, from, 'x')).toBe(undefined);
});
