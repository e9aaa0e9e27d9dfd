import type pg from "pg";
import { Failure } from "../platform/failure.ts";
import type { Migration } from "./files.ts";
import { createHistory, pendingMigrations, readHistory, verifyHistory } from "./history.ts";
import { withLock } from "./lock.ts";
import { apply, revert } from "./run.ts";

/**
 * Applies what is pending, one process at a time.
 *
 * @param patience how long to wait for another process, in milliseconds
 * @returns the names of what was applied
 */
export async function migrateUp(
  client: pg.Client,
  migrations: Migration[],
  patience: number,
): Promise<string[]> {
  return withLock(client, patience, async () => {
    await createHistory(client);
    const history = await readHistory(client);
    verifyHistory(history, migrations);
    const pending = pendingMigrations(history, migrations);
    for (const migration of pending) await apply(client, migration);
    return pending.map(({ name }) => name);
  });
}

/**
 * Reverts what was applied last.
 *
 * @param steps how many migrations
 * @returns the names of what was reverted
 */
export async function migrateDown(
  client: pg.Client,
  migrations: Migration[],
  steps: number,
  patience: number,
): Promise<string[]> {
  const byName = new Map(migrations.map((migration) => [migration.name, migration]));
  return withLock(client, patience, async () => {
    const applied = (await readHistory(client)).map(({ name }) => name);
    const names = applied.reverse().slice(0, steps);
    for (const name of names) {
      const migration = byName.get(name);
      if (migration === undefined) {
        throw new Failure("failed", `cannot revert ${name}: this version has no such migration`);
      }
      await revert(client, migration);
    }
    return names;
  });
}

/** Names of what was applied, in that order, and of what is pending. Changes nothing. */
export async function migrationStatus(
  client: pg.Client,
  migrations: Migration[],
): Promise<{ applied: string[]; pending: string[] }> {
  const history = await readHistory(client);
  verifyHistory(history, migrations);
  return {
    applied: history.filter(({ finished }) => finished).map(({ name }) => name),
    pending: pendingMigrations(history, migrations).map(({ name }) => name),
  };
}
