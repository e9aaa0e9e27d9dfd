import plugin from "fastify-plugin";
import pg from "pg";
import databaseConfig from "../config/database.ts";
import { HttpProblem } from "../http-problem.ts";
import { isBusy, isUnavailable, poolOptions } from "../postgres.ts";

declare module "fastify" {
  interface FastifyInstance {
    /** Pool of connections to PostgreSQL; it heals by itself when the server was away. */
    database: pg.Pool;
  }
}

const connectionTimeoutMillis = 1000;

/** Connects the service to PostgreSQL, without which it is not ready. */
export default plugin(async (app) => {
  const options = { ...poolOptions(app.config.get(databaseConfig)), connectionTimeoutMillis };
  const pool = new pg.Pool(options);
  // A connection of its own: readiness does not queue behind requests, and is kept between two checks.
  const probe = new pg.Pool({ ...options, max: 1, idleTimeoutMillis: 0, query_timeout: 1000 });
  for (const each of [pool, probe]) {
    each.on("error", (error) => app.log.warn({ err: error }, "lost an idle database connection"));
    app.addHook("onClose", () => each.end());
  }
  app.decorate("database", pool);
  app.readiness.require("database", () => probe.query("select 1"));
  app.explanations.push((error) =>
    isUnavailable(error) || isBusy(error)
      ? new HttpProblem(503, {
          detail: "The database does not answer in time.",
          headers: { "retry-after": "1" },
        })
      : undefined,
  );

  app.measure("database_pool_open", "Open connections of the pool.", () => pool.totalCount);
  app.measure("database_pool_idle", "Connections that no query uses.", () => pool.idleCount);
  app.measure("database_pool_max", "Connections at most.", () => pool.options.max);
  app.measure("database_pool_waiting", "Queries without a connection.", () => pool.waitingCount);
});
