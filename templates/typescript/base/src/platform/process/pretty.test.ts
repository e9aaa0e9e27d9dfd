import assert from "node:assert/strict";
import { test } from "node:test";
import { pretty } from "./pretty.ts";

const entry = {
  time: "2026-01-31T12:00:00.000Z",
  msg: "it is away",
  err: { message: "connect ECONNREFUSED", stack: "Error: connect ECONNREFUSED\n    at net" },
  port: 1,
};

test("a warning is one line, an error has its stack", () => {
  assert.equal(
    pretty(JSON.stringify({ ...entry, level: "warn" })),
    "12:00:00.000 WARN  it is away (connect ECONNREFUSED) port=1\n",
  );
  assert.equal(
    pretty(JSON.stringify({ ...entry, level: "error" })),
    "12:00:00.000 ERROR it is away port=1\nError: connect ECONNREFUSED\n    at net\n",
  );
});
