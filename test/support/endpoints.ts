import fc from 'fast-check';

/** The answers of `add-endpoint` before validation, as in flags or in a file of `--answers`. */
export type RawEndpoint = {
  readonly route: string;
  readonly param?: readonly string[];
  readonly query?: readonly string[];
  readonly header?: readonly string[];
  readonly body?: readonly string[];
  readonly 'body-type'?: string;
  readonly response?: readonly string[];
  readonly 'response-type'?: string;
  readonly error?: readonly string[];
  readonly status?: string;
  readonly summary?: string;
  readonly folder?: string;
};

type Key = keyof RawEndpoint;

const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const;
const WORDS = ['orders', 'items', 'shop', 'v1', 'line-items', 'Reports', 'a.b', 'x_y', '~tilde', '2026'] as const;
const PARAMS = ['id', 'orderId', 'sku', 'tenant_id', 'n1'] as const;

const memberName = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom('sku', 'quantity', 'note', 'lines', 'createdAt', 'is_open', '_x', 'type') },
  { weight: 1, arbitrary: fc.stringMatching(/^[a-z_][A-Za-z0-9_]{0,12}$/).filter((name) => name !== '__proto__') },
  { weight: 1, arbitrary: fc.stringMatching(/^[a-z_][A-Za-z0-9_]{30,59}$/) },
  {
    weight: 1,
    arbitrary: fc
      .constantFrom('$top', '@type', 'a-b', 'a.b', '3d', 'filter[x]', 'a b', "it's", '"', '\\', '*', 'größe')
      .map((name) => JSON.stringify(name)),
  },
  { weight: 1, arbitrary: fc.constantFrom('class', 'default', 'new', 'delete', 'then', 'arguments') },
);
const headerName = fc.oneof(
  fc.constantFrom('x-tenant', 'If-Match', 'idempotency-key', 'accept-language'),
  fc.stringMatching(/^x-[a-z0-9]{1,10}$/),
  fc.stringMatching(/^x-[a-z0-9]{30,58}$/),
);

/** A second copy of the program's list, so that the test does not depend on the code that it tests. */
const RESERVED =
  'arguments await break case catch class const constructor continue debugger default delete do else enum eval export extends false finally for function hasOwnProperty if implements import in instanceof interface let new null package private protected prototype public return static super switch this throw toString true try typeof undefined valueOf var void while with yield __proto__'.split(
    ' ',
  );

function isReserved(name: string): boolean {
  return RESERVED.includes(name);
}

const pair = (min: number, max: number) =>
  fc.tuple(fc.integer({ min, max }), fc.integer({ min, max })).map(([a, b]) => [Math.min(a, b), Math.max(a, b)]);

/** Bounds with at least one valid value, as text. */
const within = (min: number, max: number): fc.Arbitrary<string> =>
  fc.oneof(
    { weight: 4, arbitrary: fc.constant('') },
    { weight: 3, arbitrary: pair(min, max).map(([low, high]) => `>=${low}<=${high}`) },
    { weight: 1, arbitrary: fc.integer({ min, max: max - 1 }).map((low) => `>${low}`) },
    { weight: 1, arbitrary: fc.integer({ min: min + 1, max }).map((high) => `<${high}`) },
    { weight: 1, arbitrary: pair(min, max - 2).map(([low = 0, high = 0]) => `<${high + 2}>${low}`) },
  );

const fractions = fc.oneof(
  within(-1000, 1000),
  fc.constantFrom('>=0.5', '<=99.99', '>0<=0.5', '>=-1.25<=-0.75', '<0.1'),
);

const words = fc
  .uniqueArray(
    fc.oneof(
      { weight: 4, arbitrary: fc.constantFrom('open', 'paid', 'sent out', 'A/B', '1.5', 'x+y', 'a-b', 'z_z') },
      { weight: 1, arbitrary: fc.stringMatching(/^[a-z]{20,60}$/) },
    ),
    { minLength: 1, maxLength: 6 },
  )
  .map((values) => `enum(${values.join(',')})`);

const quoted = fc
  .uniqueArray(fc.constantFrom('open', '"a,b"', '""', '"it\'s"', '"\\""', '"+1"', '"-1"', '"größe"'), {
    minLength: 1,
    maxLength: 6,
  })
  .map((values) => `enum(${values.join(',')})`);
const literals = fc
  .uniqueArray(fc.constantFrom('1', '-2.5', 'true', 'false', '"x"', '"it\'s"', '0'), { minLength: 1, maxLength: 4 })
  .map((values) => `literal(${values.join(',')})`);
const enumText = fc.oneof({ weight: 2, arbitrary: words }, quoted, literals);

