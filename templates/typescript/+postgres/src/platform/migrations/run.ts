import type pg from "pg";
import { failed } from "./failed.ts";
import type { Migration, Script } from "./files.ts";
import type { Place } from "./find-history.ts";
import { type Entry, forget, remember } from "./history.ts";
import { applyOutside, revertOutside } from "./run-outside.ts";

// What the script set must not decide who writes the history, and how.
const asConnected = "reset session authorization; reset role; reset all";

/** Applies one migration and remembers it; a failing one leaves the schema as it was, or says so. */
export async function apply(
  client: pg.Client,
  place: Place,
  migration: Migration,
  history: Entry[],
): Promise<void> {
  refuseUnfit(migration, migration.up);
  if (!migration.up.transaction) return applyOutside(client, place, migration, history);
  await inTransaction(client, migration, migration.up, () =>
    remember(client, place, migration, true),
  );
}

/** Reverts one migration and forgets it. */
export async function revert(client: pg.Client, place: Place, migration: Migration): Promise<void> {
  refuseUnfit(migration, migration.down);
  if (!migration.down.transaction) return revertOutside(client, place, migration);
  await inTransaction(client, migration, migration.down, () =>
    forget(client, place, migration.name),
  );
}

/** @throws Failure for a script that cannot be meant as it is; one that was applied stays as it was */
function refuseUnfit(migration: Migration, { sql, isUtf8 }: Script): void {
  if (!isUtf8) throw failed(migration, new Error("the file is not UTF-8"));
  if (sql.replace(/--.*/g, "").trim() === "") {
    throw failed(migration, new Error("the file has no statement yet (select 1; does nothing)"));
  }
}

async function inTransaction(
  client: pg.Client,
  migration: Migration,
  script: Script,
  record: () => Promise<void>,
): Promise<void> {
  await client.query("begin");
  const id = (await client.query("select txid_current() as id")).rows[0].id;
  const fate = async () =>
    (await client.query("select txid_status($1) as fate", [id])).rows[0].fate;
  try {
    await client.query(script.sql);
    if ((await fate()) === "aborted") throw new Error("it rolled its own transaction back");
    await client.query(asConnected);
    await record();
  } catch (error) {
    // It succeeds only where a transaction is open: the script may have ended the one it was given.
    const open = await client.query("rollback and chain").then(
      () => true,
      () => false,
    );
    await client.query("rollback");
    const reverted = open ? (await fate()) === "aborted" : !(await anyCommittedSince(client, id));
    throw failed(migration, error, reverted ? undefined : ownTransaction);
  }
  await client.query("commit").catch((error) => {
    throw failed(migration, error);
  });
}

/** Whether this or another session committed something, from that transaction on. */
async function anyCommittedSince(client: pg.Client, id: string): Promise<boolean> {
  const { rows } = await client.query(
    `select exists (select from generate_series($1::bigint, txid_current()) as id
                    where txid_status(id) = 'committed') as committed`,
    [id],
  );
  return rows[0].committed;
}

const ownTransaction =
  "What it did before may stay, because it ended its transaction itself: look, put that right by " +
  "hand, and take begin, commit and rollback out of the file";
