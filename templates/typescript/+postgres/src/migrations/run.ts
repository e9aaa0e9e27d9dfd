import type pg from "pg";
import { Failure } from "../platform/failure.ts";
import type { Migration, Script } from "./files.ts";

const remember = "insert into schema_migrations (name, checksum, finished) values ($1, $2, $3)";
const forget = "delete from schema_migrations where name = $1";

/**
 * Applies one migration and remembers it; a failing one leaves the schema as it was.
 *
 * Outside a transaction that takes the way back: the history knows that the migration has begun, so
 * what an earlier run left half done when it was killed is reverted before it is tried again.
 */
export async function apply(client: pg.Client, migration: Migration): Promise<void> {
  const { name, checksum, up, down } = migration;
  if (up.transaction) {
    await inTransaction(client, migration, async () => {
      await client.query(up.sql);
      await client.query(remember, [name, checksum, true]);
    });
    return;
  }
  const begun = await client.query("select from schema_migrations where name = $1", [name]);
  try {
    if (begun.rowCount === 0) await client.query(remember, [name, checksum, false]);
    else await run(client, down);
    await run(client, up);
  } catch (error) {
    // Where even the way back fails the history keeps it as begun, and the next run tries again.
    const reverted = await run(client, down).then(
      () => true,
      () => false,
    );
    if (reverted) await client.query(forget, [name]);
    throw failed(migration, error, { reverted });
  }
  await client.query("update schema_migrations set finished = true where name = $1", [name]);
}

/** Reverts one migration and forgets it. */
export async function revert(client: pg.Client, migration: Migration): Promise<void> {
  const { name, down } = migration;
  if (down.transaction) {
    await inTransaction(client, migration, async () => {
      await client.query(down.sql);
      await client.query(forget, [name]);
    });
    return;
  }
  await run(client, down).catch((error) => {
    throw failed(migration, error, { reverted: false });
  });
  await client.query(forget, [name]);
}

async function inTransaction(
  client: pg.Client,
  migration: Migration,
  work: () => Promise<void>,
): Promise<void> {
  await client.query("begin");
  try {
    await work();
    await client.query("commit");
  } catch (error) {
    await client.query("rollback");
    throw failed(migration, error);
  }
}

/** Several statements in one simple query would be a transaction: the extended protocol refuses them. */
async function run(client: pg.Client, script: Script): Promise<void> {
  const query = { text: script.sql, queryMode: script.transaction ? undefined : "extended" };
  await client.query(query as pg.QueryConfig);
}

function failed(migration: Migration, error: unknown, outcome = { reverted: true }): Failure {
  return new Failure("failed", `${migration.name} failed: ${(error as Error).message}`, {
    event: "migrate.failed",
    details: { migration: migration.name, ...outcome, err: error },
  });
}