const plain = fc.constantFrom(
  ...['string', 'int', 'number', 'decimal', 'boolean', 'date', 'datetime', 'uuid', 'email', 'url', 'uri'],
);

const single = (lengths: fc.Arbitrary<string>): fc.Arbitrary<string> =>
  fc.oneof(
    lengths.map((bounds) => `string${bounds}`),
    within(-1000, 1000).map((bounds) => `int${bounds}`),
    fractions.map((bounds) => `number${bounds}`),
    fractions.map((bounds) => `decimal${bounds}`),
    fc.constantFrom('boolean', 'date', 'datetime', 'uuid', 'email', 'url', 'uri'),
    enumText,
  );

const bare = fc.oneof(plain, enumText);
const counts = within(1, 20);
const listOf = (item: fc.Arbitrary<string>): fc.Arbitrary<string> =>
  fc.tuple(item, counts).map(([type, bounds]) => `${type}[]${bounds}`);

/** Removes fields whose names differ only in case. */
function unique(fields: fc.Arbitrary<string>, most: number, least = 0): fc.Arbitrary<string[]> {
  return fc.uniqueArray(fields, {
    minLength: least,
    maxLength: most,
    selector: (text) => /^(?:"(?:[^"\\]|\\.)*"|[^:]*)/.exec(text)?.[0].toLowerCase(),
  });
}

/** The members of an object: named ones, and sometimes what is said of others. */
const members = (depth: number, most: number): fc.Arbitrary<string[]> =>
  fc
    .tuple(
      unique(jsonField(depth), most, 1),
      fc.oneof(
        { weight: 5, arbitrary: fc.constant([]) },
        { weight: 1, arbitrary: fc.constantFrom(['*:none'], ['*:any']) },
        { weight: 1, arbitrary: nested(Math.max(0, depth - 1)).map((type) => [`*:${type}`]) },
      ),
    )
    .map(([named, others]) => [...named, ...others]);

const nested = (depth: number): fc.Arbitrary<string> => {
  const inner = single(within(0, 300));
  if (depth === 0) return fc.oneof(inner, listOf(bare), fc.constant('any'));
  const object = fc.oneof(
    { weight: 4, arbitrary: members(depth - 1, 3).map((parts) => `{${parts.join(',')}}`) },
    { weight: 1, arbitrary: fc.constantFrom('any', 'string', 'int').map((type) => `{*:${type}}`) },
  );
  const union = fc
    .tuple(nested(depth - 1), nested(depth - 1), fc.constantFrom('', '|null'))
    .map(([one, other, none]) => `(${one})|(${other})${none}`);
  return fc.oneof(
    { weight: 5, arbitrary: inner },
    { weight: 2, arbitrary: listOf(bare) },
    { weight: 1, arbitrary: object },
    { weight: 1, arbitrary: listOf(object) },
    { weight: 1, arbitrary: union },
    { weight: 1, arbitrary: listOf(nested(depth - 1).map((type) => `(${type})`)) },
    { weight: 1, arbitrary: nested(depth - 1).map((type) => `((${type})|null)[][]`) },
  );
};

/** A field of a body or a response. */
export function jsonField(depth: number): fc.Arbitrary<string> {
  return fc
    .tuple(memberName, nested(depth), fc.constantFrom('', '', '', '|null'), fc.constantFrom('', '', '?'))
    .map(([name, type, none, mark]) => `${name}:${type.endsWith('|null') ? type : type + none}${mark}`);
}

const textField = (name: fc.Arbitrary<string>, type: fc.Arbitrary<string>): fc.Arbitrary<string> =>
  fc.tuple(name, type, fc.constantFrom('', '?')).map(([key, kind, mark]) => `${key}:${kind}${mark}`);

const route = fc
  .array(
    fc.oneof(
      { weight: 3, arbitrary: fc.constantFrom<string>(...WORDS) },
      { weight: 1, arbitrary: fc.stringMatching(/^[a-z][a-z0-9]{2,8}$/).filter((word) => !isReserved(word)) },
      { weight: 2, arbitrary: fc.constantFrom(...PARAMS).map((name) => `:${name}`) },
    ),
    { maxLength: 5 },
  )
  .map((segments) => segments.filter((one, at) => !one.startsWith(':') || segments.indexOf(one) === at))
  .chain((segments) => fc.constantFrom(...METHODS).map((method) => `${method} /${segments.join('/')}`));

