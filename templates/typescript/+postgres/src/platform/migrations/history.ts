import type pg from "pg";
import { Failure } from "../failure.ts";
import type { Migration } from "./files.ts";
import type { Place } from "./find-history.ts";

/** A migration that was applied, or begun outside a transaction and not finished. */
export interface Entry {
  name: string;
  checksum: string;
  finished: boolean;
}

export async function createHistory(client: pg.Client, place: Place): Promise<void> {
  // Asked of a table that is there it would want a right that only the first run needs.
  if (place.exists) return;
  await client.query(
    `create table if not exists ${place.table} (
       name text primary key,
       checksum text not null,
       finished boolean not null,
       applied_at timestamptz not null default now()
     )`,
  );
}

/** Everything that was applied, the oldest first; nothing where nobody ever migrated. */
export async function readHistory(client: pg.Client, place: Place): Promise<Entry[]> {
  if (!place.exists) return [];
  const result = await client.query<Entry>(
    `select name, checksum, finished from ${place.table} order by applied_at, name`,
  );
  return result.rows;
}

export async function remember(
  client: pg.Client,
  place: Place,
  { name, checksum }: Migration,
  finished: boolean,
): Promise<void> {
  await client.query(
    `insert into ${place.table} (name, checksum, finished) values ($1, $2, $3)
     on conflict (name) do update set checksum = excluded.checksum, finished = excluded.finished`,
    [name, checksum, finished],
  );
}

export async function forget(client: pg.Client, place: Place, name: string): Promise<void> {
  await client.query(`delete from ${place.table} where name = $1`, [name]);
}

/** @throws Failure where nothing can be written */
export async function refuseStandby(client: pg.Client): Promise<void> {
  const { rows } = await client.query("select pg_is_in_recovery() as standby");
  if (rows[0].standby) {
    throw new Failure("failed", "the database is a read-only standby: migrate on its primary", {
      event: "migrate.standby",
    });
  }
}

/** @throws Failure where a migration was edited after it was applied */
export function verifyHistory(history: Entry[], migrations: Migration[]): void {
  const checksums = new Map(migrations.map(({ name, checksum }) => [name, checksum]));
  const edited = history
    // A migration that has no file is one of a newer version, which is being rolled back.
    .filter(({ name, checksum }) => (checksums.get(name) ?? checksum) !== checksum)
    .filter(({ finished }) => finished)
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
