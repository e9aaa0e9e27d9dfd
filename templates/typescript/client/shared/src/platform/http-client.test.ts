import assert from "node:assert/strict";
import { test } from "node:test";
import { z } from "zod";
import { failsBy, flakyClient } from "../testing/flaky-client.ts";
import { type Answer, hang, reset, status } from "../testing/flaky-server.ts";

const { server, setup } = await flakyClient();

async function milliseconds(work: () => Promise<unknown>): Promise<number> {
  const begun = performance.now();
  await work();
  return performance.now() - begun;
}

test("a call that works is one call, below the base URL", async () => {
  const { call, calls } = setup([status(200)]);
  const response = await call({ query: { q: "a b", page: 2, sort: undefined } });
  assert.deepEqual(response.json(z.object({ status: z.string() })), { status: "ok" });
  assert.equal(calls(), 1);
  assert.equal(server.calls.at(-1)?.url, "/v1/items?q=a+b&page=2");
});

test("503 is retried for GET until it works", async () => {
  const { call, calls, metrics } = setup([status(503), status(503), status(200)]);
  assert.equal((await call()).status, 200);
  assert.equal(calls(), 3);
  assert.match(await metrics(), /http_client_retries_total\{server="stock"\} 2/);
});

test("503 for good is retried as often as the settings say", async () => {
  const { call, calls } = setup([status(503)], { retries: 1 });
  await assert.rejects(call(), failsBy("server_error"));
  assert.equal(calls(), 2);
});

for (const [request, expected] of [
  [{ method: "POST", body: {} }, 1],
  [{ method: "POST", body: {}, idempotent: true }, 1],
  [{ method: "PATCH", body: {}, idempotent: true }, 1],
  [{ method: "PUT", body: {} }, 1],
  [{ method: "PUT", body: {}, idempotent: true }, 3],
  [{ method: "DELETE" }, 1],
  [{ method: "DELETE", idempotent: true }, 3],
] as const) {
  const { method, idempotent } = { idempotent: false, ...request };
  test(`503 for ${method}${idempotent ? " that is idempotent" : ""}: ${expected} call(s)`, async () => {
    const { call, calls } = setup([status(503)]);
    await assert.rejects(call(request), failsBy("server_error"));
    assert.equal(calls(), expected);
  });
}

test("an answer below 500 is an answer: 404 and a redirect are neither retried nor followed", async () => {
  for (const [code, headers] of [
    [404, {}],
    [302, { location: "/elsewhere" }],
  ] as const) {
    const { call, calls } = setup([status(code, headers)]);
    const response = await call();
    assert.equal(response.status, code);
    assert.throws(() => response.json(z.unknown()), failsBy("invalid_response"));
    assert.equal(calls(), 1);
  }
});

test("500 is not retried: it may have done something", async () => {
  const { call, calls } = setup([status(500)]);
  await assert.rejects(call(), failsBy("server_error"));
  assert.equal(calls(), 1);
});

test("each attempt has its timeout, headers or not", async () => {
  const half: Answer = (_request, response) => response.write("{");
  for (const answer of [hang, half]) {
    const { call, calls, metrics } = setup([answer], { timeoutMs: 100, retries: 1 });
    const took = await milliseconds(() => assert.rejects(call(), failsBy("timeout")));
    assert.ok(took >= 195 && took < 1500, String(took));
    assert.equal(calls(), 2);
    assert.match(await metrics(), /_count\{server="stock",.*error_type="timeout"\} 2/);
  }
});

test("a broken connection is retried for GET, not for POST", async () => {
  const { call, calls } = setup([reset, status(200)]);
  assert.equal((await call()).status, 200);
  assert.equal(calls(), 2);
  const other = setup([reset]);
  await assert.rejects(other.call({ method: "POST" }), failsBy("network"));
  assert.equal(other.calls(), 1);
});

test("Retry-After is waited for, in seconds and as a date, as long as it is reasonable", async () => {
  const inAnHour = new Date(Date.now() + 3_600_000).toUTCString();
  for (const [value, longestRetryAfterMs, atLeast] of [
    ["1", 5000, 1000],
    ["3600", 50, 50],
    [inAnHour, 50, 50],
  ] as const) {
    const answers = [status(429, { "retry-after": value }), status(200)] as [Answer, Answer];
    const { call, calls } = setup(answers, { longestRetryAfterMs });
    assert.ok((await milliseconds(call)) >= atLeast - 2);
    assert.equal(calls(), 2);
  }
});

test("a caller who gives up ends the retries", async () => {
  const caller = new AbortController();
  const { call, calls } = setup([() => caller.abort()]);
  for (let i = 0; i < 2; i++) {
    await assert.rejects(call({ signal: caller.signal }), { name: "AbortError" });
  }
  assert.equal(calls(), 1);
});

test("a body is read up to the limit, and does not get into messages", async () => {
  const { call, calls } = setup([status(200, {}, '{"pin":"s3cret"}')], { bodyLimitBytes: 16 });
  const response = await call();
  assert.throws(
    () => response.json(z.object({ pin: z.number() })),
    (error: Error) => failsBy("invalid_response")(error) && !error.message.includes("s3cret"),
  );
  server.answer(status(200, {}, "x".repeat(17)));
  await assert.rejects(call(), failsBy("invalid_response"));
  assert.equal(calls(), 2);
});
