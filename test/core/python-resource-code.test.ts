import { describe, expect, it } from 'vitest';
import { toResource } from '../../engine/core/service/resource.ts';
import { pythonResource } from '../../stacks/python/resource/context.ts';

type Lines = readonly { readonly line: string }[];

function contextOf(fields: readonly string[], name = 'order') {
  const resource = toResource({ name, plural: '', fields }, '0002');
  return pythonResource(resource) as Record<string, string> & {
    readonly inputFields: Lines;
    readonly storedFields: Lines;
    readonly columns: readonly Readonly<Record<string, string>>[];
  };
}

describe('a field is a member of what a client says, and of what is stored', () => {
  it.each([
    ['number:string', 'number: Annotated[str, Line()]', 'number: str'],
    ['note:string<=9?', 'note: Annotated[str, Line(max=9)] | None = None', 'note: str | None'],
    ['count:int>0', 'count: Annotated[int, Integer(ge=1, le=2147483647)]', 'count: int'],
    ['ratio:number<1', 'ratio: Annotated[float, Number(lt=1)]', 'ratio: float | None'],
    ['price:decimal>=0', 'price: Annotated[str, Decimal(ge=0)]', 'price: str'],
    [
      'isOpen:boolean',
      'is_open: Annotated[Boolean, Field(alias="isOpen")]',
      'is_open: Annotated[bool, Field(alias="isOpen")]',
    ],
    ['at:datetime', 'at: StoredMoment', 'at: str'],
    ['day:date?', 'day: StoredDate | None = None', 'day: str | None'],
    ['user:uuid', 'user: Uuid', 'user: Uuid'],
    ['link:url', 'link: StoredUrl', 'link: str'],
    ['state:enum(a,b)', 'state: Literal["a", "b"]', 'state: str'],
  ])('%s', (field, input, stored) => {
    const { inputFields, storedFields } = contextOf([field]);
    expect([inputFields, storedFields]).toEqual([[{ line: input }], [{ line: stored }]]);
  });
});

it('a column is read as text where the driver has a type for it, and called as in code', () => {
  const { columns } = contextOf(['user:uuid', 'price:decimal', 'isOpen:boolean', 'class:string', 'ratio:number']);
  expect(columns.map(({ select }) => select)).toEqual([
    '"user"::text as user',
    'price::text as price',
    'is_open',
    'class as class_',
    "case when abs(ratio) < 'infinity' then ratio end as ratio",
  ]);
});

it('a class does not take the name of something that its module imports', () => {
  expect(contextOf(['a:int'], 'response').name).toBe('ResponseItem');
  expect(contextOf(['a:int'], 'line').name).toBe('LineItem');
  expect(contextOf(['a:int'], 'line-item').name).toBe('LineItem');
});

it('samples count up, and a sample that is always the same does not use the count', () => {
  const { sample, counter, times } = contextOf(['number:string:unique', 'at:datetime', 'n:int<0', 'state:enum(a,b)']);
  expect(sample).toBe(`{
        "number": f"number {n}",
        "at": f"{datetime.fromtimestamp(n, UTC):%Y-%m-%dT%H:%M:%S}.000Z",
        "n": n - 1002,
        "state": ("a", "b")[n % 2],
    }`);
  expect([counter, times]).toEqual(['n', 'from datetime import UTC, datetime']);
  expect(contextOf(['state:enum(n)']).counter).toBe('_');
});

it('a route says which problems it answers', () => {
  const { put, post } = contextOf(['number:string:unique']);
  expect(post).toBe('@router.post("/orders", status_code=201, summary="Create an order", responses=problems(409))');
  expect(put).toBe('@router.put("/orders/{id}", summary="Replace an order", responses=problems(404, 409, 412, 428))');
});
