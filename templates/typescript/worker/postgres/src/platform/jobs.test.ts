import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { after, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import { z } from "zod";
import { databaseEnvironment } from "../testing/database.ts";
import { run } from "../testing/run.ts";
import { loadConfig } from "./config.ts";
import { enqueue, type JobContext, type JobOptions, jobWorker } from "./jobs.ts";
import { startWorker } from "./worker.ts";

// PGlite has one session: whoever is in a transaction has it alone.
const oneSession = process.env.EMBEDDED_POSTGRES
  ? "needs a DATABASE_URL with several sessions"
  : false;

const env = await databaseEnvironment({ PORT: "0", HOST: "127.0.0.1", DATABASE_TIMEOUT_MS: "500" });
assert.equal((await run(["migrate"], env)).code, 0);
// As operators set it: a handler that works is no session that idles.
const url = new URL(env.DATABASE_URL ?? "");
const settings = `${url.searchParams.get("options")} -c idle_in_transaction_session_timeout=300`;
url.searchParams.set("options", settings);
env.DATABASE_URL = url.href;
const config = await loadConfig(env);
const pool = new pg.Pool({ connectionString: env.DATABASE_URL });
await pool.query("create table handled (n integer not null)");
// Hooks run in their order: the schema is dropped by one that is registered already.
after(() => pool.end());

const Payload = z.object({ n: z.int() });
type Handler = (payload: z.infer<typeof Payload>, context: JobContext) => Promise<void>;

function startJobs(name: string, handle: Handler, options: JobOptions = {}) {
  const create = jobWorker({ name, payload: Payload }, handle, { pause: 20, ...options });
  return startWorker(config, name, create);
}

function add(name: string, n: number): Promise<string> {
  return enqueue(pool, { name, payload: Payload }, { n });
}

async function jobs(queue: string) {
  const sql = "select attempts, error, failed_at from jobs where queue = $1";
  return (await pool.query(sql, [queue])).rows;
}

/** Waits until a queue has no job that is still to be done. */
async function settled(queue: string): Promise<void> {
  while ((await jobs(queue)).some(({ failed_at }) => failed_at === null)) await sleep(50);
}

const write: Handler = async ({ n }, { database }) => {
  await database.query("insert into handled (n) values ($1)", [n]);
};

// In turns with one session, which takes its time.
const many = oneSession ? 20 : 100;

test(`of ${many} jobs each is done once by two workers`, { timeout: 30_000 }, async () => {
  for (let n = 0; n < many; n++) await add("many", n);
  const workers = [await startJobs("many", write), await startJobs("many", write)];
  await settled("many");
  for (const worker of workers) assert.equal(await worker.stop("SIGTERM"), 0);
  const { rows } = await pool.query("select n from handled order by n");
  assert.deepEqual(
    rows.map(({ n }) => n),
    Array.from({ length: many }, (_, n) => n),
  );
});

test("a failing job is tried again, later each time, and leaves nothing of what failed", async () => {
  await pool.query("delete from handled");
  await add("flaky", 1);
  const times: number[] = [];
  const worker = await startJobs(
    "flaky",
    async (payload, context) => {
      times.push(Date.now());
      await write(payload, context);
      if (context.attempt < 3) throw new Error("not yet");
    },
    { firstDelay: 200 },
  );
  await settled("flaky");
  await worker.stop("SIGTERM");
  const [first = 0, second = 0, third = 0] = times;
  assert.equal(times.length, 3);
  assert.ok(second - first >= 200 && third - second >= 400, `at ${times}`);
  assert.equal((await pool.query("select from handled")).rowCount, 1);
});

test("after its attempts it stays, with the error but no secret", async () => {
  await add("broken", 1);
  const handle = async () => {
    throw new Error(`no answer from ${env.DATABASE_URL} or https://me:hunter2@example.com`);
  };
  const worker = await startJobs("broken", handle, { attempts: 2, firstDelay: 10 });
  await settled("broken");
  await worker.stop("SIGTERM");
  const [job] = await jobs("broken");
  assert.equal(job.attempts, 2);
  assert.match(job.error, /^no answer from /);
  assert.doesNotMatch(job.error, /hunter2/);
});

test("a job that ended its worker each time is not tried for ever", async () => {
  const id = await add("deadly", 1);
  await pool.query("update jobs set attempts = 5 where id = $1", [id]);
  const worker = await startJobs("deadly", () => assert.fail("it is not to be handled"));
  await settled("deadly");
  await worker.stop("SIGTERM");
  assert.match((await jobs("deadly"))[0].error, /worker ended/);
});

test("a stop finishes the job, which may take longer than a query or an idle session", async () => {
  await add("slow", 1);
  await add("slow", 2);
  let begun = 0;
  const worker = await startJobs("slow", async () => {
    begun += 1;
    await sleep(1500);
  });
  while (begun === 0) await sleep(20);
  assert.equal(await worker.stop("SIGTERM"), 0);
  assert.equal(begun, 1);
  assert.equal((await jobs("slow")).length, 1);
  await pool.query("delete from jobs where queue = 'slow'");
});

test("a payload that the worker could not read is not taken", async () => {
  await assert.rejects(enqueue(pool, { name: "bad", payload: Payload }, { n: 0.5 }), z.ZodError);
  assert.deepEqual(await jobs("bad"), []);
});

test("what a killed worker began is done by another", { skip: oneSession }, async () => {
  const id = await add("slow", 1);
  const killed = spawn(
    process.execPath,
    [join(import.meta.dirname, "..", "testing", "slow-job.js")],
    {
      env: { ...env, LOG_LEVEL: "info" } as NodeJS.ProcessEnv,
      stdio: ["ignore", "pipe", "inherit"],
    },
  );
  for await (const line of createInterface(killed.stdout)) {
    if (line.includes("slow.begun")) break;
  }
  const attempts: number[] = [];
  const worker = await startJobs("slow", async (_payload, { attempt }) => {
    attempts.push(attempt);
  });
  await sleep(1500);
  assert.deepEqual(attempts, [], `job ${id} is still locked`);
  killed.kill("SIGKILL");
  await once(killed, "close");
  await settled("slow");
  assert.equal(await worker.stop("SIGTERM"), 0);
  assert.deepEqual(attempts, [2]);
});
