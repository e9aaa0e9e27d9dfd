import assert from "node:assert/strict";
import { after, test } from "node:test";
import { buildApp } from "../../platform/app.ts";
import { loadConfig } from "../../platform/config.ts";
import { databaseEnvironment, execute } from "../../testing/database.ts";
import { run } from "../../testing/run.ts";
import { encodeCursor, type Product, type ProductPage } from "./schemas.ts";

const env = await databaseEnvironment();
assert.equal((await run(["migrate"], env)).code, 0);
const app = await buildApp(await loadConfig(env));
after(() => app.close());

const url = "/products";

async function create(sku: string): Promise<Product> {
  const payload = { sku, name: `Product ${sku}`, priceCents: 1250 };
  const response = await app.inject({ method: "POST", url, payload });
  assert.equal(response.statusCode, 201);
  assert.equal(response.headers.location, `${url}/${response.json().id}`);
  return response.json();
}

function change(method: "PUT" | "DELETE", product: Product, headers: Record<string, string>) {
  const { sku, name } = product;
  return app.inject({
    method,
    url: `${url}/${product.id}`,
    headers,
    ...(method === "PUT" ? { payload: { sku, name, priceCents: 999 } } : {}),
  });
}

test("a product is created, read, changed and deleted", async () => {
  const product = await create("BOOK-1");
  const read = await app.inject(`${url}/${product.id}`);
  assert.deepEqual(read.json(), product);
  assert.equal(read.headers.etag, '"1"');

  const changed = await change("PUT", product, { "if-match": '"1"' });
  assert.equal(changed.statusCode, 200);
  assert.equal(changed.headers.etag, '"2"');
  const expected = { ...product, priceCents: 999, version: 2 };
  assert.deepEqual((await app.inject(`${url}/${product.id}`)).json(), expected);

  assert.equal((await change("DELETE", product, { "if-match": '"2"' })).statusCode, 204);
  assert.equal((await app.inject(`${url}/${product.id}`)).statusCode, 404);
  assert.equal((await change("DELETE", product, { "if-match": '"2"' })).statusCode, 404);
});

test("a sku is taken once, also by a change", async () => {
  const taken = await create("BOOK-2");
  const other = await create("BOOK-3");
  const again = { sku: "BOOK-2", name: "Another", priceCents: 1 };
  assert.equal((await app.inject({ method: "POST", url, payload: again })).statusCode, 409);
  const stolen = await change("PUT", { ...other, sku: taken.sku }, { "if-match": '"1"' });
  assert.equal(stolen.statusCode, 409);
});

test("a change says which version it is meant for", async () => {
  const product = await create("BOOK-4");
  assert.equal((await change("PUT", product, {})).statusCode, 428);
  assert.equal((await change("PUT", product, { "if-match": '"7"' })).statusCode, 412);
  assert.equal((await change("PUT", product, { "if-match": 'w/"1"' })).statusCode, 412);
  assert.equal((await change("DELETE", product, {})).statusCode, 428);
  assert.equal((await change("DELETE", product, { "if-match": '"7"' })).statusCode, 412);
  const changed = await change("PUT", product, { "if-match": '"7", "1"' });
  assert.equal(changed.headers.etag, '"2"');
  assert.equal((await change("PUT", product, { "if-match": "*" })).statusCode, 200);
  assert.equal((await change("DELETE", product, { "if-match": "*" })).statusCode, 204);
  assert.equal((await change("DELETE", product, { "if-match": "*" })).statusCode, 404);
});

test("what the caller has is not sent again", async () => {
  const { id } = await create("BOOK-6");
  for (const method of ["GET", "HEAD"] as const) {
    const headers = { "if-none-match": 'W/"1"' };
    const same = await app.inject({ method, url: `${url}/${id}`, headers });
    assert.deepEqual([same.statusCode, same.body, same.headers.etag], [304, "", '"1"']);
    assert.equal(same.headers["content-length"], undefined);
  }
  const headers = { "if-none-match": '"7"' };
  assert.equal((await app.inject({ url: `${url}/${id}`, headers })).statusCode, 200);
});

test("of two changes at once one wins, the other is told", async () => {
  const product = await create("BOOK-5");
  const both = await Promise.all([1, 2].map(() => change("PUT", product, { "if-match": '"1"' })));
  assert.deepEqual(both.map(({ statusCode }) => statusCode).sort(), [200, 412]);
});

test("pages follow each other to the end", async () => {
  for (const sku of ["PAGE-1", "PAGE-2", "PAGE-3", "PAGE-4", "PAGE-5"]) await create(sku);
  const skus: string[] = [];
  let cursor: string | null = encodeCursor("PAGE-");
  let pages = 0;
  while (cursor !== null) {
    const page: ProductPage = (await app.inject({ url, query: { cursor, limit: "2" } })).json();
    skus.push(...page.items.map(({ sku }) => sku));
    cursor = page.nextCursor;
    pages += 1;
  }
  assert.deepEqual(skus, ["PAGE-1", "PAGE-2", "PAGE-3", "PAGE-4", "PAGE-5"]);
  assert.equal(pages, 3);
});

test("what no client may write is answered where it is stored", async () => {
  const id = "11111111-1111-1111-1111-111111111111";
  const stored = { id, sku: "a box", name: "", priceCents: 1, version: 1 };
  await execute(
    env.DATABASE_URL,
    `insert into products (id, sku, name, price_cents) values ('${id}', 'a box', '', 1)`,
  );
  assert.deepEqual((await app.inject(`${url}/${id}`)).json(), stored);
  const page: ProductPage = (await app.inject(url)).json();
  assert.ok(page.items.some((product) => product.id === id));
  const next = await app.inject({ url, query: { cursor: encodeCursor(stored.sku) } });
  assert.equal(next.statusCode, 200);
  assert.equal((await change("DELETE", stored, { "if-match": '"1"' })).statusCode, 204);
});

test("a cursor is text that a page may have given", async () => {
  assert.equal((await app.inject({ url, query: { cursor: "?" } })).statusCode, 400);
  const cursor = Buffer.from("\0").toString("base64url");
  assert.equal((await app.inject({ url, query: { cursor } })).statusCode, 200);
});

for (const query of [
  "limit=0x10",
  "limit=010",
  "limit=1e2",
  "limit=%205",
  "limit=",
  "limit=0",
  "limit=101",
  "limit=1&limit=2",
]) {
  test(`${query} is refused`, async () => {
    assert.equal((await app.inject(`${url}?${query}`)).statusCode, 400);
  });
}

for (const [name, payload] of Object.entries({
  "no name": { sku: "BOOK-9", name: " ", priceCents: 1 },
  "a space at the end": { sku: "BOOK-9", name: "Name ", priceCents: 1 },
  "a price below nothing": { sku: "BOOK-9", name: "Name", priceCents: -1 },
  "half a cent": { sku: "BOOK-9", name: "Name", priceCents: 0.5 },
  "a NUL": { sku: "BOOK-9", name: "Na\u0000me", priceCents: 1 },
  "a lower case sku": { sku: "book-9", name: "Name", priceCents: 1 },
})) {
  test(`${name} is refused`, async () => {
    const response = await app.inject({ method: "POST", url, payload });
    assert.equal(response.statusCode, 400);
    assert.equal(response.json().errors.length, 1);
  });
}
