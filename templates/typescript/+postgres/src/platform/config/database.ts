import { z } from "zod";
import { integer, milliseconds } from "../fields.ts";
import { postgresUrl } from "../process/postgres-url.ts";

export default z.object({
  DATABASE_URL: postgresUrl().meta({
    description: "PostgreSQL that holds the data of the service.",
    examples: ["postgres://user:password@127.0.0.1:5432/database"],
    secret: true,
  }),
  DATABASE_POOL_MAX: integer(1, 1000)
    .default(10)
    .meta({ description: "Connections that one process opens at most." }),
  DATABASE_TIMEOUT_MS: milliseconds(1)
    .default(5000)
    .meta({ description: "How long a query may take." }),
  MIGRATE_LOCK_TIMEOUT_MS: milliseconds()
    .default(60_000)
    .meta({ description: "How long to wait for another migration to finish." }),
});