const params = (text: string): fc.Arbitrary<string[]> =>
  fc
    .tuple(
      ...(text.match(/:\w+/g) ?? []).map((name) =>
        fc.option(
          fc
            .oneof(
              single(fc.constantFrom('', '>=3<=36', '!', '<=100')).filter((type) => !type.includes('""')),
              words,
            )
            .map((type) => `${name.slice(1)}:${type}`),
          { nil: undefined },
        ),
      ),
    )
    .map((all) => all.filter((one) => one !== undefined));

type Half = { readonly fields: readonly string[]; readonly mediaType: string };

const json = (fields: readonly string[]): Half => ({ fields, mediaType: '' });

/** A body or a response: nothing, named members, or all of it. */
const half = (marks: readonly string[]): fc.Arbitrary<Half> =>
  fc.oneof(
    { weight: 1, arbitrary: fc.constant(json([])) },
    { weight: 4, arbitrary: members(2, 4).map(json) },
    {
      weight: 2,
      arbitrary: fc.tuple(nested(2), fc.constantFrom(...marks)).map(([type, mark]) => json([`:(${type})${mark}`])),
    },
    {
      weight: 1,
      arbitrary: members(1, 3).map((fields) => ({ fields, mediaType: 'application/merge-patch+json' })),
    },
  );

const formField = textField(memberName, fc.oneof(single(within(0, 300)), listOf(bare)));

const body = fc.oneof(
  { weight: 6, arbitrary: half(['', '|null', '?']) },
  {
    weight: 1,
    arbitrary: unique(formField, 4, 1).map((fields) => ({ fields, mediaType: 'application/x-www-form-urlencoded' })),
  },
  { weight: 1, arbitrary: fc.constant({ fields: [':string!'], mediaType: 'text/plain' }) },
);

const response = fc.oneof(
  { weight: 6, arbitrary: half(['', '|null']) },
  { weight: 1, arbitrary: fc.oneof(bare, nested(1)).map((type) => json([`[]:${type}`])) },
  { weight: 1, arbitrary: fc.constant({ fields: [':string'], mediaType: 'text/csv' }) },
);

/** Valid definitions: the program must accept them. */
export const validEndpoint: fc.Arbitrary<RawEndpoint> = route.chain((text) =>
  fc
    .record({
      param: params(text),
      query: unique(
        fc.oneof(
          { weight: 3, arbitrary: textField(memberName, fc.oneof(single(within(0, 300)), listOf(bare))) },
          {
            weight: 1,
            arbitrary: textField(memberName, listOf(fc.oneof(plain, words))).map((field) => `${field}:csv`),
          },
        ),
        3,
      ),
      header: unique(textField(headerName, fc.oneof(plain, words)), 2),
      body: /^GET/.test(text) ? fc.constant(json([])) : body,
      response,
      error: fc.uniqueArray(fc.constantFrom('400', '404', '409', '418', '422', '503', '599'), { maxLength: 3 }),
      explicit: fc.constantFrom('', '', '200', '201', '202'),
      summary: fc.constantFrom('', 'Adds an item', `Adds ${'many '.repeat(15)}items`, SUMMARY, 'Größe, 大小'),
      folder: fc.oneof({ weight: 4, arbitrary: fc.constant('') }, { weight: 1, arbitrary: folder }),
    })
    .map(({ explicit, body, response, ...rest }) => ({
      route: text,
      ...rest,
      body: body.fields,
      'body-type': body.mediaType,
      response: response.fields,
      'response-type': response.mediaType,
      status: response.fields.length === 0 ? '' : explicit,
    })),
);

const SUMMARY = 'It\'s `\u0024{x}` \\ </script> {{y}} */ "z"';

const folder = fc.stringMatching(/^[a-z][a-z0-9]{2,8}(-[a-z0-9]{1,5})?$/);

const BAD_FIELDS = [
  '',
  ':',
  'x',
  'x:',
  ':string',
  'x:text',
  'x:string:shared',
  'x:int!!',
  'x:int>5<3',
  'x:int>1.5',
  'x:int>1>2',
  'x:boolean>1',
  'x:string>=-1',
  'x:string<=100001',
  'x:enum()',
  'x:enum(a,a)',
  'x:enum(a"b)',
  'x:string(a)',
  'x:{}',
  'x:{a:int',
  'x:int>=9999999999999999',
  '__proto__:string',
  'constructor:string?',
  'x:{a:int,a:int}',
  '"$ref":string',
  'x:{*:{"$id":int}[]}|int',
  'x:int>1[]',
  'x:null|null',
  'x:(int',
  '*:',
  ':',
  'x:literal(null)',
  'a b:string',
  'a-b:string',
  '../x:string',
  `${'x'.repeat(61)}:int`,
  `x:${'{a:'.repeat(8)}int${'}'.repeat(8)}`,
  'x:string\u202e',
  'x:decimal>0<0.00001',
  'x:string>=99999[]>=999',
] as const;

