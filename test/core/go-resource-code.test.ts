import { expect, it } from 'vitest';
import { toResource } from '../../engine/core/service/resource.ts';
import { goResource } from '../../stacks/go/resource/context.ts';

const contextOf = (...fields: string[]) =>
  goResource(toResource({ name: 'line-item', plural: '', fields }, '1')) as Record<string, string> & {
    readonly columns: readonly Record<string, string>[];
    readonly uniques: readonly Record<string, string>[];
  };

const linesOf = (text = '') => text.split('\n').map((line) => line.trim().replace(/ +/g, ' '));

it('names are those of Go, and columns those of SQL', () => {
  expect(contextOf('type:int', 'orderId:uuid:unique')).toMatchObject({
    name: 'LineItem',
    own: 'lineItem',
    plural: 'line-items',
    columns: [
      { column: 'type', select: 'type', value: 'in.Type' },
      {
        column: 'order_id',
        select: 'order_id::text',
        value: 'in.OrderID',
        insertParameter: '$2',
        updateParameter: '$4',
      },
    ],
    uniques: [{ constraint: 'line_items_order_id_key', field: 'orderId' }],
  });
});

it('limits are tags, also those of the column', () => {
  const { inputFields } = contextOf(
    'a:string',
    'b:string>1<=3?',
    'c:int',
    'd:int>0?',
    'e:decimal>0',
    'f:enum(x,y)',
    'g:url',
  );
  expect(linesOf(inputFields)).toEqual([
    'A string `json:"a" minLength:"1" maxLength:"200" format:"line"`',
    'B *string `json:"b,omitempty" nullable:"true" minLength:"2" maxLength:"3" format:"line"`',
    'C int `json:"c" minimum:"-2147483648" maximum:"2147483647"`',
    'D *int `json:"d,omitempty" nullable:"true" minimum:"1" maximum:"2147483647"`',
    'E string `json:"e" format:"decimal" exclusiveMinimum:"0"`',
    'F string `json:"f" enum:"x,y"`',
    'G string `json:"g" format:"url" maxLength:"2000"`',
  ]);
});

it('what is stored is read without the limits of clients', () => {
  const { storedFields } = contextOf('a:string>5', 'n:number', 'kind:enum(x)?');
  expect(linesOf(storedFields)).toEqual([
    'ID string `json:"id" format:"uuid"`',
    'A string `json:"a"`',
    'N *float64 `json:"n"`',
    'Kind *string `json:"kind"`',
    'Version int `json:"version" doc:"Grows with every change; the ETag of the resource"`',
  ]);
});

it('a moment is cut to the millisecond before it is written', () => {
  const { columns, moment } = contextOf('sentAt:datetime', 'paidAt:datetime?');
  expect(columns.map(({ value }) => value)).toEqual(['postgres.Moment(&in.SentAt)', 'postgres.Moment(in.PaidAt)']);
  expect(moment).toBe('sentAt');
});

it('a test has samples within all limits', () => {
  const { sample } = contextOf(
    'a:string>=12',
    'b:string<=5',
    'c:int>100',
    'd:decimal<0',
    'e:number>0<1',
    'f:enum(x,y)',
  );
  expect(linesOf(sample)).toEqual([
    'map[string]any{',
    '"a": fmt.Sprintf("a %010d", n),',
    '"b": fmt.Sprintf("%d", n),',
    '"c": n + 101,',
    '"d": fmt.Sprintf("%d.5000", n-1002),',
    '"e": 0.5,',
    '"f": []string{"x", "y"}[n%2],',
    '}',
  ]);
  expect(() => contextOf('a:string<=2:unique')).toThrow('too few texts');
  expect(() => contextOf('a:int>0<5:unique')).toThrow('too few values');
});
