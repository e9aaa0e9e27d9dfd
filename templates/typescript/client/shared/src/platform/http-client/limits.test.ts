import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { failsBy, flakyClient } from "../../testing/flaky-client.ts";
import { type Answer, reset, status } from "../../testing/flaky-server.ts";

const { server, setup } = await flakyClient();

test("the circuit opens, makes no calls, tries one, and closes when that works", async () => {
  const { call, calls, metrics } = setup([status(500)], { failuresToOpen: 3, openForMs: 200 });
  const state = async () => /circuit_state\{server="stock"\} (\d)/.exec(await metrics())?.[1];
  for (let i = 0; i < 3; i++) await assert.rejects(call(), failsBy("server_error"));
  for (let i = 0; i < 5; i++) await assert.rejects(call(), failsBy("circuit_open"));
  assert.equal(calls(), 3);
  assert.equal(await state(), "1");
  assert.match(await metrics(), /rejections_total\{server="stock",error_type="circuit_open"\} 5/);

  await sleep(220);
  await assert.rejects(call(), failsBy("server_error"));
  await assert.rejects(call(), failsBy("circuit_open"));
  assert.equal(calls(), 4);

  server.answer(status(200));
  await sleep(220);
  for (let i = 0; i < 3; i++) await call();
  assert.equal(calls(), 7);
  assert.equal(await state(), "0");
});

test("a trial call that was given up does not close the circuit", async () => {
  const caller = new AbortController();
  const settings = { failuresToOpen: 1, openForMs: 200, retries: 0 };
  const { call, calls } = setup([reset, () => caller.abort()], settings);
  await assert.rejects(call(), failsBy("network"));
  await sleep(220);
  await assert.rejects(call({ signal: caller.signal }), { name: "AbortError" });
  await assert.rejects(call(), failsBy("circuit_open"));
  assert.equal(calls(), 2);
});

test("4xx never opens the circuit", async () => {
  const { call, calls } = setup([status(404)], { failuresToOpen: 2 });
  for (let i = 0; i < 5; i++) await call();
  assert.equal(calls(), 5);
});

test("an open circuit ends the retries", async () => {
  const { call, calls, metrics } = setup([status(503)], { failuresToOpen: 1, retries: 5 });
  await assert.rejects(call(), failsBy("circuit_open"));
  assert.equal(calls(), 1);
  assert.match(await metrics(), /http_client_retries_total\{server="stock"\} 1/);
});

test("what exceeds places and queue is refused at once, and not retried", async () => {
  let busy = 0;
  let busiest = 0;
  const slow: Answer = async (request, response) => {
    busiest = Math.max(busiest, ++busy);
    await sleep(40);
    busy -= 1;
    status(200)(request, response);
  };
  const { call, calls, metrics } = setup([slow], { concurrency: 2, queue: 1 });
  const results = await Promise.allSettled(Array.from({ length: 6 }, () => call()));
  const refused = results.filter((result) => result.status === "rejected");
  assert.equal(refused.length, 3);
  assert.ok(refused.every(({ reason }) => failsBy("bulkhead_full")(reason)));
  assert.equal(calls(), 3);
  assert.equal(busiest, 2);
  assert.match(await metrics(), /rejections_total\{server="stock",error_type="bulkhead_full"\} 3/);
  assert.doesNotMatch(await metrics(), /http_client_retries_total\{/);
});
