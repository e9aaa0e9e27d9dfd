import { expect, it } from 'vitest';
import { checkColumn } from '../../engine/core/service/columns.ts';
import { parseField } from '../../engine/core/service/fields/parse.ts';
import { toResource } from '../../engine/core/service/resource.ts';
import { DEFAULT_STACK } from '../../stacks/index.ts';

const code = await DEFAULT_STACK.load();

const contextOf = (...fields: string[]) => code.resource(toResource({ name: 'x', plural: 'xs', fields }, '1'));

it('a resource has columns of any name that is data', () => {
  const { columns } = contextOf('class:int', 'default:uri', 'new:boolean', 'constructor:string');
  expect(columns).toMatchObject([
    { column: 'class', schema: 'class: z.int32(),' },
    { column: '"default"', schema: 'default: uri,' },
    { column: 'new', schema: 'new: z.boolean(),' },
    { column: 'constructor', schema: 'constructor: text(),' },
  ]);
  expect(() => contextOf('then:int')).toThrow('is taken for a promise');
});

it('a test creates a moment in another zone, if there is one', () => {
  expect(contextOf('a:int', 'sentAt:datetime', 'paidAt:datetime')).toMatchObject({
    moment: 'sentAt',
    createMoment: 'const item = await create({ ...sample(), sentAt: "2026-02-28T14:30:00+02:00" });',
  });
  expect(contextOf('a:date').moment).toBe('');
});

it.each([
  ['x:int[]', /a list has no column/],
  ['x:{a:int}', /an object has no column/],
  ['x:int|string', /one of several types has no column/],
  ['x:any', /any value has no column/],
  ['x:literal(1)', /a literal has no column/],
  ['x:null', /null has no column/],
  ['x:int|null', /write "\?" if it may be null/],
  ['x:int:csv', /only a list in a query can be csv/],
  ['"a-b":int', /"a-b" cannot be a column/],
  ['x:enum("it\'s")', /"it's" cannot be a value of a column/],
])('no column is %s', (text, reason) => {
  expect(() => checkColumn(parseField(text))).toThrow(reason);
});
