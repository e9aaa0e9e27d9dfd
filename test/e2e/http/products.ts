import { type Expected, json, mismatch, ofProduct, type Product, type Row, type Send } from './row.ts';

const LIST = '/products';
const ITEM = '/products/:id';
const NOBODY = '11111111-1111-1111-1111-111111111111';

const input = (sku: string) => ({ sku, name: `Product ${sku}`, priceCents: 1250 });
const cursor = (text: string) => Buffer.from(text).toString('base64url');
const at = ({ id }: Product) => `/products/${id}`;
const change =
  (method: 'PUT' | 'DELETE', headers: Record<string, string>, more: object = {}) =>
  (product: Product): Send => {
    const { sku, name } = product;
    const body = { sku, name, priceCents: 999, ...more };
    return method === 'PUT' ? json(at(product), body, headers, 'PUT') : { method, path: at(product), headers };
  };
const problem = (status: number, route: string, detail?: string): Expected => ({
  status,
  route,
  ...(detail === undefined ? {} : { detail }),
});
const read =
  (headers: Record<string, string>, method = 'GET') =>
  (product: Product) => ({
    method,
    path: at(product),
    headers,
  });
const whole =
  (more: Partial<Product> = {}) =>
  (product: Product): Expected => ({
    status: 200,
    headers: { 'content-type': /^application\/json/, etag: `"${more.version ?? 1}"` },
    body: { ...product, ...more },
    route: ITEM,
  });
const same: Expected = {
  status: 304,
  headers: { etag: '"1"', 'content-length': null, 'content-type': null },
  body: '',
  route: ITEM,
};
const changed = whole({ priceCents: 999, version: 2 });
const UNCONDITIONAL = 'Send the ETag that you read as If-Match.';
const TAKEN = 'A product with this sku exists.';

