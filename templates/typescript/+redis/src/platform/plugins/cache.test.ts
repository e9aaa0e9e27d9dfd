import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { type TestContext, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import type { FastifyInstance } from "fastify";
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

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

const Value = z.object({ n: z.number() });

const noRedis = process.env.REDIS_URL ? false : "needs a REDIS_URL";
const noServer = spawnSync("redis-server", ["--version"]).error ? "needs redis-server" : false;

/** A busy machine may miss the time limit of a command, which is a miss and no error. */
async function kept({ cache }: FastifyInstance, key: string, n: number): Promise<void> {
  for (let i = 0; i < 100 && (await cache.read(key, Value))?.n !== n; i++) {
    await cache.fill(key, { n });
    await sleep(50);
  }
  assert.deepEqual(await cache.read(key, Value), { n });
}

test("what is kept is read until it changes, and counted", { skip: noRedis }, async (t) => {
  const app = await appWithCache(t);
  const key = `test:${process.pid}:${Date.now()}`;
  await kept(app, key, 1);
  await app.cache.change(key);
  assert.equal(await app.cache.read(key, Value), undefined);
  const { body } = await app.inject("/metrics");
  assert.match(body, /^cache_hits_total [1-9]/m);
  assert.match(body, /^cache_misses_total [1-9]/m);
  assert.match(body, /^cache_failures_total \d/m);
});

test("nobody reads what changed while Redis was frozen", { skip: noServer }, async (t) => {
  const port = await freePort();
  const redis = spawn("redis-server", ["--port", String(port), "--save", ""], { stdio: "ignore" });
  t.after(() => redis.kill("SIGKILL"));
  const url = `redis://127.0.0.1:${port}`;
  const [writer, reader] = [await appWithCache(t, url), await appWithCache(t, url)];
  const keys = ["a", "b", "c"];
  for (const key of keys) {
    await kept(writer, key, 1);
    await kept(reader, key, 1);
  }
  redis.kill("SIGSTOP");
  for (const key of keys) {
    await reader.cache.read(key, Value);
    await writer.cache.change(key);
  }
  redis.kill("SIGCONT");
  for (const until = Date.now() + 2500; Date.now() < until; await sleep(5)) {
    for (const { cache } of [reader, writer]) {
      for (const key of keys) assert.equal(await cache.read(key, Value), undefined);
    }
  }
  await kept(reader, "d", 1);
});

test("without Redis reads miss, writes do nothing, and it stays alive", async (t) => {
  const app = await appWithCache(t, "redis://127.0.0.1:1");
  await app.cache.change("key");
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
