import plugin from "fastify-plugin";
import pg from "pg";
import databaseConfig from "../config/database.ts";
import { HttpProblem } from "../http-problem.ts";
import { isUnavailable } from "../postgres.ts";

declare module "fastify" {
  interface FastifyInstance {
    /** Pool of connections to PostgreSQL; it heals by itself when the server was away. */
    database: pg.Pool;
  }
}

const connectTimeout = 1000;

/** Connects the service to PostgreSQL, without which it is not ready. */
export default plugin(async (app) => {
  const settings = app.config.get(databaseConfig);
  const pool = new pg.Pool({
    connectionString: settings.DATABASE_URL,
    max: settings.DATABASE_POOL_MAX,
    connectionTimeoutMillis: connectTimeout,
    // The server gives up a little before the client does, so that its connection stays usable.
    statement_timeout: settings.DATABASE_TIMEOUT_MS,
    query_timeout: settings.DATABASE_TIMEOUT_MS + 500,
    keepAlive: true,
  });
  pool.on("error", (error) => app.log.warn({ err: error }, "lost an idle database connection"));

  app.decorate("database", pool);
  app.readiness.require("database", () => pool.query("select 1"));
  app.explanations.push((error) =>
    isUnavailable(error)
      ? new HttpProblem(503, {
          detail: "The database does not answer.",
          headers: { "retry-after": "1" },
        })
      : undefined,
  );
  app.addHook("onClose", () => pool.end());
});
