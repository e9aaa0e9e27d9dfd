import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { Readiness } from "./health.ts";

test("what is required and down makes it not ready, until it is back", async () => {
  let up = false;
  const readiness = new Readiness();
  readiness.require("store", async () => {
    if (!up) throw new Error("away");
  });
  assert.deepEqual(await readiness.report(), { status: "not ready", checks: { store: "down" } });
  up = true;
  await sleep(600);
  assert.deepEqual(await readiness.report(), { status: "ready", checks: { store: "up" } });
});

test("a check that hangs is down after a second", async () => {
  const readiness = new Readiness();
  readiness.require("store", () => sleep(60_000, undefined, { ref: false }));
  const begun = Date.now();
  assert.equal((await readiness.report()).status, "not ready");
  assert.ok(Date.now() - begun < 20_000);
});

test("many probes ask once", async () => {
  let asked = 0;
  const readiness = new Readiness();
  readiness.require("store", async () => {
    asked += 1;
  });
  await Promise.all(Array.from({ length: 50 }, () => readiness.report()));
  assert.equal(asked, 1);
});
