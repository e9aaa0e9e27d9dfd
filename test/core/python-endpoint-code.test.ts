import { describe, expect, it } from 'vitest';
import { parseAnswers } from '../../engine/core/question.ts';
import { toEndpoint } from '../../engine/core/service/endpoint.ts';
import { ENDPOINT_QUESTIONS } from '../../generators/add-endpoint/questions.ts';
import { pythonEndpoint } from '../../stacks/python/endpoint/context.ts';
import { variable } from '../../stacks/python/print/identifiers.ts';
import { call, listOf, print, typeOf, union } from '../../stacks/python/print/layout.ts';
import { quoted, textCode } from '../../stacks/python/print/text.ts';
import type { RawEndpoint } from '../support/endpoints.ts';

/** What the templates of an endpoint may name. */
function contextOf(raw: Partial<RawEndpoint>) {
  const answers = parseAnswers(ENDPOINT_QUESTIONS, { route: 'POST /a', ...raw }, '');
  return pythonEndpoint(toEndpoint(answers)) as Record<string, string> & {
    readonly declarations: readonly { readonly text: string }[];
    readonly imports: readonly { readonly line: string }[];
    readonly wrongs: readonly { readonly line: string }[];
  };
}

const declared = (raw: Partial<RawEndpoint>) =>
  contextOf(raw)
    .declarations.map(({ text }) => text)
    .join('\n');

/** The lines of the class for a body with these members. */
function membersOf(...body: string[]): string[] {
  const [, members = ''] = /^class APostBody\(.*\):\n((?: {4}.*\n?)*)/m.exec(declared({ body })) ?? [];
  return members
    .trimEnd()
    .split('\n')
    .map((line) => line.trim());
}

describe('a member is a field of a class', () => {
  it.each([
    ['sku:string', 'sku: str'],
    ['sku:string!', 'sku: Annotated[str, Text(min=1)]'],
    ['note:string<=9?', 'note: Maybe[Annotated[str, Text(max=9)]] = None'],
    ['note:string|null', 'note: str | None'],
    ['note:string|null?', 'note: str | None = None'],
    ['n:int>0<=99', 'n: Annotated[int, Integer(ge=1, le=99)]'],
    ['n:number>0.5<2', 'n: Annotated[float, Number(gt=0.5, lt=2)]'],
    ['price:decimal>=0', 'price: Annotated[str, Decimal(ge=0)]'],
    ['isOpen:boolean?', 'is_open: Annotated[Maybe[Boolean], Field(alias="isOpen")] = None'],
    ['at:datetime', 'at: Moment'],
    ['kind:enum(a,b)', 'kind: Literal["a", "b"]'],
    ['kind:literal("a")', 'kind: Literal["a"]'],
    ['kind:literal(1,true,"x")', 'kind: Annotated[int | bool | str, Among(1, True, "x")]'],
    ['kind:literal(1,2.5)', 'kind: Annotated[float, Among(1, 2.5)]'],
    ['tags:string[]>0', 'tags: Annotated[list[str], Field(min_length=1)]'],
    ['list:string[]>0', 'list_: Annotated[list[str], Field(min_length=1, alias="list")]'],
    ['tags:(string|null)[]', 'tags: list[str | None]'],
    ['m:{*:int}', 'm: dict[str, Annotated[int, Integer()]]'],
    ['v:any', 'v: Any'],
    ['v:null', 'v: None'],
    ['line:{n:int}|null', 'line: APostBodyLine | None'],
    ['lines:{n:int}[]', 'lines: list[APostBodyLines]'],
    ['u:string|int|null', 'u: Annotated[str | Annotated[int, Integer()] | None, AnyOf()]'],
  ])('%s', (member, line) => {
    expect(membersOf(member)).toEqual([line]);
  });

  it('others are of a type, refused or dropped; in one of several types they are kept', () => {
    expect(declared({ body: ['a:int', '*:none'] })).toContain('class APostBody(Input, extra="forbid"):');
    expect(declared({ body: ['a:int', '*:any'] })).toContain('class APostBody(Input, extra="allow"):\n    a:');
    expect(membersOf('a:int', '*:date')[0]).toBe('__pydantic_extra__: dict[str, Date] = Field(init=False)');
    expect(declared({ body: ['u:{a:int}|{b:int}'] })).toMatch(
      /class APostBodyU\(Input, extra="allow"\):.*class APostBodyU2\(Input, extra="allow"\):/s,
    );
  });
});

