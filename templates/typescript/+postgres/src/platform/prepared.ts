import { createHash } from "node:crypto";
import pg from "pg";
import { log } from "./log.ts";

const names = new Map<string, string>();
let generation = 0;
let prepares = true;

/**
 * The rows of a statement that each connection prepares once. Its text is one of a few: values go
 * into `values`. In a transaction use `query` of its connection.
 *
 * PgBouncer knows prepared statements in transaction mode from 1.21 on (`max_prepared_statements`).
 * With an older one, or another that mixes connections up, nothing is prepared any more.
 */
export async function prepared<Row extends pg.QueryResultRow>(
  database: Pick<pg.Pool, "query">,
  text: string,
  values: unknown[],
): Promise<Row[]> {
  if (prepares) {
    try {
      return (await database.query<Row>({ name: nameOf(text), text, values })).rows;
    } catch (error) {
      if (!isOfPreparing(error)) throw error;
    }
  }
  return (await database.query<Row>(text, values)).rows;
}

/** The same text has the same name in every process: a pooler may hand their connections around. */
function nameOf(text: string): string {
  let name = names.get(text);
  if (name === undefined) {
    name = createHash("sha256").update(`${generation} ${text}`).digest("hex").slice(0, 32);
    names.set(text, name);
  }
  return name;
}

/** Whether the statement was not run at all, because it is not prepared as it should be. */
function isOfPreparing(error: unknown): boolean {
  if (!(error instanceof pg.DatabaseError)) return false;
  const { code, routine } = error as pg.DatabaseError;
  if (routine === "RevalidateCachedQuery") {
    // A migration changed the type of a column: under another name it is prepared anew.
    generation += 1;
    names.clear();
    return true;
  }
  // It is unknown to this connection, or there already: 26000 and 42P05.
  if (code !== "26000" && code !== "42P05") return false;
  if (prepares) log.info({ err: error }, "statements are not prepared: a pooler is in between");
  prepares = false;
  return true;
}
