import pg from "pg";
import databaseConfig from "./config/database.ts";
import type { Config } from "./config.ts";
import { Failure } from "./failure.ts";
import { log } from "./log.ts";
import { isUnavailable } from "./postgres.ts";

const connectTimeout = 5000;

/**
 * Gives `work` a pool of connections, and closes it afterwards. As in the service a query may take
 * DATABASE_TIMEOUT_MS: what takes longer holds locks for longer, so split it into batches.
 *
 * @throws Failure (exit code 69) when the database is away
 */
export async function withDatabase<T>(
  config: Config,
  work: (database: pg.Pool) => Promise<T>,
): Promise<T> {
  const settings = config.get(databaseConfig);
  const pool = new pg.Pool({
    connectionString: settings.DATABASE_URL,
    max: settings.DATABASE_POOL_MAX,
    connectionTimeoutMillis: connectTimeout,
    statement_timeout: settings.DATABASE_TIMEOUT_MS,
    query_timeout: settings.DATABASE_TIMEOUT_MS + 500,
    keepAlive: true,
  });
  // The next query gets a connection of its own; without a listener this would end the process.
  pool.on("error", (error) => log.debug({ err: error }, "lost an idle database connection"));
  try {
    return await work(pool);
  } catch (error) {
    if (!isUnavailable(error as Error)) throw error;
    const { message, code } = error as NodeJS.ErrnoException;
    throw new Failure("unavailable", `the database is unavailable: ${message || code}`, {
      event: "database.unavailable",
    });
  } finally {
    await pool.end();
  }
}