it.each([
  ['class', 'class_'],
  ['3d', 'x_3d'],
  ['a-b', 'a_b'],
  ['_x', 'x'],
  ['*', 'x'],
  ['größe', 'größe'],
  ['ﬁn', 'fin'],
  ['model_dump', 'the_model_dump'],
  ['orderID', 'order_id'],
  ['schema', 'schema_'],
  ['l', 'l_'],
])('the member %s is the variable %s', (name, identifier) => {
  expect(variable(name)).toBe(identifier);
});

it.each([
  ['a', '"a"'],
  ["it's", '"it\'s"'],
  ['"', "'\"'"],
  ['"\'', '"\\"\'"'],
  ['\\\n\u2028\u{e0001}é', '"\\\\\\n\\u2028\\U000e0001é"'],
])('the text %j is written %s', (text, code) => {
  expect(quoted(text)).toBe(code);
});

it('long values are written short', () => {
  expect(textCode('t'.repeat(300))).toBe('"t" * 300');
  expect(contextOf({ body: ['b:(string>=2)[]>=50'] }).right).toContain(
    '"b": ["te" for _ in range(50)]'.replace('te', 'text'),
  );
});

it('what is too long for a line has a line for each part', () => {
  const long = 'x'.repeat(100);
  expect(
    print(
      call('f', [
        ['', 'a'],
        ['b', listOf([quoted(long)])],
      ]),
      1,
      8,
    ),
  ).toBe(`f(\n        a,\n        b=["${long}"],\n    )`);
  expect(print(typeOf('Maybe', [typeOf('Literal', [quoted(long), quoted('y'.repeat(20))])]), 0)).toBe(
    `Maybe[\n    Literal[\n        "${long}",\n        "${'y'.repeat(20)}",\n    ]\n]`,
  );
  expect(print(typeOf('Annotated', [union([`A${long}`, `B${long}`]), 'x()']), 0)).toBe(
    `Annotated[\n    A${long}\n    | B${long},\n    x(),\n]`,
  );
  // Nothing stands before the first line, and a comma stands after the last.
  const [first, last] = [typeOf('A', ['x'.repeat(113)]), typeOf('B', ['y'.repeat(111)])];
  expect(print(typeOf('C', [union([first, last]), 'z']), 0)).toBe(
    `C[\n    A[${'x'.repeat(113)}]\n    | B[\n        ${'y'.repeat(111)}\n    ],\n    z,\n]`,
  );
});

it.each([
  [73, 'Maybe[Annotated[str, Text(max=9)]] = None'],
  [74, 'Maybe[Annotated[str, Text(max=9)]] = (\n        None\n    )'],
  [76, 'Maybe[Annotated[str, Text(max=9)]] = (\n        None\n    )'],
  [77, 'Maybe[\n        Annotated[str, Text(max=9)]\n    ] = None'],
])('a member of %i letters that may be absent is written as the formatter leaves it', (length, type) => {
  const name = 'x'.repeat(length);
  expect(declared({ body: [`${name}:string<=9?`] })).toContain(`    ${name}: ${type}`);
});

it('parameters are arguments, those that may be absent at the end', () => {
  const { signature } = contextOf({
    route: 'GET /a/:id',
    query: ['ids:int[]?', 'fields:enum(a,b)[]:csv', 'q:string', 'class:boolean?'],
    header: ['x-tenant:uuid?'],
    response: ['a:int'],
  });
  expect(signature).toBe(`async def answer(
    id_: Annotated[str, Text(min=1, max=100), Path(alias="id")],
    fields: Annotated[list[Literal["a", "b"]], Csv(), Query()],
    q: Annotated[str, Query()],
    ids: Annotated[Maybe[Annotated[list[Annotated[int, IntegerText()]], Texts()]], Query()] = None,
    class_: Annotated[Maybe[Annotated[bool, BooleanText()]], Query(alias="class")] = None,
    x_tenant: Annotated[Maybe[Uuid], Header()] = None,
) -> AByIdGetReply:`);
});

