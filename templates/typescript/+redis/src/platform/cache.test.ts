import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import { Cache } from "./cache.ts";

const Value = z.object({ n: z.number() });

/** A store in memory that several caches share, and that can be away. */
function setup() {
  const texts = new Map<string, string>();
  let away = false;
  const at = <T>(work: () => T) =>
    away ? Promise.reject(new Error("away")) : Promise.resolve(work());
  const store = {
    get: (key: string) => at(() => texts.get(key) ?? null),
    set: (key: string, text: string) => at(() => texts.set(key, text)),
    add: (key: string, text: string) => at(() => texts.has(key) || texts.set(key, text)),
  };
  return {
    texts,
    connect: () => new Cache(store),
    leave: () => {
      away = true;
    },
    comeBack: () => {
      away = false;
    },
  };
}

test("what is filled is read, unless something is kept or it changed since", async () => {
  const cache = setup().connect();
  assert.equal(await cache.read("a", Value), undefined);
  await cache.fill("a", { n: 1 });
  await cache.fill("a", { n: 0 });
  assert.deepEqual(await cache.read("a", Value), { n: 1 });
  await cache.change("a");
  await cache.fill("a", { n: 1 });
  assert.equal(await cache.read("a", Value), undefined);
  assert.deepEqual(cache.counts, { hits: 1, misses: 2, failures: 0 });
});

test("an entry that is no JSON, or of another shape, is none, and does not stay", async () => {
  const { texts, connect } = setup();
  const cache = connect();
  await cache.fill("a", { n: 1 });
  const [key = ""] = texts.keys();
  for (const text of ["{", "changed", "", "null", '{"n":"1"}', "[]"]) {
    texts.set(key, text);
    assert.equal(await cache.read("a", Value), undefined);
    assert.equal(texts.get(key), "changed");
  }
});

test("a change while the store is away is told before it is read again", async () => {
  const { connect, leave, comeBack } = setup();
  const cache = connect();
  await cache.fill("a", { n: 1 });
  await cache.fill("b", { n: 1 });
  leave();
  await cache.change("a");
  await cache.change("b");
  comeBack();
  assert.equal(await cache.read("b", Value), undefined);
  await cache.fill("c", { n: 1 });
  for (let i = 0; i < 100 && !(await cache.read("c", Value)); i++) {
    assert.equal(await cache.read("a", Value), undefined);
    await cache.fill("c", { n: 1 });
    await sleep(50);
  }
  assert.deepEqual(await cache.read("c", Value), { n: 1 });
  for (const other of [cache, connect()]) {
    assert.equal(await other.read("a", Value), undefined);
    assert.equal(await other.read("b", Value), undefined);
  }
});
