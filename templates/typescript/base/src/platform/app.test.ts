import assert from "node:assert/strict";
import { once } from "node:events";
import { type AddressInfo, connect } from "node:net";
import { after, before, describe, test } from "node:test";
import { gzipSync } from "node:zlib";
import type { FastifyInstance, InjectOptions } from "fastify";
import type { FastifyPluginAsyncZod } from "fastify-type-provider-zod";
import { z } from "zod";
import { testEnvironment } from "../testing/environment.ts";
import { buildApp } from "./app.ts";
import { loadConfig } from "./config.ts";

const feature: FastifyPluginAsyncZod = async (app) => {
  app.post("/echo", { schema: { body: z.object({ word: z.string() }) } }, async ({ body }) => body);
  const note = z.object({ word: z.string() }).nullish();
  app.post("/note", { schema: { body: note } }, async ({ body }) => body ?? {});
  app.get("/words/:word", async () => ({}));
  app.get("/broken", async () => {
    throw new Error("the reason is nobody's business");
  });
  app.get("/throws/null", async () => {
    throw null;
  });
  app.get("/throws/text", async () => {
    throw "the reason is nobody's business";
  });
};

let app: FastifyInstance;
before(async () => {
  const env = await testEnvironment({ BODY_LIMIT_BYTES: "1000", RATE_LIMIT_PER_MINUTE: "20" });
  app = await buildApp(await loadConfig(env), [feature]);
});
after(() => app.close());

