import assert from "node:assert/strict";
import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { type TestContext, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import { testEnvironment } from "../../testing/environment.ts";
import { buildApp } from "../app.ts";
import { loadConfig } from "../config.ts";

async function appWithCache(t: TestContext, url?: string) {
  const env = await testEnvironment(url === undefined ? {} : { REDIS_URL: url });
  const app = await buildApp(await loadConfig(env), []);
  t.after(() => app.close());
  return app;
}

const Value = z.object({ n: z.number() });

const noRedis = process.env.REDIS_URL ? false : "needs a REDIS_URL";

test("what is kept is read; filling leaves what a writer kept", { skip: noRedis }, async (t) => {
  const { cache } = await appWithCache(t);
  const key = `test:${process.pid}:${Date.now()}`;
  // A busy machine may miss the time limit of a command, which is a miss and no error.
  const kept = async (n: number, change: () => Promise<void>) => {
    for (let i = 0; i < 50 && (await cache.read(key, Value))?.n !== n; i++) {
      await change();
      await sleep(100);
    }
    assert.deepEqual(await cache.read(key, Value), { n });
  };
  await kept(1, () => cache.write(key, { n: 1 }));
  await cache.fill(key, { n: 0 });
  await kept(1, () => cache.fill(key, { n: 0 }));
  await kept(2, () => cache.write(key, { n: 2 }));
  await cache.write(key, "a value of another version");
  assert.equal(await cache.read(key, Value), undefined);
});

test("without Redis reads miss, writes do nothing, and it stays alive", async (t) => {
  const app = await appWithCache(t, "redis://127.0.0.1:1");
  await app.cache.write("key", { n: 1 });
  assert.equal(await app.cache.read("key", Value), undefined);
  assert.equal((await app.inject("/livez")).statusCode, 200);
});

test("a Redis that hangs costs a moment once, not every time", async (t) => {
  const silent = createServer((socket) => socket.resume()).listen(0, "127.0.0.1");
  t.after(() => silent.close());
  await once(silent, "listening");
  const app = await appWithCache(t, `redis://127.0.0.1:${(silent.address() as AddressInfo).port}`);
  await sleep(50);
  const begun = Date.now();
  for (let i = 0; i < 20; i++) assert.equal(await app.cache.read("key", Value), undefined);
  assert.ok(Date.now() - begun < 1500);
});
