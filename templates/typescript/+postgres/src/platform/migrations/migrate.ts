import type pg from "pg";
import { Failure } from "../failure.ts";
import type { Migration } from "./files.ts";
import { findHistory, type Place } from "./find-history.ts";
import {
  createHistory,
  pendingMigrations,
  readHistory,
  refuseStandby,
  verifyHistory,
} from "./history.ts";
import { withLock } from "./lock.ts";
import { apply, revert } from "./run.ts";

/** Opens a session. Each migration gets its own: what one sets or leaves there is gone for the next. */
export type Connect = () => Promise<pg.Client>;

/**
 * Applies what is pending, one process at a time.
 *
 * @param patience how long to wait for another process, in milliseconds
 * @returns the names of what was applied
 */
export async function migrateUp(
  connect: Connect,
  migrations: Migration[],
  patience: number,
): Promise<string[]> {
  return oneByOne(connect, migrations, patience, async (client, place, applied) => {
    const history = await readHistory(client, place);
    verifyHistory(history, migrations);
    const next = pendingMigrations(history, migrations).find(({ name }) => !applied.includes(name));
    if (next === undefined) return undefined;
    await refuseStandby(client);
    await createHistory(client, place);
    await apply(client, place, next, history);
    return next.name;
  });
}

/**
 * Reverts what was applied last.
 *
 * @param steps how many migrations
 * @returns the names of what was reverted
 */
export async function migrateDown(
  connect: Connect,
  migrations: Migration[],
  steps: number,
  patience: number,
): Promise<string[]> {
  return oneByOne(connect, migrations, patience, async (client, place, reverted) => {
    if (reverted.length === steps) return undefined;
    const name = (await readHistory(client, place)).at(-1)?.name;
    if (name === undefined) return undefined;
    const migration = migrations.find((each) => each.name === name);
    if (migration === undefined) {
      throw new Failure("failed", `cannot revert ${name}: this version has no such migration`);
    }
    await refuseStandby(client);
    await revert(client, place, migration);
    return name;
  });
}

/** Names of what was applied, in that order, and of what is pending. Changes nothing. */
export async function migrationStatus(
  connect: Connect,
  migrations: Migration[],
): Promise<{ applied: string[]; pending: string[] }> {
  return withSession(connect, async (client) => {
    const place = await findHistory(client, migrations);
    const history = await readHistory(client, place);
    verifyHistory(history, migrations);
    return {
      applied: history.filter(({ finished }) => finished).map(({ name }) => name),
      pending: pendingMigrations(history, migrations).map(({ name }) => name),
    };
  });
}

/**
 * Calls `step` until it has nothing left to do, each time under the lock and in a new session.
 *
 * @param step does one migration and returns its name; `done` are the names that it returned before
 */
async function oneByOne(
  connect: Connect,
  migrations: Migration[],
  patience: number,
  step: (client: pg.Client, place: Place, done: string[]) => Promise<string | undefined>,
): Promise<string[]> {
  const done: string[] = [];
  for (;;) {
    const name = await withSession(connect, async (client) => {
      const { schema } = await findHistory(client, migrations);
      return withLock(client, schema, patience, async () =>
        // Whoever had the lock may have made the history.
        step(client, await findHistory(client, migrations), done),
      );
    });
    if (name === undefined) return done;
    done.push(name);
  }
}

async function withSession<T>(
  connect: Connect,
  work: (client: pg.Client) => Promise<T>,
): Promise<T> {
  const client = await connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
