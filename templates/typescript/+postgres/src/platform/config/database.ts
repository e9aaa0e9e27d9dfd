import { X509Certificate } from "node:crypto";
import { createSecureContext } from "node:tls";
import pg from "pg";
import { z } from "zod";
import { integer, milliseconds, url } from "../fields.ts";

export default z.object({
  DATABASE_URL: url("postgres", "postgresql")
    .superRefine((value, context) => {
      const fault = faultOf(value);
      if (fault !== undefined) context.addIssue(fault);
    })
    .meta({
      description: "PostgreSQL that holds the data of the service.",
      examples: ["postgres://user:password@127.0.0.1:5432/database"],
      secret: true,
    }),
  DATABASE_POOL_MAX: integer(1, 1000)
    .default(10)
    .meta({ description: "Connections for requests that one process opens at most." }),
  DATABASE_TIMEOUT_MS: milliseconds(1)
    .default(5000)
    .meta({ description: "How long a query may take." }),
  MIGRATE_LOCK_TIMEOUT_MS: milliseconds().default(60_000).meta({
    description: "How long a migration waits for another to finish, and for locks on its tables.",
  }),
});

/** What the driver would stumble over when it connects. */
function faultOf(value: string): string | undefined {
  try {
    const { port, ssl } = new pg.Client({ connectionString: value });
    if (!(port >= 0 && port <= 65_535)) return "has a port that is not 0 to 65535";
    return typeof ssl !== "object" || isPem(ssl)
      ? undefined
      : "has a file in sslrootcert, sslcert or sslkey that is not PEM";
  } catch (error) {
    const { code, syscall, message } = error as NodeJS.ErrnoException;
    return syscall === undefined
      ? `cannot be used: ${message}`
      : `has a file in sslrootcert, sslcert or sslkey that cannot be read (${code})`;
  }
}

function isPem({ ca, cert, key }: { ca?: string; cert?: string; key?: string }): boolean {
  try {
    if (ca !== undefined) new X509Certificate(ca);
    createSecureContext({ cert, key });
    return true;
  } catch {
    return false;
  }
}
