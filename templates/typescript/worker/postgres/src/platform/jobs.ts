// No library keeps this in a table of the service: a job commits with the rows that it is about.
import type { FastifyBaseLogger, FastifyInstance } from "fastify";
import type pg from "pg";
import type { z } from "zod";
import { redact } from "./process/lines.ts";
import type { Outcome } from "./worker/loop.ts";
import type { CreateWorker } from "./worker.ts";

/** A queue of jobs: its name in the table, and what a job of it says. */
export interface Queue<Payload extends z.ZodType> {
  name: string;
  payload: Payload;
}

export interface JobContext {
  /** The transaction of the job: what is written here is there when the job is done, or not at all. */
  database: pg.PoolClient;
  log: FastifyBaseLogger;
  /** Aborts when the job takes too long. */
  signal: AbortSignal;
  /** 1 the first time. */
  attempt: number;
}

export interface JobOptions {
  /** How often a job is tried before it stays as failed. */
  attempts?: number;
  /** Wait after the first attempt, in milliseconds; it doubles with each, up to an hour. */
  firstDelay?: number;
  /** How long to wait, in milliseconds, when the queue is empty. */
  pause?: number;
  /** How long one job may take, in milliseconds. */
  limit?: number;
}

interface Job {
  id: string;
  payload: unknown;
  attempts: number;
}

const longestError = 500;

/** Doubles with each attempt that there was before. */
function delay(before: string): string {
  return `least(interval '1 hour', $2 * interval '1 millisecond' * 2 ^ least(${before}, 30))`;
}

const claim = `
  update jobs set attempts = attempts + 1, run_at = now() + ${delay("attempts")}
  where id = (
    select id from jobs where queue = $1 and failed_at is null and run_at <= now()
    order by run_at, id limit 1 for update skip locked
  )
  returning id, payload, attempts`;
const hold = "select from jobs where id = $1 and attempts = $2 and failed_at is null for update";
const remember = `
  update jobs set error = $3, run_at = clock_timestamp() + ${delay("attempts - 1")},
    failed_at = case when attempts >= $4 then now() end
  where id = $1`;
// The server may be set to end transactions that take long or idle, as this one does while the
// handler works. Only PostgreSQL 17 and later know the second setting.
const begin = `
  begin;
  set local idle_in_transaction_session_timeout = 0;
  select set_config('transaction_timeout', '0', true)
  where current_setting('transaction_timeout', true) is not null`;

/**
 * Adds a job to a queue. Within the transaction of a change it is there with the change, or not at all.
 *
 * @returns its id
 * @throws ZodError for a payload that the worker could not read
 */
export async function enqueue<Payload extends z.ZodType>(
  database: Pick<pg.Pool, "query">,
  queue: Queue<Payload>,
  payload: z.input<Payload>,
): Promise<string> {
  queue.payload.parse(payload);
  const result = await database.query<{ id: string }>(
    "insert into jobs (queue, payload) values ($1, $2) returning id",
    [queue.name, JSON.stringify(payload)],
  );
  return result.rows[0]?.id ?? "";
}

/**
 * A worker that takes the jobs of a queue, one at a time; several processes share a queue.
 *
 * An attempt is counted first, in a transaction of its own, so that a job which kills its process
 * does not do so for ever. Then the job is locked and handled inside another, and gone at its
 * commit: it is done once, and what a killed worker leaves is free again after the delay.
 */
export function jobWorker<Payload extends z.ZodType>(
  queue: Queue<Payload>,
  handle: (payload: z.output<Payload>, context: JobContext) => Promise<void>,
  options: JobOptions = {},
): CreateWorker {
  const { attempts = 5, firstDelay = 1000, pause = 1000, limit = 300_000 } = options;

  async function attempt(
    client: pg.PoolClient,
    job: Job,
    log: FastifyBaseLogger,
    signal: AbortSignal,
  ) {
    const payload = await queue.payload.parseAsync(job.payload);
    await handle(payload, { database: client, log, signal, attempt: job.attempts });
    await client.query("delete from jobs where id = $1", [job.id]);
  }

  /** Handles a job that was claimed, unless another worker has it by now. */
  async function process(
    app: FastifyInstance,
    client: pg.PoolClient,
    job: Job,
    signal: AbortSignal,
  ): Promise<Outcome> {
    const log = app.log.child({ queue: queue.name, job_id: job.id, attempt: job.attempts });
    await client.query(begin);
    const held = await client.query(hold, [job.id, job.attempts]);
    if (held.rowCount === 0) {
      await client.query("rollback");
      return "idle";
    }
    await client.query("savepoint handler");
    let outcome: Outcome = "done";
    try {
      if (job.attempts > attempts) throw new Error("its worker ended before the job was done");
      await attempt(client, job, log, signal);
    } catch (error) {
      // Still locked: nobody takes the job before its next attempt has a time.
      await client.query("rollback to savepoint handler");
      const reason = redact((error as Error).message).slice(0, longestError);
      await client.query(remember, [job.id, firstDelay, reason, attempts]);
      outcome = job.attempts < attempts ? "retried" : "failed";
      log.error({ "event.name": `job.${outcome}`, err: error }, `the attempt failed: ${outcome}`);
    }
    await client.query("commit");
    if (outcome === "done") log.info({ "event.name": "job.done" }, "done");
    return outcome;
  }

  return (app) => ({
    pause,
    limit,
    async work(signal) {
      const client = await app.database.connect();
      let failure: Error | undefined;
      try {
        const [job] = (await client.query<Job>(claim, [queue.name, firstDelay])).rows;
        return job ? await process(app, client, job, signal) : "idle";
      } catch (error) {
        failure = error as Error;
        throw error;
      } finally {
        // A connection that failed half-way may still be in its transaction.
        client.release(failure);
      }
    },
  });
}
