import { describe, expect, it } from 'vitest';
import { parseAnswers } from '../../engine/core/question.ts';
import { toEndpoint } from '../../engine/core/service/endpoint.ts';
import { ENDPOINT_QUESTIONS } from '../../generators/add-endpoint/questions.ts';
import { goEndpoint } from '../../stacks/go/endpoint/context.ts';
import { exported } from '../../stacks/go/print/identifiers.ts';
import type { RawEndpoint } from '../support/endpoints.ts';

/** What the templates of an endpoint may name. */
function contextOf(raw: Partial<RawEndpoint>) {
  const answers = parseAnswers(ENDPOINT_QUESTIONS, { route: 'POST /a', ...raw }, '');
  return goEndpoint(toEndpoint(answers)) as Record<string, string> & {
    readonly declarations: readonly { readonly text: string }[];
    readonly wrongs: readonly { readonly line: string }[];
  };
}

/** The declared types, without their comments. */
function typesOf(raw: Partial<RawEndpoint>): string {
  return contextOf(raw)
    .declarations.map(({ text }) => text.replace(/^\/\/ .*\n/, ''))
    .join('\n');
}

/** The lines of a struct for a body with these members, with one space where gofmt aligns. */
function fieldsOf(...body: string[]): string[] {
  const [, fields = ''] = /^type aPostBody struct \{\n(.*?)\n\}/ms.exec(typesOf({ body })) ?? [];
  return fields.split('\n').map((line) => line.trim().replace(/ +/g, ' '));
}

/** What is said of a member that tags cannot describe. */
function schemaOf(type: string): string {
  const [, schema = ''] = /case "x":\n\t\treturn (.*?)\n\t\}/s.exec(typesOf({ body: [`x:${type}`] })) ?? [];
  return schema.replace(/\s+/g, '').replace(/,\)/g, ')');
}

describe('a member is a field with tags', () => {
  it.each([
    ['sku:string', 'SKU string `json:"sku"`'],
    ['sku:string!', 'SKU string `json:"sku" minLength:"1"`'],
    ['note:string<=9?', 'Note *string `json:"note,omitempty" maxLength:"9"`'],
    ['note:string|null', 'Note *string `json:"note"`'],
    ['note:string|null?', 'Note *string `json:"note,omitempty" nullable:"true"`'],
    ['n:int>0<=99', 'N int `json:"n" minimum:"1" maximum:"99"`'],
    ['n:number>0.5<2', 'N float64 `json:"n" exclusiveMinimum:"0.5" exclusiveMaximum:"2"`'],
    ['price:decimal>=0', 'Price string `json:"price" format:"decimal" minimum:"0"`'],
    ['isOpen:boolean?', 'IsOpen *bool `json:"isOpen,omitempty"`'],
    ['at:datetime', 'At string `json:"at" format:"date-time"`'],
    ['kind:enum(a,b)', 'Kind string `json:"kind" enum:"a,b"`'],
    ['kind:literal(1,2)', 'Kind int `json:"kind" enum:"1,2"`'],
    ['kind:literal(1,2.5)', 'Kind float64 `json:"kind" enum:"1,2.5"`'],
    ['tags:string[]>0', 'Tags []string `json:"tags" minItems:"1"`'],
    ['tags:(string>1)[]?', 'Tags []string `json:"tags,omitzero" minLength:"2"`'],
    ['tags:(string|null)[]', 'Tags []*string `json:"tags"`'],
    ['tags:string[]|null', 'Tags []string `json:"tags" nullable:"true"`'],
    ['m:{*:int}', 'M map[string]int `json:"m"`'],
    ['v:any', 'V any `json:"v"`'],
    ['v:int[][]', 'V [][]int `json:"v"`'],
    ['line:{n:int}|null', 'Line *aPostBodyLine `json:"line"`'],
    ['lines:{n:int}[]', 'Lines []aPostBodyLines `json:"lines"`'],
  ])('%s', (member, line) => {
    expect(fieldsOf(member)).toEqual([line]);
  });

  it('whose name is a word of Go, begins with a digit, or is another one in Go', () => {
    expect(fieldsOf('type:int', '"3d":int', '"a-b":int', 'a_b:int', 'SchemaOf:int', '"大":int', 'orderId:int')).toEqual(
      [
        'Type int `json:"type"`',
        'X3d int `json:"3d"`',
        'A_B int `json:"a-b"`',
        'A_B2 int `json:"a_b"`',
        'SchemaOf2 int `json:"SchemaOf"`',
        'X大 int `json:"大"`',
        'OrderID int `json:"orderId"`',
      ],
    );
  });

  it('and others are refused, where that is said', () => {
    expect(fieldsOf('n:int', '*:none')).toEqual(['_ struct{} `additionalProperties:"false"`', 'N int `json:"n"`']);
  });

  it('columns are aligned as gofmt aligns them', () => {
    expect(typesOf({ body: ['a:int', 'long_name:string|null'] })).toContain(
      'struct {\n\tA        int     `json:"a"`\n\tLongName *string `json:"long_name"`\n}',
    );
    expect(typesOf({ query: ['limit:int?'], body: ['a:int'] })).toContain(
      'struct {\n\tLimit *int `query:"limit"`\n\tBody  aPostBody\n}',
    );
  });
});