describe("errors are problem details", () => {
  const json = { "content-type": "application/json" };
  const post = (payload: Buffer | string, type = "application/json", coding?: string) => {
    const headers = { "content-type": type, ...(coding ? { "content-encoding": coding } : {}) };
    return { method: "POST" as const, url: "/echo", payload, headers };
  };
  const cases: [string, InjectOptions, number][] = [
    ["unknown path", { url: "/nowhere" }, 404],
    ["malformed path", { url: "/%zz" }, 400],
    ["unknown method", { method: "PUT", url: "/echo", payload: "?", headers: json }, 405],
    ["malformed JSON", { method: "POST", url: "/echo", payload: "{", headers: json }, 400],
    ["wrong shape", { method: "POST", url: "/echo", payload: { word: 1 } }, 400],
    ["too large", { method: "POST", url: "/echo", payload: { word: "w".repeat(1000) } }, 413],
    ["another type", post("a", "a/b"), 415],
    ["plain text", post("a", "text/plain"), 415],
    ["a packed body", post(gzipSync('{"word":"a"}'), "application/json", "gzip"), 415],
    ["a body that is not UTF-8", post(Buffer.from('{"word":"\xff"}', "latin1")), 400],
    ["half a character", post('{"word":"\\\\ \\uDBFF"}'), 400],
    ["a charset that is not UTF-8", post('{"word":"a"}', "application/json; charset=UTF-16"), 415],
    ["a slash at the end", { url: "/broken/?a=b" }, 404],
    ["a slash in place of a parameter", { url: "/words/" }, 404],
    ["a bug", { url: "/broken" }, 500],
    ["null that was thrown", { url: "/throws/null" }, 500],
    ["a text that was thrown", { url: "/throws/text" }, 500],
  ];
  for (const [name, request, status] of cases) {
    test(`${name}: ${status}`, async () => {
      const response = await app.inject(request);
      assert.equal(response.statusCode, status);
      assert.equal(response.headers["content-type"], "application/problem+json");
      const problem = response.json();
      assert.equal(problem.status, status);
      assert.equal(problem.request_id, response.headers["x-request-id"]);
      assert.doesNotMatch(response.body, /nobody's business|node_modules|at async/);
    });
  }

  test("404 says where to look", async () => {
    for (const url of ["/", "/nowhere/"]) {
      const { detail } = (await app.inject(url)).json();
      assert.equal(detail, "/openapi.json has every path of this service.");
    }
  });

  test("405 says what is allowed", async () => {
    const response = await app.inject({ method: "DELETE", url: "/version" });
    assert.equal(response.headers.allow, "GET, HEAD");
  });
});

test("a well-formed request id is echoed, another replaced", async () => {
  const id = async (given: string) =>
    (await app.inject({ url: "/livez", headers: { "x-request-id": given } })).headers[
      "x-request-id"
    ];
  assert.equal(await id("abc-1"), "abc-1");
  assert.match(String(await id("a b")), /^[0-9a-f-]{36}$/);
});

test("the description has every route", async () => {
  const { paths } = (await app.inject("/openapi.json")).json();
  const described = Object.entries(paths).flatMap(([path, operations]) =>
    Object.keys(operations as object).map((method) => `${method} ${path}`),
  );
  assert.deepEqual(described.sort(), [
    "get /broken",
    "get /health/live",
    "get /health/ready",
    "get /healthz",
    "get /livez",
    "get /metrics",
    "get /openapi.json",
    "get /readyz",
    "get /throws/null",
    "get /throws/text",
    "get /version",
    "get /words/{word}",
    "post /echo",
    "post /note",
  ]);
});

test("a body is required, unless it may be left out", async () => {
  const { paths } = (await app.inject("/openapi.json")).json();
  assert.equal(paths["/echo"].post.requestBody.required, true);
  assert.equal(paths["/note"].post.requestBody.required, false);
  assert.equal((await app.inject({ method: "POST", url: "/note" })).statusCode, 200);
});

test("what Node would refuse without a word is a problem, too", async () => {
  await app.listen({ port: 0, host: "127.0.0.1" });
  const { port } = app.server.address() as AddressInfo;
  const status = async (version: string, ...headers: string[]) => {
    const socket = connect(port, "127.0.0.1");
    const lines = [`GET /livez HTTP/${version}`, ...headers, "Connection: close", "", ""];
    socket.write(lines.join("\r\n"));
    const [answer] = await once(socket.setEncoding("utf8"), "data");
    const isProblem = answer.includes("application/problem+json");
    return { status: Number(answer.split(" ")[1]), isProblem };
  };
  // A proxy may have believed the other host.
  assert.deepEqual(await status("1.1", "Host: a", "Host: b"), { status: 400, isProblem: true });
  assert.deepEqual(await status("1.1"), { status: 400, isProblem: true });
  assert.deepEqual(await status("1.0"), { status: 200, isProblem: false });
  const expecting = await status("1.1", "Host: a", "Expect: the-impossible");
  assert.deepEqual(expecting, { status: 417, isProblem: true });
});

test("what says how it is encoded in the usual words is read", async () => {
  for (const charset of ["utf-8", '"UTF-8"']) {
    const headers = { "content-type": `application/json; charset=${charset}` };
    const payload = '{"word":"\\ud83d\\ude00 \\\\ud800"}';
    const response = await app.inject({ method: "POST", url: "/echo", payload, headers });
    assert.deepEqual(response.json(), { word: "\u{1f600} \\ud800" });
  }
});

test("the description is JSON, the metrics are text, and it says so", async () => {
  for (const [url, type] of [
    ["/openapi.json", "application/json"],
    ["/metrics", "text/plain"],
  ] as const) {
    const { headers } = await app.inject(url);
    assert.equal(String(headers["content-type"]).split(";")[0], type);
    const { paths } = (await app.inject("/openapi.json")).json();
    assert.deepEqual(Object.keys(paths[url].get.responses[200].content), [type]);
  }
});

test("every operation is named once, and has its failures", async () => {
  const { paths } = (await app.inject("/openapi.json")).json();
  assert.equal(paths["/health/live"].get.operationId, "getHealthLive");
  const failures = Object.keys(paths["/echo"].post.responses).filter((status) => status > "4");
  const expected = ["400", "408", "413", "415", "429", "431", "500", "503", "default"];
  assert.deepEqual(failures, expected);
});

test("requests are measured by route, not by path", async () => {
  await app.inject("/nowhere/42");
  const { body } = await app.inject("/metrics");
  assert.match(body, /http_server_request_duration_seconds_count\{.*http_route="unmatched"/);
  assert.doesNotMatch(body, /nowhere/);
});

test("too many requests are refused, probes are not", async () => {
  const statuses: number[] = [];
  for (let i = 0; i < 25; i++) statuses.push((await app.inject("/broken")).statusCode);
  assert.equal(statuses.at(-1), 429);
  assert.equal((await app.inject("/livez")).statusCode, 200);
});
