// No library keeps this: an applied migration never changes, and one of many processes runs it.
import { setTimeout as sleep } from "node:timers/promises";
import type pg from "pg";
import { Failure } from "../failure.ts";
import { log } from "../log.ts";
import { isUnavailable } from "../postgres.ts";
import type { Migration } from "./files.ts";
import { type Entry, History, lock } from "./history.ts";
import { applyOutside, atLine, failed, revertOutside } from "./outside.ts";

/** Opens a session. Each migration gets its own: what one sets or leaves there is gone for the next. */
export type Connect = () => Promise<pg.Client>;

// Who waits for a lock on a table makes everybody wait who comes after: never for longer than this,
// and then they get their turn.
const lockTimeout = 500;
const lockPause = 1000;
const lockNotAvailable = "55P03";
const dependentObjects = "2BP01";
// What the script set must not decide who writes the history, and how.
const asConnected = "reset session authorization; reset role; reset all";

/**
 * Applies what is pending, one process at a time.
 *
 * @param patience how long to wait for another process and for locks, in milliseconds
 * @returns the names of what was applied
 */
export function migrateUp(
  connect: Connect,
  migrations: Migration[],
  patience: number,
): Promise<string[]> {
  return oneByOne(connect, migrations, patience, "up", (entries, applied) =>
    pendingOf(entries, migrations).find(({ name }) => !applied.includes(name)),
  );
}

/** Reverts what was applied last, as many migrations as there are `steps`, and returns their names. */
export function migrateDown(
  connect: Connect,
  migrations: Migration[],
  steps: number,
  patience: number,
): Promise<string[]> {
  return oneByOne(connect, migrations, patience, "down", (entries, reverted) => {
    const last = entries.at(-1);
    if (last === undefined || reverted.length === steps) return undefined;
    const migration = migrations.find(({ name }) => name === last.name);
    if (migration) return migration;
    throw new Failure("failed", `cannot revert ${last.name}: this version has no such migration`);
  });
}

/** Names of what was applied, in that order, and of what is pending. Changes nothing. */
export function migrationStatus(
  connect: Connect,
  migrations: Migration[],
): Promise<{ applied: string[]; pending: string[] }> {
  return withSession(connect, async (client) => {
    const entries = await (await History.find(client, migrations)).read();
    const pending = pendingOf(entries, migrations);
    const applied = entries.filter(({ finished }) => finished);
    return { applied: applied.map(({ name }) => name), pending: pending.map(({ name }) => name) };
  });
}

/** Runs what `choose` returns until that is nothing, each under the lock and in a new session. */
async function oneByOne(
  connect: Connect,
  migrations: Migration[],
  patience: number,
  way: "up" | "down",
  choose: (entries: Entry[], done: string[]) => Migration | undefined,
): Promise<string[]> {
  const done: string[] = [];
  for (;;) {
    const next = await withSession(connect, async (client) => {
      await lock(client, patience);
      try {
        const history = await History.find(client, migrations);
        const entries = await history.read();
        const migration = choose(entries, done);
        if (migration === undefined) return undefined;
        const { transaction, fault } = migration[way];
        if (fault !== undefined) throw failed(migration, new Error(fault));
        await history.create();
        if (transaction) {
          await inTransaction(client, history, migration, way, patience);
        } else if (way === "up") {
          const begun = entries.find(({ name }) => name === migration.name);
          await applyOutside(client, history, migration, begun);
        } else {
          await revertOutside(client, history, migration);
        }
        return migration.name;
      } finally {
        // A lost connection has no lock either, and the first error is the one to tell.
        await client.query("select pg_advisory_unlock_all()").catch(() => undefined);
      }
    });
    if (next === undefined) return done;
    done.push(next);
  }
}

async function withSession<T>(connect: Connect, work: (client: pg.Client) => Promise<T>) {
  const client = await connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

/** @throws Failure where a migration was edited after it was applied */
function pendingOf(entries: Entry[], migrations: Migration[]): Migration[] {
  const applied = new Map(
    entries.filter(({ finished }) => finished).map(({ name, checksum }) => [name, checksum]),
  );
  // A migration that has no file is one of a newer version, which is being rolled back.
  const edited = migrations
    .filter(({ name, checksum }) => (applied.get(name) ?? checksum) !== checksum)
    .map(({ name }) => name);
  if (edited.length > 0) {
    throw new Failure("failed", `edited after it was applied: ${edited.join(", ")}`, {
      event: "migrate.edited",
      details: { migrations: edited },
    });
  }
  return migrations.filter(({ name }) => !applied.has(name));
}

/** Runs a script and its record both or not at all; where others use its tables, again and again. */
async function inTransaction(
  client: pg.Client,
  history: History,
  migration: Migration,
  way: "up" | "down",
  patience: number,
): Promise<void> {
  const until = performance.now() + patience;
  for (let attempt = 1; ; attempt += 1) {
    try {
      await client.query(`begin; set local lock_timeout = ${lockTimeout}`);
      await client.query(asOneStatement(client, migration[way].sql));
      await client.query(asConnected);
      await (way === "up" ? history.remember(migration, true) : history.forget(migration));
      await client.query("commit");
      return;
    } catch (error) {
      // Without a connection nobody knows: a commit may have arrived.
      if (isUnavailable(error as Error)) throw error;
      await client.query("rollback");
      if ((error as pg.DatabaseError).code !== lockNotAvailable || performance.now() >= until) {
        throw failed(migration, explained(error as pg.DatabaseError, migration[way].sql));
      }
      if (attempt === 1) {
        log.warn(
          { "event.name": "migrate.waiting", migration: migration.name, patience_ms: patience },
          "others use a table of the migration: trying again until they let go of it",
        );
      }
      await sleep(lockPause);
    }
  }
}

/** Inside a block of PL/pgSQL the server itself refuses whatever would end the transaction. */
function asOneStatement(client: pg.Client, sql: string): string {
  return `do ${client.escapeLiteral(`begin execute ${client.escapeLiteral(sql)}; end`)}`;
}

/** Adds where it is, and what to do, to an error whose words do not say it. */
function explained(error: pg.DatabaseError, sql: string): Error {
  // Else it is a statement of a function that the script calls.
  if (error.internalQuery === sql) atLine(error, sql, error.internalPosition);
  const hint =
    error.code === lockNotAvailable
      ? "others use its table: try again when they are done, or raise MIGRATE_LOCK_TIMEOUT_MS"
      : error.routine === "exec_stmt_dynexecute"
        ? "begin, commit, rollback, savepoint and a select into at its end do not belong in the file"
        : error.code === dependentObjects
          ? error.detail
          : undefined;
  if (hint !== undefined) error.message += ` (${hint})`;
  return error;
}
