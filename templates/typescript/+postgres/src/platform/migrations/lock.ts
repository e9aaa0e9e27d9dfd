import { setTimeout as sleep } from "node:timers/promises";
import type pg from "pg";
import { Failure } from "../failure.ts";

const pollEvery = 200;
const key = "hashtextextended('migrate ' || $1, 0)";

/**
 * Runs `work` while no other process migrates this schema.
 *
 * It polls: a session that blocks on the lock holds a snapshot, for which CREATE INDEX CONCURRENTLY
 * of the lock's owner would wait in turn. The lock belongs to the session, so it ends with it.
 *
 * @param patience in milliseconds
 * @throws Failure when the lock is not free within `patience`
 */
export async function withLock<T>(
  client: pg.Client,
  schema: string,
  patience: number,
  work: () => Promise<T>,
): Promise<T> {
  const until = performance.now() + patience;
  while (!(await tryLock(client, schema))) {
    if (performance.now() >= until) {
      throw new Failure("failed", `another migration did not finish within ${patience} ms`, {
        event: "migrate.locked",
      });
    }
    await sleep(pollEvery);
  }
  try {
    return await work();
  } finally {
    // A connection that is lost has no lock either, and the error of `work` is the one to tell.
    await client.query(`select pg_advisory_unlock(${key})`, [schema]).catch(() => undefined);
  }
}

async function tryLock(client: pg.Client, schema: string): Promise<boolean> {
  const result = await client.query(`select pg_try_advisory_lock(${key}) as locked`, [schema]);
  return result.rows[0].locked;
}
