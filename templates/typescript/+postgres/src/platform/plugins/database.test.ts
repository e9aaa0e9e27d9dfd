import assert from "node:assert/strict";
import { test } from "node:test";
import type { FastifyInstance } from "fastify";
import { testEnvironment } from "../../testing/environment.ts";
import { buildApp } from "../app.ts";
import { loadConfig } from "../config.ts";

async function routes(app: FastifyInstance): Promise<void> {
  app.get("/one", async () => (await app.database.query("select 1 as one")).rows[0]);
}

test("with the database it is ready", async () => {
  const app = await buildApp(await loadConfig(await testEnvironment()), [routes]);
  assert.equal((await app.inject("/readyz")).statusCode, 200);
  assert.deepEqual((await app.inject("/one")).json(), { one: 1 });
  await app.close();
});

test("without the database it is alive, not ready, and answers 503", async () => {
  const env = await testEnvironment({ DATABASE_URL: "postgres://nobody@127.0.0.1:1/none" });
  const app = await buildApp(await loadConfig(env), [routes]);
  assert.equal((await app.inject("/livez")).statusCode, 200);
  assert.equal((await app.inject("/readyz")).statusCode, 503);
  const response = await app.inject("/one");
  assert.equal(response.statusCode, 503);
  assert.equal(response.headers["retry-after"], "1");
  await app.close();
});