it.each([
  [
    ['order-id', 'order-i-d', 'order-id-s', 'order-ids'],
    ['OrderID', 'OrderI_D', 'OrderID_S', 'OrderIds'],
  ],
  [
    ['uid', 'u-id', 'ui-d', 'u-i-d'],
    ['UID', 'U_ID', 'UI_D', 'U_I_D'],
  ],
  [
    ['a-1b', 'a1b', '1b', 'x-1b'],
    ['A_1b', 'A1b', 'X1b', 'X_1b'],
  ],
])('folders %j have names of their own', (folders, names) => {
  expect(folders.map((folder) => exported(folder))).toEqual(names);
});

describe('what tags cannot say is a schema', () => {
  it.each([
    ['string|int>0', 'fields.AnyOf(fields.String(),fields.Integer(fields.Least(1)))'],
    ['string|int|null', 'fields.Nullable(fields.AnyOf(fields.String(),fields.Integer()))'],
    ['null', 'fields.Null()'],
    ['literal(1,true,"x")', 'fields.Enum(1,true,"x")'],
    ['enum("a,b")', 'fields.Enum("a,b")'],
    ['(int>0|null)[]', 'fields.List(fields.Nullable(fields.Integer(fields.Least(1))))'],
    ['(decimal>0)[][]', 'fields.List(fields.List(fields.Decimal(fields.Above(0))))'],
    ['{a:int?,*:date}', 'fields.Object(fields.Format("date"),fields.Optional("a",fields.Integer()))'],
    ['{"it\'s":int}', 'fields.Object(nil,fields.Required("it\'s",fields.Integer()))'],
    ['{n:int}[]>0[]', 'fields.List(fields.List(fields.Of[aPostBodyX](),fields.Least(1)))'],
  ])('%s', (type, schema) => {
    expect(schemaOf(type)).toBe(schema);
  });
});

it('parameters are fields of the input', () => {
  const types = typesOf({
    route: 'GET /a/:id',
    query: ['ids:int[]?', 'fields:enum(a,b)[]:csv', 'q:string'],
    header: ['x-tenant:uuid?'],
  });
  expect(types.replace(/ +/g, ' ')).toContain(
    `type aByIDGetInput struct {
\tID string \`path:"id" minLength:"1" maxLength:"100"\`
\tIds []int \`query:"ids,explode" maxItems:"1000"\`
\tFields []string \`query:"fields" required:"true" enum:"a,b" maxItems:"1000"\`
\tQ string \`query:"q" required:"true"\`
\tXTenant *string \`header:"x-tenant" format:"uuid"\`
}`,
  );
});

it('a body may be left out, a form, or a text', () => {
  expect(typesOf({ body: [':int?'] })).toContain('Body *int `required:"false"`');
  expect(typesOf({ body: ['a:int'], 'body-type': 'application/x-www-form-urlencoded' })).toContain(
    'Body aPostBody `contentType:"application/x-www-form-urlencoded"`',
  );
  expect(typesOf({ body: [':string'], 'body-type': 'text/plain' })).toContain('Body string `contentType:"text/plain"`');
});

it('the example answers what the body says, where both are of one type', () => {
  const { answer, inputName } = contextOf({
    body: ['sku:string', 'n:int', 'lines:{a:int}[]'],
    response: ['id:uuid', 'sku:string', 'n:int>0', 'lines:{a:int}[]', 'note:string?'],
  });
  expect(inputName).toBe('in');
  expect(answer).toBe(`&aPostOutput{
		Body: aPostReply{
			ID:    "0b7d2a3e-5c1f-4e8a-9d6b-2f4a8c0e1d3b",
			SKU:   in.Body.SKU,
			N:     1,
			Lines: in.Body.Lines,
			Note:  new("text"),
		},
	}`);
  expect(contextOf({ response: ['n:number', 'v:any', 'm:{*:int}'] }).answer).toBe(
    '&aPostOutput{Body: aPostReply{N: 1.0, V: "text", M: map[string]int{"other": 1}}}',
  );
});

it('long values are written short', () => {
  const { right } = contextOf({ body: ['a:string>=300', 'b:(string>=20)[]>=50'] });
  expect(right).toContain(
    'Body:    `{"a":"` + strings.Repeat("t", 300) + `","b":[` + strings.Repeat(`"tttttttttttttttttttt",`, 49)',
  );
});

it('a test sends what is wrong', () => {
  const { wrongs } = contextOf({ route: 'PUT /a/:id', param: ['id:int'], header: ['x-n:int'], body: ['n:int<9'] });
  expect(wrongs.map(({ line }) => line)).toEqual([
    '{"a id that is no int in the path", testkit.Request{Path: "/a/1.5"}}',
    '{"no x-n in the headers", testkit.Request{Headers: map[string]string{"content-type": "application/json"}}}',
    '{"a x-n that is no int in the headers", testkit.Request{Headers: map[string]string{"content-type": "application/json", "x-n": "1.5"}}}',
    '{"no n", testkit.Request{Body: "{}"}}',
    '{"a n that is no int", testkit.Request{Body: `{"n":1.5}`}}',
    '{"a n that is too large", testkit.Request{Body: `{"n":9}`}}',
  ]);
});

it.each([
  [{ route: 'GET /calls/:sid.json' }, 'the segment ":sid.json" is not possible in Go'],
  [{ route: 'GET /days/:from-:to' }, 'the segment ":from-:to" is not possible in Go'],
  [{ query: ['"a,b":int'] }, 'a,b is not possible in Go'],
])('%o is refused', (raw, reason) => {
  expect(() => contextOf(raw)).toThrow(reason);
});
