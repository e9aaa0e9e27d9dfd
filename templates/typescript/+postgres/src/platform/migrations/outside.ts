import type pg from "pg";
import { Failure } from "../failure.ts";
import type { Migration } from "./files.ts";
import type { Entry, History } from "./history.ts";

const identifier = '(?:"(?:[^"]|"")+"|[^\\s".(;]+)';
const createIndex = new RegExp(
  "^(?:\\s|--.*\\n)*create\\s+(?:unique\\s+)?index\\s+concurrently\\s+(?:if\\s+not\\s+exists\\s+)?" +
    `(${identifier})\\s+on\\s+(?:only\\s+)?(${identifier}(?:\\.${identifier})?)`,
  "i",
);
const syntaxError = "42601";

/** An index that is there; an interrupted CREATE INDEX CONCURRENTLY leaves one that is not valid. */
interface Index {
  /** Quoted and with its schema. */
  name: string;
  valid: boolean;
}

/**
 * The failure of a migration.
 *
 * @param left what stays of it and what to do about that; without it nothing stays
 */
export function failed(migration: Migration, error: unknown, left?: string): Failure {
  const message = `${migration.name} failed: ${(error as Error).message}`;
  return new Failure("failed", left === undefined ? message : `${message}. ${left}`, {
    event: "migrate.failed",
    details: { migration: migration.name, reverted: left === undefined, err: error },
  });
}

/** Adds the line of a script to what the server says of a place in it, counted in characters. */
export function atLine(error: Error, sql: string, position: string | undefined): void {
  if (position === undefined) return;
  const line = [...sql].slice(0, Number(position)).join("").split("\n").length;
  error.message += ` (line ${line})`;
}

/**
 * Applies a migration that PostgreSQL refuses inside a transaction.
 *
 * The history knows that it has begun. So an index that a killed run left half made is dropped and
 * made again, and one that was finished just before the kill is kept. Nothing else is dropped: what
 * a migration did not make is not its to remove.
 */
export async function applyOutside(
  client: pg.Client,
  history: History,
  migration: Migration,
  begun: Entry | undefined,
): Promise<void> {
  const { sql } = migration.up;
  const before = await (begun ? dropHalf(client, sql) : findIndex(client, sql));
  if (begun?.checksum !== migration.checksum || before === undefined) {
    await history.remember(migration, false);
    try {
      await runAlone(client, sql);
      const made = await findIndex(client, sql);
      if (made?.valid === false) {
        throw new Error(`${made.name} was there already, and is not valid: drop it`);
      }
    } catch (error) {
      const made = before ? undefined : await dropHalf(client, sql);
      const left = leftBy(sql, made, error as pg.DatabaseError);
      if (left === undefined) await history.forget(migration);
      throw failed(migration, error, left);
    }
  }
  await history.remember(migration, true);
}

/** Reverts it. Until that is done the history has it as begun, for the next run to finish. */
export async function revertOutside(
  client: pg.Client,
  history: History,
  migration: Migration,
): Promise<void> {
  await history.remember(migration, false);
  await runAlone(client, migration.down.sql).catch((error) => {
    throw failed(migration, error, "It is neither applied nor reverted: migrate up or down again");
  });
  await history.forget(migration);
}

/** Several statements in one simple query would be a transaction: the extended protocol refuses them. */
async function runAlone(client: pg.Client, sql: string): Promise<void> {
  await client.query({ text: sql, queryMode: "extended" } as pg.QueryConfig).catch((error) => {
    atLine(error, sql, error.position);
    if (!/^cannot insert multiple commands/.test(error.message)) throw error;
    throw Object.assign(new Error("a file without a transaction has one statement"), error);
  });
}

/** What stays of a statement that failed. Where the connection is lost, the next run looks. */
function leftBy(sql: string, made: Index | undefined, { code }: pg.DatabaseError) {
  if (made) return `${made.name} is there and stays`;
  if (code === syntaxError || createIndex.test(sql)) return undefined;
  return "What it did until then stays, and the next run runs it again";
}

/** The index that has the name which a CREATE INDEX CONCURRENTLY gives, whoever made it. */
async function findIndex(client: pg.Client, sql: string): Promise<Index | undefined> {
  const [, name, table] = createIndex.exec(sql) ?? [];
  const result = await client.query<Index>(
    `select format('%I.%I', n.nspname, c.relname) as name, i.indisvalid as valid
     from pg_class t
     join pg_class c on c.relnamespace = t.relnamespace
     join pg_index i on i.indexrelid = c.oid
     join pg_namespace n on n.oid = c.relnamespace
     where t.oid = to_regclass($1) and c.relname = (parse_ident($2))[1]`,
    [table, name],
  );
  return result.rows[0];
}

/** Drops that index if it is not valid, and else returns it. */
async function dropHalf(client: pg.Client, sql: string): Promise<Index | undefined> {
  const index = await findIndex(client, sql);
  if (index?.valid !== false) return index;
  await client.query(`drop index concurrently ${index.name}`);
  return undefined;
}