it('a body may be left out, a form, or a text', () => {
  expect(contextOf({ body: [':{n:int}|null'] }).signature).toContain('body: Annotated[APostBody, Body()] = None');
  expect(declared({ body: [':{n:int}|null'] })).toMatch(/^class APostBodyItem.*\nAPostBody = APostBodyItem \| None$/s);
  expect(contextOf({ body: [':int?'] }).signature).toContain('body: Annotated[APostBody | None, Body()] = None');
  const form = contextOf({ body: ['n:int', 'm:int[]'], 'body-type': 'application/x-www-form-urlencoded' });
  expect(form.signature).toContain('Annotated[APostBody, Body(media_type="application/x-www-form-urlencoded")]');
  expect(form.declarations[0]?.text).toBe(
    'class APostBody(Input):\n    n: Annotated[int, IntegerText()]\n    m: Annotated[list[Annotated[int, IntegerText()]], Texts()]',
  );
  const text = contextOf({ body: [':string'], 'body-type': 'text/plain' });
  expect(text.signature).toContain('Annotated[APostBody, Body(media_type="text/plain")]');
});

it('an answer of another type has a class, and one without a body no content type', () => {
  expect(declared({ response: [':string'], 'response-type': 'text/csv' })).toBe(
    'APostReply = str\nclass APostResponse(PlainTextResponse):\n    media_type = "text/csv"',
  );
  expect(contextOf({}).decorator).toBe('@router.post("/a", status_code=204, response_class=Response)');
});

it('the example answers what the body says, where both are of one type', () => {
  const { answer, decorator } = contextOf({
    body: ['sku:string', 'n:int', 'lines:{a:int}[]'],
    response: ['id:uuid', 'sku:string', 'n:int>0', 'lines:{a:int}[]', 'note:string?'],
  });
  expect(answer).toBe(`return APostReply(
        id="0b7d2a3e-5c1f-4e8a-9d6b-2f4a8c0e1d3b",
        sku=body.sku,
        n=1,
        lines=[APostReplyLines(a=1)],
        note="text",
    )`);
  expect(decorator).toContain('response_model_exclude_unset=True');
  expect(contextOf({ response: ['n:number', 'v:any', 'm:{*:int}'] }).answer).toBe(
    'return APostReply(n=1.0, v="text", m={"other": 1})',
  );
});

it('a test sends what is wrong', () => {
  const { wrongs } = contextOf({ route: 'PUT /a/:id', param: ['id:int'], header: ['x-n:int'], body: ['n:int<9'] });
  expect(wrongs.map(({ line }) => line)).toEqual([
    'pytest.param({"url": "/a/1.5"}, id="a id that is no int in the path")',
    'pytest.param({"headers": without(RIGHT["headers"], "x-n")}, id="no x-n in the headers")',
    'pytest.param({"headers": {**RIGHT["headers"], "x-n": "1.5"}}, id="a x-n that is no int in the headers")',
    'pytest.param({"json": without(RIGHT["json"], "n")}, id="no n")',
    'pytest.param({"json": {**RIGHT["json"], "n": 1.5}}, id="a n that is no int")',
    'pytest.param({"json": {**RIGHT["json"], "n": 9}}, id="a n that is too large")',
  ]);
});

it('a header that the client of a test sends anyway is not left out', () => {
  expect(contextOf({ header: ['accept:string'] }).wrongs).toEqual([]);
});

it('what is used is imported, in the order of isort', () => {
  const { imports } = contextOf({
    body: ['a-b:int'].map((one) => JSON.stringify('a-b') + one.slice(3)),
    error: ['404'],
    response: ['a:date'],
  });
  expect(imports.map(({ line }) => line)).toEqual([
    'from typing import Annotated',
    '',
    'from pydantic import Field',
    '',
    'from service.platform.fields import Date, Input, Integer, Output',
    'from service.platform.problem import problems',
    'from service.platform.routes import Router',
  ]);
});

it('a folder that begins with a digit is another module', () => {
  expect(contextOf({ route: 'POST /2026' }).module).toBe('at_2026_post');
});
