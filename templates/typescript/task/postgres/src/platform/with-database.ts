import pg from "pg";
import databaseConfig from "./config/database.ts";
import type { Config } from "./config.ts";
import { log } from "./log.ts";
import { isUnavailable, poolOptions, unavailable } from "./postgres.ts";

const connectionTimeoutMillis = 5000;

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
  const options = poolOptions(config.get(databaseConfig));
  const pool = new pg.Pool({ ...options, connectionTimeoutMillis });
  // The next query gets a connection of its own; without a listener this would end the process.
  pool.on("error", (error) => log.debug({ err: error }, "lost an idle database connection"));
  try {
    return await work(pool);
  } catch (error) {
    throw isUnavailable(error as Error) ? unavailable(error) : error;
  } finally {
    await pool.end();
  }
}
