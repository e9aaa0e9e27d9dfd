import assert from "node:assert/strict";
import { after, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { testEnvironment } from "../../testing/environment.ts";
import { loadConfig } from "../config.ts";
import { Failure } from "../failure.ts";
import { startWorker } from "../worker.ts";
import { type Outcome, startLoop, type Worker } from "./loop.ts";

// The worker's own timers keep no process alive: what real work waits for does, and a server.
const alive = setInterval(() => undefined, 1000);
after(() => clearInterval(alive));

function worker(work: Worker["work"], limit = 10_000): Worker {
  return { work, pause: 10, limit };
}

async function startSlow(milliseconds: number, budget: string) {
  const env = await testEnvironment({ PORT: "0", HOST: "127.0.0.1", SHUTDOWN_TIMEOUT_MS: budget });
  const units = { begun: 0, done: 0 };
  const running = await startWorker(await loadConfig(env), "slow", () =>
    worker(async () => {
      units.begun += 1;
      await sleep(milliseconds, undefined, { ref: false });
      units.done += 1;
      return "done";
    }),
  );
  return { running, units };
}

test("it is alive and measured, and a stop finishes the unit that has begun, no other", async () => {
  const { running, units } = await startSlow(200, "5000");
  await sleep(300);
  const url = `http://127.0.0.1:${running.port}`;
  assert.equal((await fetch(`${url}/livez`)).status, 200);
  const metrics = await (await fetch(`${url}/metrics`)).text();
  assert.match(metrics, /worker_work_duration_seconds_count\{worker="slow",outcome="done"\} [1-9]/);
  assert.equal(await running.stop("SIGTERM"), 0);
  const { begun, done } = units;
  assert.equal(done, begun);
  await sleep(250);
  assert.equal(units.begun, begun);
});

test("past the budget it gives up with 1", async () => {
  const { running } = await startSlow(60_000, "300");
  const begun = Date.now();
  assert.equal(await running.stop("SIGTERM"), 1);
  assert.ok(Date.now() - begun < 20_000);
});

test("a unit that fails does not end the loop", async () => {
  const outcomes: Outcome[] = [];
  let units = 0;
  const loop = startLoop(
    worker(async () => {
      units += 1;
      if (units === 1) throw new Error("once");
      if (units === 2) return "done";
      return "idle";
    }),
    (outcome) => outcomes.push(outcome),
  );
  while (units < 5) await sleep(10);
  loop.stop();
  await loop.finished;
  assert.deepEqual(outcomes, ["failed", "done"]);
});

test("a unit that takes too long is told so", async () => {
  let told = "";
  const loop = startLoop(
    worker(async (signal) => {
      await new Promise((resolve) => signal.addEventListener("abort", resolve));
      told = signal.reason.message;
      return "done";
    }, 50),
  );
  while (told === "") await sleep(10);
  assert.match(told, /longer than 50 ms/);
  loop.stop();
  await loop.finished;
});

test("one that does not listen either ends the worker", { timeout: 10_000 }, async () => {
  const loop = startLoop(worker(() => sleep(20_000, "done" as const, { ref: false }), 50));
  await assert.rejects(
    loop.finished,
    (error) => error instanceof Failure && error.event === "worker.stuck",
  );
});
