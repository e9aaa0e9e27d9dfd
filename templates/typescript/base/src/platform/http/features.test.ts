import assert from "node:assert/strict";
import { after, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import fastify from "fastify";
import { testEnvironment } from "../../testing/environment.ts";
import { buildApp } from "../app.ts";
import { loadConfig } from "../config.ts";
import { useProblems } from "./errors.ts";
import { refuseOverload } from "./features.ts";

function block(ms: number): void {
  const until = performance.now() + ms;
  while (performance.now() < until);
}

test("a service that took long to start is not overloaded", async () => {
  const config = await loadConfig(await testEnvironment());
  const app = await buildApp(config, [
    async (feature) => {
      block(1500);
      feature.get("/heavy", async () => "served");
    },
  ]);
  after(() => app.close());
  await app.listen({ port: 0 });
  const statuses: number[] = [];
  for (let i = 0; i < 10; i++) {
    statuses.push((await app.inject("/heavy")).statusCode);
    await sleep(100);
  }
  assert.deepEqual(new Set(statuses), new Set([200]));
});

test("work that is soon over is no overload, work that goes on is, until it ends", async () => {
  const app = fastify();
  after(() => app.close());
  useProblems(app);
  refuseOverload(app, { maxDelay: 200, sampleEvery: 200 });
  app.get("/", async () => "served");
  await app.listen({ port: 0 });
  const status = async () => (await app.inject("/")).statusCode;

  block(1000);
  await sleep(50);
  assert.equal(await status(), 200);

  for (let i = 0; i < 5; i++) {
    block(400);
    await sleep(1);
  }
  const refused = await app.inject("/");
  assert.equal(refused.statusCode, 503);
  assert.equal(refused.headers["retry-after"], "10");
  assert.equal(refused.json().detail, "The service is overloaded.");

  while ((await status()) !== 200) await sleep(100);
});
