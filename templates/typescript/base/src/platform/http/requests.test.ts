import assert from "node:assert/strict";
import { after, mock, test } from "node:test";
import type { FastifyInstance } from "fastify";
import { testEnvironment } from "../../testing/environment.ts";
import { buildApp } from "../app.ts";
import { loadConfig } from "../config.ts";
import { lightChild, log, output } from "../log.ts";

async function appWith(overrides: Record<string, string>, routes: (app: FastifyInstance) => void) {
  const app = await buildApp(await loadConfig(await testEnvironment(overrides)), [
    async (feature) => routes(feature),
  ]);
  after(() => app.close());
  return app;
}

/** The lines of the requests that `act` makes. */
async function linesOf(act: () => Promise<unknown>): Promise<Record<string, unknown>[]> {
  const { level } = log;
  const write = mock.method(output, "write", () => {});
  log.level = "info";
  await act();
  log.level = level;
  write.mock.restore();
  return write.mock.calls.map((call) => JSON.parse(String(call.arguments[0])));
}

test("a request is one line, with its trace and what its logger was given, but no credential", async () => {
  const app = await appWith({}, (feature) =>
    feature.get("/things/:id", async (request) => {
      request.log = request.log.child({ flag: "on", token: "hunter2" });
      return "";
    }),
  );
  const traceparent = `00-${"a".repeat(32)}-${"b".repeat(16)}-01`;
  const lines = await linesOf(() =>
    app.inject({ url: "/things/42?token=t", headers: { traceparent, "x-request-id": "r-1" } }),
  );
  assert.equal(lines.length, 1);
  const { time, duration_ms, "service.version": version, ...rest } = lines[0] ?? {};
  assert.match(String(time), /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
  assert.ok(Number(duration_ms) >= 0 && version);
  assert.deepEqual(rest, {
    level: "info",
    request_id: "r-1",
    trace_id: "a".repeat(32),
    span_id: "b".repeat(16),
    flag: "on",
    token: "***",
    "service.name": lines[0]?.["service.name"],
    "event.name": "http.request",
    "http.request.method": "GET",
    "http.route": "/things/:id",
    "http.response.status_code": 200,
    msg: "request",
  });
});

test("what a request's logger is given later may be a credential, too", async () => {
  const app = await appWith({}, (feature) => {
    feature.addHook("onRequest", async (request) => {
      (request.log as typeof log).setBindings({ token: "hunter2" });
    });
    feature.get("/", async (request) => {
      request.log = lightChild(request.log, { flag: "on" });
      return "";
    });
  });
  const [line] = await linesOf(() => app.inject("/"));
  assert.equal(line?.token, "***");
  assert.equal(line?.flag, "on");
});

test("what is thrown and no error is logged as one", async () => {
  const app = await appWith({}, (feature) =>
    feature.get("/", async () => {
      throw "a text";
    }),
  );
  const [line] = await linesOf(() => app.inject("/"));
  assert.equal(line?.level, "error");
  assert.match(JSON.stringify(line?.err), /'a text'/);
});

test("X-Forwarded-For of a proxy that is not trusted is warned of once", async () => {
  const headers = { "x-forwarded-for": "192.0.2.1" };
  for (const [proxies, warnings] of [
    ["0", 1],
    ["1", 0],
  ] as const) {
    const app = await appWith({ TRUSTED_PROXIES: proxies }, (feature) =>
      feature.get("/", async () => ""),
    );
    const lines = await linesOf(async () => {
      for (let i = 0; i < 3; i++) await app.inject({ url: "/", headers });
    });
    assert.equal(lines.filter((line) => line["event.name"] === "proxy.untrusted").length, warnings);
  }
});
