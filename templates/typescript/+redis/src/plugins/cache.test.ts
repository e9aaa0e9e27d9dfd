import assert from "node:assert/strict";
import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import { buildApp } from "../platform/app.ts";
import { loadConfig } from "../platform/config.ts";
import { testEnvironment } from "../testing/environment.ts";

async function appWithCache(url: string | undefined) {
  const env = await testEnvironment(url === undefined ? {} : { REDIS_URL: url });
  return buildApp(await loadConfig(env), []);
}

const Value = z.object({ n: z.number() });

const noRedis = process.env.REDIS_URL ? false : "needs a REDIS_URL";

test("what is kept is read; what a writer kept is not filled over", { skip: noRedis }, async () => {
  const app = await appWithCache(undefined);
  const key = `test:${process.pid}:${Date.now()}`;
  for (let i = 0; i < 50 && (await app.cache.read(key, Value)) === undefined; i++) {
    await app.cache.write(key, { n: 1 });
    await sleep(100);
  }
  assert.deepEqual(await app.cache.read(key, Value), { n: 1 });
  await app.cache.fill(key, { n: 0 });
  assert.deepEqual(await app.cache.read(key, Value), { n: 1 });
  await app.cache.write(key, { n: 2 });
  assert.deepEqual(await app.cache.read(key, Value), { n: 2 });
  await app.cache.write(key, "a value of another version");
  assert.equal(await app.cache.read(key, Value), undefined);
  await app.close();
});

test("without Redis reads miss, writes do nothing, and it stays alive", async () => {
  const app = await appWithCache("redis://127.0.0.1:1");
  await app.cache.write("key", { n: 1 });
  assert.equal(await app.cache.read("key", Value), undefined);
  assert.equal((await app.inject("/livez")).statusCode, 200);
  await app.close();
});

test("a Redis that hangs costs a moment once, not every time", async () => {
  const silent = createServer(() => undefined).listen(0, "127.0.0.1");
  await once(silent, "listening");
  const app = await appWithCache(`redis://127.0.0.1:${(silent.address() as AddressInfo).port}`);
  await sleep(50);
  const begun = Date.now();
  for (let i = 0; i < 20; i++) assert.equal(await app.cache.read("key", Value), undefined);
  assert.ok(Date.now() - begun < 500);
  await app.close();
  silent.close();
});
