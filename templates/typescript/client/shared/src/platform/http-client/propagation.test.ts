import assert from "node:assert/strict";
import { test } from "node:test";
import type { FastifyInstance } from "fastify";
import { testEnvironment } from "../../testing/environment.ts";
import { flakyServer } from "../../testing/flaky-server.ts";
import { buildApp } from "../app.ts";
import { type Environment, loadConfig } from "../config.ts";
import { createHttpClient } from "../http-client.ts";

const server = await flakyServer();
const trace = "4bf92f3577b34da6a3ce929d0e0e4736";
const traceparent = `00-${trace}-00f067aa0ba902b7-01`;

async function routes(app: FastifyInstance): Promise<void> {
  const client = createHttpClient({
    name: "stock",
    baseUrl: server.url,
    settings: { timeoutMs: 1000 },
    registry: app.metrics,
  });
  app.post("/ask", async () => (await client.request({ method: "GET", path: "/called" })).status);
}

/** The headers of the call that a request with these headers leads to. */
async function outgoing(headers: Record<string, string>, overrides: Environment = {}) {
  const app = await buildApp(await loadConfig(await testEnvironment(overrides)), [routes]);
  const response = await app.inject({ method: "POST", url: "/ask", headers, payload: { a: 1 } });
  await app.close();
  assert.equal(response.body, "200");
  return server.calls.findLast(({ url }) => url === "/called")?.headers ?? {};
}

test("the id of the request and the trace of its caller go on", async () => {
  const headers = { traceparent, tracestate: "a=b", "x-request-id": "request-1" };
  const { traceparent: sent, tracestate, "x-request-id": id } = await outgoing(headers);
  assert.deepEqual([sent, tracestate, id], [traceparent, "a=b", "request-1"]);
});

test("what is no trace does not go on", async () => {
  const headers = await outgoing({ traceparent: "00-0-0-00", tracestate: "a=b" });
  assert.equal(headers.traceparent, undefined);
  assert.equal(headers.tracestate, undefined);
  assert.match(String(headers["x-request-id"]), /^[0-9a-f-]{36}$/);
});

// The last one: what OpenTelemetry registers stays for the rest of the process.
test("where requests are traced, the span of the request is the parent of the call", async () => {
  const headers = await outgoing({ traceparent }, { OTEL_EXPORTER_OTLP_ENDPOINT: server.url });
  assert.match(String(headers.traceparent), new RegExp(`^00-${trace}-[0-9a-f]{16}-01$`));
  assert.notEqual(headers.traceparent, traceparent);
  assert.ok(server.calls.some(({ url }) => url === "/v1/traces"));
});
