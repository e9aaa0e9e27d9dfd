import { join } from "node:path";
import pg from "pg";
import { parseVerb } from "../arguments.ts";
import databaseConfig from "../config/database.ts";
import { start } from "../config.ts";
import { Failure } from "../failure.ts";
import { log } from "../log.ts";
import { readMigrations } from "../migrations/files.ts";
import { migrateDown, migrateUp, migrationStatus } from "../migrations/migrate.ts";
import { badUrl, isUnavailable, unavailable } from "../postgres.ts";
import { root } from "../process/identity.ts";
import { print } from "../process/run.ts";
import { stopSignal } from "../process/shutdown.ts";

const folder = join(root, "migrations");
const connectTimeout = 5000;
const pendingExitCode = 3;

/** Applies what is pending; `--status` prints it instead, `--down [N]` reverts the last N (1). */
export async function run(args: string[]): Promise<number> {
  const { values, positionals } = parseVerb(
    args,
    { status: { type: "boolean" }, down: { type: "boolean" } },
    { positionals: true },
  );
  const steps = Number(positionals[0] ?? 1);
  const surplus = positionals.length > (values.down ? 1 : 0);
  if (surplus || (values.status && values.down) || !Number.isInteger(steps) || steps < 0) {
    throw new Failure("usage", "usage: migrate [--status | --down [N]]");
  }
  // The server rolls back what is under way.
  stopSignal().then((signal) => {
    log.warn({ "event.name": "migrate.interrupted", signal }, "interrupted");
    process.exit(1);
  });
  const config = (await start()).get(databaseConfig);
  const migrations = readMigrations(folder);
  const session = () => connect(config.DATABASE_URL);
  try {
    if (values.status) {
      const status = await migrationStatus(session, migrations);
      print(status);
      return status.pending.length > 0 ? pendingExitCode : 0;
    }
    const patience = config.MIGRATE_LOCK_TIMEOUT_MS;
    if (values.down) {
      const reverted = await migrateDown(session, migrations, steps, patience);
      log.info({ "event.name": "migrate.reverted", migrations: reverted }, "reverted");
    } else {
      const applied = await migrateUp(session, migrations, patience);
      log.info({ "event.name": "migrate.applied", migrations: applied }, "the schema is current");
    }
    return 0;
  } catch (error) {
    if (isUnavailable(error as Error)) throw unavailable(error);
    // Outside a migration, such as a right that the role lacks: the server's words say it all.
    if (!(error instanceof pg.DatabaseError)) throw error;
    throw new Failure("failed", `the database refused to migrate: ${error.message}`, {
      event: "migrate.refused",
      details: { code: error.code },
    });
  }
}

async function connect(url: string): Promise<pg.Client> {
  const client = new pg.Client({
    connectionString: url,
    connectionTimeoutMillis: connectTimeout,
    keepAlive: true,
  });
  // Whoever awaits a query gets the error as well; without a listener it would end the process.
  client.on("error", (error) => log.debug({ err: error }, "database connection lost"));
  try {
    await client.connect();
    // A killed migration would otherwise keep its lock until the statement that it left is done.
    await client.query(
      `select set_config(name, '1s', false) from pg_settings
       where name = 'client_connection_check_interval'`,
    );
  } catch (error) {
    const { code = "", message } = error as pg.DatabaseError;
    // What the options of the URL set is unknown to the server, or has a value that it refuses.
    if (/^(22|42)/.test(code)) throw badUrl(`the database refuses DATABASE_URL: ${message}`);
    throw unavailable(error);
  }
  return client;
}
