import assert from "node:assert/strict";
import { test } from "node:test";
import { Cache } from "../../platform/cache.ts";
import { HttpProblem } from "../../platform/http-problem.ts";
import { cachedStore } from "./cached-store.ts";
import type { Product } from "./schemas.ts";
import type { ProductStore } from "./store.ts";

const id = "0b0e6c1e-9d0b-4b0c-8d3c-6f6f4a0f6c11";
const product: Product = { id, sku: "A-1", name: "First", priceCents: 100, version: 1 };

/** A store of one product that counts how often it is read, and a cache in memory. */
function setup() {
  const rows = new Map([[id, product]]);
  const kept = new Map<string, string>();
  const asked = { count: 0 };
  const store: ProductStore = {
    create: async () => product,
    list: async () => [...rows.values()],
    find: async (key) => {
      asked.count += 1;
      return rows.get(key.toLowerCase());
    },
    update: async (key, _versions, input) => {
      rows.set(id, { ...input, id, version: product.version + 1 });
      return rows.get(key.toLowerCase());
    },
    remove: async (key) => {
      const removed = rows.get(key);
      rows.delete(key);
      return removed;
    },
  };
  const memory = {
    get: async (key: string) => kept.get(key) ?? null,
    set: async (key: string, value: string) => kept.set(key, value),
    add: async (key: string, value: string) => kept.has(key) || kept.set(key, value),
  };
  return { asked, store, products: cachedStore(store, new Cache(memory)) };
}

test("a second read does not ask the database", async () => {
  const { asked, products } = setup();
  assert.deepEqual(await products.find(id), product);
  assert.deepEqual(await products.find(id), product);
  assert.equal(asked.count, 1);
});

test("another way to write the id leads to the same entry", async () => {
  const { asked, products } = setup();
  await products.find(id);
  assert.deepEqual(await products.find(id.toUpperCase()), product);
  assert.equal(asked.count, 1);
  await products.update(id.toUpperCase(), [1], { ...product, name: "Second" });
  assert.equal((await products.find(id))?.name, "Second");
});

test("a change is read at once", async () => {
  const { products } = setup();
  await products.find(id);
  await products.update(id, [1], { ...product, name: "Second" });
  assert.equal((await products.find(id))?.name, "Second");
});

test("what is gone is gone from the cache as well", async () => {
  const { products } = setup();
  await products.find(id);
  await products.remove(id, [1]);
  assert.equal(await products.find(id), undefined);
});

test("a read that a change overtook does not bring the old value back", async () => {
  const { store, products } = setup();
  const find = store.find;
  store.find = async (key) => {
    const old = await find(key);
    await products.update(id, [1], { ...product, name: "Second" });
    return old;
  };
  await products.find(id);
  assert.equal((await products.find(id))?.name, "Second");
});

test("a change of which nobody knows what became is read at once", async () => {
  const { store, products } = setup();
  await products.find(id);
  const update = store.update;
  store.update = async (...change) => {
    await update(...change);
    throw new Error("the connection is lost");
  };
  await assert.rejects(products.update(id, [1], { ...product, name: "Second" }));
  assert.equal((await products.find(id))?.name, "Second");
});

test("a change that is refused leaves the entry", async () => {
  const { asked, store, products } = setup();
  await products.find(id);
  store.update = async () => {
    throw new HttpProblem(409, { detail: "A product with this sku exists." });
  };
  await assert.rejects(products.update(id, [1], product));
  assert.deepEqual(await products.find(id), product);
  assert.equal(asked.count, 1);
});

test("without the cache every read asks the database", async () => {
  const { asked, store } = setup();
  const away = async () => {
    throw new Error("away");
  };
  const products = cachedStore(store, new Cache({ get: away, set: away, add: away }));
  await products.find(id);
  assert.deepEqual(await products.find(id), product);
  assert.equal(asked.count, 2);
});
