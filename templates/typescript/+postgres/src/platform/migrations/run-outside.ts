import type pg from "pg";
import { dropIndex, findIndex, type Index, makesIndex } from "./concurrent-index.ts";
import { failed } from "./failed.ts";
import type { Migration } from "./files.ts";
import type { Place } from "./find-history.ts";
import { type Entry, forget, remember } from "./history.ts";

const duplicateTable = "42P07";
const syntaxError = "42601";

/**
 * Applies a migration that PostgreSQL refuses inside a transaction.
 *
 * The history knows that it has begun. So an index that a killed run left half made is dropped and
 * made again, and one that was finished just before the kill is kept. Nothing else is dropped: what
 * a migration did not make is not its to remove.
 */
export async function applyOutside(
  client: pg.Client,
  place: Place,
  migration: Migration,
  history: Entry[],
): Promise<void> {
  const { name, checksum, up } = migration;
  const begun = history.find((entry) => entry.name === name);
  let before = await findIndex(client, up.sql);
  if (begun && before?.valid === false) {
    await dropIndex(client, before);
    before = undefined;
  }
  if (begun?.checksum !== checksum || before === undefined) {
    await remember(client, place, migration, false);
    try {
      await run(client, up.sql);
      await refuseInvalid(client, up.sql);
    } catch (error) {
      const left = await clear(client, up.sql, before, error);
      if (left === undefined) await forget(client, place, name);
      throw failed(migration, error, left);
    }
  }
  await remember(client, place, migration, true);
}

/** Reverts it. Until that is done the history has it as begun, for the next run to finish. */
export async function revertOutside(
  client: pg.Client,
  place: Place,
  migration: Migration,
): Promise<void> {
  await remember(client, place, migration, false);
  await run(client, migration.down.sql).catch((error) => {
    throw failed(migration, error, "It is neither applied nor reverted: migrate up or down again");
  });
  await forget(client, place, migration.name);
}

/** Several statements in one simple query would be a transaction: the extended protocol refuses them. */
async function run(client: pg.Client, sql: string): Promise<void> {
  await client.query({ text: sql, queryMode: "extended" } as pg.QueryConfig).catch((error) => {
    if (!/^cannot insert multiple commands/.test(error.message)) throw error;
    throw Object.assign(new Error("a file without a transaction has one statement"), error);
  });
}

async function refuseInvalid(client: pg.Client, sql: string): Promise<void> {
  const index = await findIndex(client, sql);
  if (index?.valid === false) {
    throw new Error(`${index.name} was there already, and is not valid: drop it`);
  }
}

/**
 * Removes what a failed statement left.
 *
 * @param before the index of that name that was there first, which is not the statement's
 * @returns what stays and what to do about that, undefined where nothing stays
 */
async function clear(
  client: pg.Client,
  sql: string,
  before: Index | undefined,
  error: unknown,
): Promise<string | undefined> {
  const { code } = error as { code?: string };
  if (code === duplicateTable || code === syntaxError) return undefined;
  if (!makesIndex(sql)) return "What it did until then stays, and the next run runs it again";
  try {
    const index = await findIndex(client, sql);
    if (index === undefined || index.oid === before?.oid) return undefined;
    if (index.valid) return `${index.name} is there and stays`;
    await dropIndex(client, index);
    return undefined;
  } catch (reason) {
    return `It may have left an index that is not valid, which the next run drops (${(reason as Error).message})`;
  }
}
