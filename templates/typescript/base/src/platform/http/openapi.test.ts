import assert from "node:assert/strict";
import { test } from "node:test";
import { complete, type Description } from "./openapi.ts";

function describe(paths: object): Description["paths"] {
  const description = { paths, components: {} } as Description;
  complete(description);
  return description.paths;
}

const ok = () => ({ responses: { 200: { description: "Default Response" } } });

test("operations are named by method and path, each name once, and keep a name of their own", () => {
  const paths = describe({
    "/orders/{orderId}/items": { post: ok() },
    "/a-b": { get: ok(), delete: { ...ok(), operationId: "forget" } },
    "/a/b": { get: ok() },
    "/a/b2": { get: { ...ok(), operationId: "getAB2" } },
    "/": { get: ok() },
  });
  const names = Object.values(paths).flatMap((methods) =>
    Object.values(methods).map(({ operationId }) => operationId),
  );
  assert.deepEqual(names, [
    "postOrdersByOrderIdItems",
    "getAB",
    "forget",
    "getAB3",
    "getAB2",
    "get",
  ]);
});

test("failures follow from what a route has", () => {
  const schema = { type: "string" };
  const parameters = [
    { in: "path", name: "id", required: true, schema },
    { in: "header", name: "if-match", required: false, schema },
  ];
  const requestBody = { content: { "application/json": { schema } } };
  const paths = describe({
    "/probe": { get: { ...ok(), tags: ["operations"] } },
    "/things/{id}": { put: { ...ok(), parameters, requestBody } },
  });
  const statuses = (path: string, method: string) =>
    Object.keys(paths[path]?.[method]?.responses ?? {}).join(" ");
  assert.equal(statuses("/probe", "get"), "200 400 408 431 500 default");
  assert.equal(
    statuses("/things/{id}", "put"),
    "200 400 404 408 412 413 415 428 429 431 500 503 default",
  );
  const changed = paths["/things/{id}"]?.put;
  assert.equal(changed?.parameters?.[1]?.required, true);
  assert.deepEqual(Object.keys(changed?.responses[200]?.headers ?? {}), ["X-Request-Id", "ETag"]);
});

test("what creates an item says where it is, if it can be read", () => {
  const created = () => ({ post: { responses: { 201: { description: "Made" } } } });
  const paths = describe({
    "/things": created(),
    "/things/{id}": { get: ok() },
    "/notes": created(),
  });
  const headers = (path: string) => Object.keys(paths[path]?.post?.responses[201]?.headers ?? {});
  assert.deepEqual(headers("/things"), ["X-Request-Id", "Location"]);
  assert.deepEqual(headers("/notes"), ["X-Request-Id"]);
});

test("commas between values are said of the parameter", () => {
  const schema = { type: "array", explode: false };
  const parameters = [{ in: "query", name: "fields", required: false, schema }];
  const paths = describe({ "/things": { get: { ...ok(), parameters } } });
  const expected = { in: "query", name: "fields", required: false, explode: false };
  assert.deepEqual(paths["/things"]?.get?.parameters, [{ ...expected, schema: { type: "array" } }]);
});
