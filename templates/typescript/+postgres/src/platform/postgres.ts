import { createHash } from "node:crypto";
import pg from "pg";
import type { z } from "zod";
import type databaseConfig from "./config/database.ts";
import { reread } from "./config.ts";
import { Failure } from "./failure.ts";
import { log } from "./log.ts";

// The log says the class of an error, which a bundle may call otherwise.
Object.defineProperty(pg.DatabaseError, "name", { value: "DatabaseError" });

// Class 08: connection; 53: resources, such as connections; 57P: the operator stops the server.
const unavailableState = /^(08|53|57P)/;
const networkFailure = /^(ECONN|EHOST|ENET|ENOTFOUND|EAI_|EPIPE|ETIMEDOUT)/;
const driverMessages =
  /^(Connection terminated|timeout e|Query read timeout|Client (was closed|has encountered))/;
// A time limit of the statement or of a lock, a deadlock, a conflict of two transactions.
const busyStates = ["57014", "55P03", "40P01", "40001"];

/** Whether an error of `pg` says that the server is away, rather than that the query is wrong. */
export function isUnavailable(error: Error & { code?: string; errors?: Error[] }): boolean {
  if (error instanceof pg.DatabaseError) return unavailableState.test(error.code ?? "");
  // A host name with several addresses fails with one error for each.
  if (error instanceof AggregateError) return error.errors.every(isUnavailable);
  return networkFailure.test(error.code ?? "") || driverMessages.test(error.message);
}

/** Whether others were in the way, or it took too long: later the same query may succeed. */
export function isBusy(error: unknown): boolean {
  return error instanceof pg.DatabaseError && busyStates.includes(error.code ?? "");
}

/** Whether a row with this unique value is there already. */
export function isUniqueViolation(error: unknown): boolean {
  return error instanceof pg.DatabaseError && error.code === "23505";
}

/** What a verb ends with (exit code 69) when the server is away. */
export function unavailable(error: unknown): Failure {
  const { message, code } = error as NodeJS.ErrnoException;
  return new Failure("unavailable", `the database is unavailable: ${message || code}`, {
    event: "database.unavailable",
  });
}

/** What a verb ends with (exit code 78) when the server cannot do what DATABASE_URL says. */
export function badUrl(reason: string): Failure {
  return new Failure("config", reason, {
    event: "config.invalid",
    details: { errors: [{ name: "DATABASE_URL", reason }] },
  });
}

/** A connection that is made with the credentials of now, also when their file was replaced since the start. */
class FreshClient extends pg.Client {
  constructor(options?: pg.ClientConfig) {
    super({ ...options, connectionString: reread("DATABASE_URL") ?? options?.connectionString });
  }
}

/** How a process of the service connects. */
export function poolOptions(settings: z.output<typeof databaseConfig>): pg.PoolConfig {
  return {
    Client: FreshClient,
    connectionString: settings.DATABASE_URL,
    max: settings.DATABASE_POOL_MAX,
    // The server gives up a little before the client does, so that its connection stays usable.
    statement_timeout: settings.DATABASE_TIMEOUT_MS,
    query_timeout: settings.DATABASE_TIMEOUT_MS + 500,
    keepAlive: true,
  };
}

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
