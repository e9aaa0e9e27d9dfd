import fc from 'fast-check';

/** The answers of `add-endpoint` before validation, as in flags or in a file of `--answers`. */
export type RawEndpoint = {
  readonly route: string;
  readonly param?: readonly string[];
  readonly query?: readonly string[];
  readonly header?: readonly string[];
  readonly body?: readonly string[];
  readonly response?: readonly string[];
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
  { weight: 1, arbitrary: fc.stringMatching(/^[a-z_][A-Za-z0-9_]{0,12}$/).filter((name) => !isReserved(name)) },
);
const headerName = fc.oneof(
  fc.constantFrom('x-tenant', 'If-Match', 'idempotency-key', 'accept-language'),
  fc.stringMatching(/^x-[a-z0-9]{1,10}$/),
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

const enumText = fc
  .uniqueArray(fc.constantFrom('open', 'paid', 'sent out', 'A/B', '1.5', 'x+y', 'a-b', 'z_z'), {
    minLength: 1,
    maxLength: 6,
  })
  .map((values) => `enum(${values.join(',')})`);

const single = (lengths: fc.Arbitrary<string>): fc.Arbitrary<string> =>
  fc.oneof(
    lengths.map((bounds) => `string${bounds}`),
    within(-1000, 1000).map((bounds) => `int${bounds}`),
    fractions.map((bounds) => `number${bounds}`),
    fractions.map((bounds) => `decimal${bounds}`),
    fc.constantFrom('boolean', 'date', 'datetime', 'uuid', 'email', 'url'),
    enumText,
  );

const bare = fc.oneof(
  fc.constantFrom('string', 'int', 'number', 'decimal', 'boolean', 'date', 'datetime', 'uuid', 'email', 'url'),
  enumText,
);
const counts = within(1, 20);
const listOf = (item: fc.Arbitrary<string>): fc.Arbitrary<string> =>
  fc.tuple(item, counts).map(([type, bounds]) => `${type}[]${bounds}`);

/** Removes fields whose names differ only in case. */
function unique(fields: fc.Arbitrary<string>, most: number, least = 0): fc.Arbitrary<string[]> {
  return fc.uniqueArray(fields, {
    minLength: least,
    maxLength: most,
    selector: (text) => text.slice(0, text.indexOf(':')).toLowerCase(),
  });
}

const nested = (depth: number): fc.Arbitrary<string> => {
  const inner = single(within(0, 300));
  if (depth === 0) return fc.oneof(inner, listOf(bare));
  const object = unique(jsonField(depth - 1), 3, 1).map((fields) => `{${fields.join(',')}}`);
  return fc.oneof(
    { weight: 5, arbitrary: inner },
    { weight: 2, arbitrary: listOf(bare) },
    { weight: 1, arbitrary: object },
    { weight: 1, arbitrary: listOf(object) },
  );
};

function jsonField(depth: number): fc.Arbitrary<string> {
  return fc
    .tuple(memberName, nested(depth), fc.constantFrom('', '', '', '|null'), fc.constantFrom('', '', '?'))
    .map((parts) => `${parts[0]}:${parts.slice(1).join('')}`);
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
          single(fc.constantFrom('', '>=3<=36', '!', '<=100')).map((type) => `${name.slice(1)}:${type}`),
          { nil: undefined },
        ),
      ),
    )
    .map((all) => all.filter((one) => one !== undefined));

/** The body of a response: nothing, an object, or a list. */
const response = fc.oneof(
  { weight: 1, arbitrary: fc.constant<string[]>([]) },
  { weight: 3, arbitrary: unique(jsonField(2), 4, 1) },
  {
    weight: 1,
    arbitrary: fc
      .oneof(
        bare,
        nested(1).filter((type) => !/\][<>=\d]*$/.test(type)),
      )
      .map((t) => [`[]:${t}`]),
  },
);

/** Valid definitions: the program must accept them. */
export const validEndpoint: fc.Arbitrary<RawEndpoint> = route.chain((text) =>
  fc
    .record({
      param: params(text),
      query: unique(textField(memberName, fc.oneof(single(within(0, 300)), listOf(bare))), 3),
      header: unique(textField(headerName, single(within(0, 300))), 2),
      body: /^(GET|DELETE)/.test(text) ? fc.constant([]) : unique(jsonField(2), 4),
      response,
      error: fc.uniqueArray(fc.constantFrom('400', '404', '409', '418', '422', '503', '599'), { maxLength: 3 }),
      explicit: fc.constantFrom('', '', '200', '201', '202'),
      summary: fc.constantFrom('', 'Adds an item', 'It\'s `\u0024{x}` \\ </script> {{y}} */ "z"', 'Größe, 大小'),
      folder: fc.oneof({ weight: 4, arbitrary: fc.constant('') }, { weight: 1, arbitrary: folder }),
    })
    .map(({ explicit, ...rest }) => ({ route: text, ...rest, status: rest.response.length === 0 ? '' : explicit })),
);

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
  'x:{a:int,A:int}',
  'x:int[][]',
  'x:int>=9999999999999999',
  '__proto__:string',
  'constructor:string',
  'class:int',
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
