import type pg from "pg";
import { Failure } from "../platform/failure.ts";
import type { Migration } from "./files.ts";

/** A migration that was applied, or begun outside a transaction and not finished. */
export interface Entry {
  name: string;
  checksum: string;
  finished: boolean;
}

export async function createHistory(client: pg.Client): Promise<void> {
  await client.query(
    `create table if not exists schema_migrations (
       name text primary key,
       checksum text not null,
       finished boolean not null,
       applied_at timestamptz not null default now()
     )`,
  );
}

/** Everything that was applied, the oldest first; nothing where nobody ever migrated. */
export async function readHistory(client: pg.Client): Promise<Entry[]> {
  const table = await client.query("select to_regclass('schema_migrations') as name");
  if (table.rows[0].name === null) return [];
  const result = await client.query<Entry>(
    "select name, checksum, finished from schema_migrations order by applied_at, name",
  );
  return result.rows;
}

/** @throws Failure where a migration was edited after it was applied */
export function verifyHistory(history: Entry[], migrations: Migration[]): void {
  const checksums = new Map(migrations.map(({ name, checksum }) => [name, checksum]));
  const edited = history
    // A migration that has no file is one of a newer version, which is being rolled back.
    .filter(({ name, checksum }) => (checksums.get(name) ?? checksum) !== checksum)
    .map(({ name }) => name);
  if (edited.length > 0) {
    throw new Failure("failed", `edited after it was applied: ${edited.join(", ")}`, {
      event: "migrate.edited",
      details: { migrations: edited },
    });
  }
}

export function pendingMigrations(history: Entry[], migrations: Migration[]): Migration[] {
  const finished = new Set(history.filter((entry) => entry.finished).map(({ name }) => name));
  return migrations.filter(({ name }) => !finished.has(name));
}
