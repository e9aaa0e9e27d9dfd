import assert from "node:assert/strict";
import { test } from "node:test";
import type { FastifyInstance } from "fastify";
import { testEnvironment } from "../../testing/environment.ts";
import { buildApp } from "../app.ts";
import { loadConfig } from "../config.ts";

async function routes(app: FastifyInstance): Promise<void> {
  app.get("/one", async () => (await app.database.query("select 1 as one")).rows[0]);
  app.get("/error/:state", async ({ params }) => {
    const { state } = params as { state: string };
    await app.database.query(`do $$ begin raise exception using errcode = '${state}'; end $$`);
  });
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

test("requests that use every connection do not make it unready", async () => {
  const env = await testEnvironment({ DATABASE_POOL_MAX: "2" });
  const app = await buildApp(await loadConfig(env), [routes]);
  const held = [await app.database.connect(), await app.database.connect()];
  const waiting = app.inject("/one");
  assert.equal((await app.inject("/readyz")).statusCode, 200);
  const { body } = await app.inject("/metrics");
  assert.match(body, /^database_pool_open 2$/m);
  assert.match(body, /^database_pool_waiting 1$/m);
  const refused = await waiting;
  assert.equal(refused.statusCode, 503);
  assert.equal(refused.headers["retry-after"], "1");
  for (const client of held) client.release();
  assert.equal((await app.inject("/one")).statusCode, 200);
  await app.close();
});

test("what took too long or was in the way of others is 503, to be tried again", async () => {
  const app = await buildApp(await loadConfig(await testEnvironment()), [routes]);
  for (const state of ["57014", "55P03", "40P01", "40001"]) {
    const response = await app.inject(`/error/${state}`);
    assert.equal(response.statusCode, 503);
    assert.equal(response.headers["retry-after"], "1");
  }
  assert.equal((await app.inject("/error/22012")).statusCode, 500);
  await app.close();
});