/** The example resource, whose products are in PostgreSQL. */
export const PRODUCTS: readonly Row[] = [
  {
    title: 'a product is created',
    send: json(LIST, input('MADE-1')),
    answer: {
      status: 201,
      headers: { location: /^\/products\/[0-9a-f-]{36}$/, etag: '"1"', 'content-type': /^application\/json/ },
      body: /^\{"id":"[0-9a-f-]{36}","sku":"MADE-1","name":"Product MADE-1","priceCents":1250,"version":1\}\s*$/,
      route: LIST,
    },
  },
  ofProduct('a sku is taken once', ({ sku }) => json(LIST, input(sku)), problem(409, LIST, TAKEN)),
  ofProduct('members that no schema names are dropped', ({ sku }) => json(LIST, { ...input(`${sku}-X`), more: 1 }), {
    status: 201,
    route: LIST,
  }),
  ofProduct('it is read', read({}), whole()),
  ofProduct('it is read by an id in upper case', ({ id }) => ({ path: `/products/${id.toUpperCase()}` }), whole()),
  ofProduct('HEAD has the headers of GET', read({}, 'HEAD'), {
    status: 200,
    headers: { etag: '"1"', 'content-type': /^application\/json/ },
    body: '',
    route: ITEM,
  }),
  ...['"1"', 'W/"1"', '*', '"7", "1"', ' "1" '].map((tag) =>
    ofProduct(`If-None-Match ${tag} is known`, read({ 'if-none-match': tag }), same),
  ),
  ofProduct('HEAD of what is known', read({ 'if-none-match': '"1"' }, 'HEAD'), same),
  ...['"7"', '1', 'w/"1"', '"01"', ''].map((tag) =>
    ofProduct(`If-None-Match ${tag} is not known`, read({ 'if-none-match': tag }), whole()),
  ),
  { title: 'a product that is not there', send: { path: `/products/${NOBODY}` }, answer: problem(404, ITEM) },
  ...['42', 'abc', `${NOBODY}0`, 'é', '%20'].map((id) => ({
    title: `the id ${id}`,
    send: { path: `/products/${id === 'é' ? encodeURIComponent(id) : id}` },
    answer: mismatch(ITEM, 'params /id'),
  })),
  ofProduct(
    'an id with a percent-encoded hyphen',
    ({ id }) => ({ path: `/products/${id.replace('-', '%2D')}` }),
    whole(),
  ),
  ofProduct('a query that no schema names', ({ id }) => ({ path: `/products/${id}?more=1` }), whole()),

  ofProduct('it is replaced', change('PUT', { 'if-match': '"1"' }), changed),
  ofProduct('it is replaced by a list of tags', change('PUT', { 'if-match': '"7", "1"' }), changed),
  ofProduct('it is replaced in any version', change('PUT', { 'if-match': '*' }), changed),
  ofProduct(
    'it is replaced by an id in upper case',
    (product) => {
      const send = change('PUT', { 'if-match': '"1"' })(product);
      return { ...send, path: `/products/${product.id.toUpperCase()}` };
    },
    changed,
  ),
  ofProduct('a change without If-Match', change('PUT', {}), problem(428, ITEM, UNCONDITIONAL)),
  ...['"7"', 'W/"1"', 'w/"1"', '1', '"1" "2"', '"99999999999999999999"', '"-1"', '"1.0"'].map((tag) =>
    ofProduct(`a change of the version ${tag}`, change('PUT', { 'if-match': tag }), problem(412, ITEM)),
  ),
  ofProduct('a change that does not match the schema', change('PUT', { 'if-match': '"1"' }, { name: '' }), {
    ...mismatch(ITEM, 'body /name'),
  }),
  ofProduct('a change to a sku that is taken', change('PUT', { 'if-match': '"1"' }, { sku: 'MADE-1' }), {
    ...problem(409, ITEM, TAKEN),
  }),
  {
    title: 'a change of what is not there',
    send: json(`/products/${NOBODY}`, input('NONE'), { 'if-match': '"1"' }, 'PUT'),
    answer: problem(404, ITEM),
  },
  ofProduct('it is deleted', change('DELETE', { 'if-match': '"1"' }), {
    status: 204,
    headers: { 'content-type': null },
    body: '',
    route: ITEM,
  }),
  ofProduct('it is deleted in any version', change('DELETE', { 'if-match': '*' }), {
    status: 204,
    body: '',
    route: ITEM,
  }),
  ofProduct('a deletion without If-Match', change('DELETE', {}), problem(428, ITEM, UNCONDITIONAL)),
  ofProduct('a deletion of another version', change('DELETE', { 'if-match': '"7"' }), problem(412, ITEM)),
  {
    title: 'a deletion of what is not there',
    send: { method: 'DELETE', path: `/products/${NOBODY}`, headers: { 'if-match': '*' } },
    answer: problem(404, ITEM),
  },

  {
    title: 'a page of no product',
    send: { path: `${LIST}?cursor=${cursor('ZZZZ')}` },
    answer: { status: 200, body: { items: [], nextCursor: null }, route: LIST },
  },
  {
    title: 'an empty cursor is that of the first page',
    send: { path: `${LIST}?cursor=&limit=1` },
    answer: { status: 200, body: /^\{"items":\[\{.*\}\],"nextCursor":"[\w-]+"\}\s*$/, route: LIST },
  },
  {
    title: 'a cursor with a NUL',
    send: { path: `${LIST}?cursor=${cursor('ZZZZ\0')}` },
    answer: { status: 200, body: { items: [], nextCursor: null }, route: LIST },
  },
  { title: 'HEAD of a list', send: { method: 'HEAD', path: LIST }, answer: { status: 200, body: '', route: LIST } },
  ...['?', 'a*b', 'a', cursor('AB').concat('=')].map((text) => ({
    title: `the cursor ${text}`,
    send: { path: `${LIST}?cursor=${encodeURIComponent(text)}` },
    answer: mismatch(LIST, 'querystring /cursor'),
  })),
  ...['0x10', '010', '1e2', '%205', '5%20', '', '0', '101', '-1', '+1', '1.0', 'abc', '99999999999999999999'].map(
    (text) => ({
      title: `limit=${text}`,
      send: { path: `${LIST}?limit=${text}` },
      answer: mismatch(LIST, 'querystring /limit'),
    }),
  ),
  {
    title: 'a limit that is given twice',
    send: { path: `${LIST}?limit=1&limit=2` },
    answer: mismatch(LIST, 'querystring /limit'),
  },
  {
    title: 'a cursor that is given twice',
    send: { path: `${LIST}?cursor=QQ&cursor=QQ` },
    answer: mismatch(LIST, 'querystring /cursor'),
  },
  {
    title: 'two parameters that do not match',
    send: { path: `${LIST}?cursor=*&limit=0` },
    answer: mismatch(LIST, 'querystring /cursor', 'querystring /limit'),
  },

  ...Object.entries({
    'no name': [{ name: undefined }, '/name'],
    'an empty name': [{ name: '' }, '/name'],
    'a blank name': [{ name: ' ' }, '/name'],
    'a name of no-break spaces': [{ name: '\u00a0' }, '/name'],
    'a space at the end': [{ name: 'Name ' }, '/name'],
    'a space at the start': [{ name: ' Name' }, '/name'],
    'a tab in the middle': [{ name: 'Na\tme' }, '/name'],
    'a NUL': [{ name: 'Na\u0000me' }, '/name'],
    'a name of 201 characters': [{ name: 'n'.repeat(201) }, '/name'],
    'a name that is null': [{ name: null }, '/name'],
    'a name that is a number': [{ name: 1 }, '/name'],
    'a price below nothing': [{ priceCents: -1 }, '/priceCents'],
    'half a cent': [{ priceCents: 0.5 }, '/priceCents'],
    'a price as text': [{ priceCents: '1' }, '/priceCents'],
    'a price above 32 bits': [{ priceCents: 2 ** 31 }, '/priceCents'],
    'a price above 64 bits': [{ priceCents: 2 ** 70 }, '/priceCents'],
    'a price that is true': [{ priceCents: true }, '/priceCents'],
    'no price': [{ priceCents: undefined }, '/priceCents'],
    'a lower case sku': [{ sku: 'book-9' }, '/sku'],
    'a sku with a line end': [{ sku: 'BOOK-9\n' }, '/sku'],
    'a sku of 33 characters': [{ sku: 'S'.repeat(33) }, '/sku'],
    'two members at once': [{ sku: '', priceCents: null }, '/sku', '/priceCents'],
  } as Record<string, [object, ...string[]]>).map(([title, [more, ...paths]]) => ({
    title,
    send: json(LIST, { ...input('BOOK-9'), ...more }),
    answer: mismatch(LIST, ...paths.map((path) => `body ${path}`)),
  })),
  ...['[]', 'null', '1', '"text"', 'true'].map((body) => ({
    title: `a body that is ${body}`,
    send: json(LIST, body),
    answer: mismatch(LIST, 'body /'),
  })),
  ofProduct(
    'a whole number with a fraction of zeros',
    ({ sku }) => json(LIST, `{"sku":"${sku}-F","name":"Name","priceCents":12.0}`),
    {
      status: 201,
      body: /"priceCents":12,/,
      route: LIST,
    },
  ),
  ofProduct(
    'a whole number with an exponent',
    ({ sku }) => json(LIST, `{"sku":"${sku}-E","name":"Name","priceCents":1e2}`),
    {
      status: 201,
      body: /"priceCents":100,/,
      route: LIST,
    },
  ),
  ofProduct(
    'the last of two members with one name counts',
    ({ sku }) => json(LIST, `{"sku":"${sku}-D","name":"First","name":"Last","priceCents":1}`),
    {
      status: 201,
      body: /"name":"Last"/,
      route: LIST,
    },
  ),
  {
    title: 'a member in another case is another member',
    send: json(LIST, { SKU: 'BOOK-9', Name: 'Name', priceCents: 1 }),
    answer: mismatch(LIST, 'body /sku', 'body /name'),
  },
  ofProduct(
    'letters of all kinds, and 200 characters',
    ({ sku }) =>
      json(LIST, { sku: `${sku}-U`, name: `<é&日本"\\\u2028\u{1f600}>${'n'.repeat(180)}`, priceCents: 2 ** 31 - 1 }),
    {
      status: 201,
      body: /"name":"<é&日本\\"\\\\\u2028\u{1f600}>n{180}","priceCents":2147483647,/u,
      route: LIST,
    },
  ),
  ofProduct(
    '__proto__ is a member that no schema names',
    ({ sku }) => json(LIST, `{"__proto__":{"a":1},"sku":"${sku}-P","name":"Name","priceCents":1}`),
    { status: 201, route: LIST },
  ),
];