const BAD_ROUTES = [
  '',
  '/',
  'GET',
  'GET orders',
  'FETCH /orders',
  'GET //',
  'GET /a//b',
  'GET /a/',
  'GET /../x',
].concat(
  ['GET /:', 'GET /:id/:id', 'GET /__proto__', 'GET /:constructor', 'GET /a?b', 'GET /a b', 'GET /metrics', 'GET /é'],
  [`GET /${'a'.repeat(201)}`, 'GET /:a:b', 'GET /{id', 'GET /a\u0000b', 'GET /*', 'GET /a%2fb'],
);

type Break = (endpoint: RawEndpoint) => RawEndpoint;

const lists: readonly Key[] = ['param', 'query', 'header', 'body', 'response'];

/** A change that usually makes a definition invalid. */
const breaking: fc.Arbitrary<Break> = fc.oneof(
  fc.constantFrom(...BAD_ROUTES).map(
    (text): Break =>
      (endpoint) => ({ ...endpoint, route: text }),
  ),
  fc.tuple(fc.constantFrom(...lists), fc.oneof(fc.constantFrom(...BAD_FIELDS), fc.string({ maxLength: 20 }))).map(
    ([key, bad]): Break =>
      (endpoint) => ({ ...endpoint, [key]: [...(endpoint[key] ?? []), bad] }),
  ),
  fc.tuple(fc.constantFrom(...lists), fc.nat(), fc.nat(), fc.constantFrom(...'{}[]()<>=!?|:,.-\\"\'`$ ')).map(
    ([key, which, at, char]): Break =>
      (endpoint) => {
        const list = [...(endpoint[key] ?? [])];
        const text = list[which % Math.max(1, list.length)];
        if (text === undefined) return { ...endpoint, [key]: [char] };
        list[which % list.length] = text.slice(0, at % (text.length + 1)) + char + text.slice(at % (text.length + 1));
        return { ...endpoint, [key]: list };
      },
  ),
  fc.constantFrom('200', '204', '299', '500', 'ok').map(
    (status): Break =>
      (endpoint) => ({ ...endpoint, status }),
  ),
  fc.constantFrom('399', '600', '4x4', '').map(
    (error): Break =>
      (endpoint) => ({ ...endpoint, error: [error] }),
  ),
  fc.constantFrom('../x', 'A', 'a/b', '.git', '-').map(
    (name): Break =>
      (endpoint) => ({ ...endpoint, folder: name }),
  ),
  fc.constantFrom('a\nb', '\u202e', 'x'.repeat(201)).map(
    (summary): Break =>
      (endpoint) => ({ ...endpoint, summary }),
  ),
  fc.constant<Break>((endpoint) => ({ ...endpoint, route: endpoint.route.replace(/^\w+/, 'GET'), body: ['x:int'] })),
  fc.constant<Break>((endpoint) => ({ ...endpoint, query: ['x:{a:int}'], header: ['x:int[]'] })),
  fc.constant<Break>((endpoint) => ({ ...endpoint, header: ['Content-Length:int'] })),
  fc.constant<Break>((endpoint) => ({ ...endpoint, response: ['[]:int', 'x:int'] })),
  fc.constant<Break>((endpoint) => ({ ...endpoint, query: ['x:int|string'] })),
  fc.constant<Break>((endpoint) => ({
    ...endpoint,
    body: [':{a:int}'],
    'body-type': 'application/x-www-form-urlencoded',
  })),
  fc.constant<Break>((endpoint) => ({ ...endpoint, 'response-type': 'image/png' })),
);

/** Definitions, of which about one third is invalid. */
export const rawEndpoint: fc.Arbitrary<RawEndpoint> = fc.oneof(
  { weight: 2, arbitrary: validEndpoint },
  { weight: 1, arbitrary: fc.tuple(validEndpoint, breaking).map(([endpoint, spoil]) => spoil(endpoint)) },
);

/** The status of a success, by the documented rule. */
export function expectedStatus({ route: text, response: reply = [], status = '' }: RawEndpoint): number {
  if (status !== '') return Number(status);
  if (reply.length === 0) return 204;
  return /^\s*post\s/i.test(text) ? 201 : 200;
}

/** The method in upper case, and the path with `:name` for parameters. */
export function expectedRoute({ route: text }: RawEndpoint): { method: string; path: string } {
  const [method = '', path = ''] = text.trim().split(/\s+/);
  return { method: method.toUpperCase(), path: path.replaceAll(/\{(\w+)\}/g, ':$1') };
}
