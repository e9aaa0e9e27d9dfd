import { X509Certificate } from "node:crypto";
import { readFileSync } from "node:fs";
import { type ConnectionOptions, createSecureContext } from "node:tls";
import pg from "pg";
import { url } from "../fields.ts";

const files = ["sslrootcert", "sslcert", "sslkey"];

/** A URL that the driver can connect with: whatever it would stumble over later is found here. */
export function postgresUrl() {
  return url("postgres", "postgresql").superRefine((value, context) => {
    const message = faultOf(value);
    if (message !== undefined) context.addIssue(message);
  });
}

function faultOf(value: string): string | undefined {
  const parameters = new URL(value).searchParams;
  for (const name of files) {
    const file = parameters.get(name);
    const code = file ? unreadable(file) : undefined;
    if (code !== undefined) return `has a file in ${name} that cannot be read (${code})`;
  }
  try {
    const client = new pg.Client({ connectionString: value });
    if (!(client.port >= 0 && client.port <= 65_535)) return "has a port that is not 0 to 65535";
    if (typeof client.ssl === "object" && !isReadable(client.ssl)) {
      return `has a file in ${files.join(" or ")} that is not a certificate or key in PEM`;
    }
    return undefined;
  } catch (error) {
    return `cannot be used: ${(error as Error).message}`;
  }
}

function unreadable(file: string): string | undefined {
  try {
    readFileSync(file);
    return undefined;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code;
  }
}

function isReadable({ ca, cert, key }: ConnectionOptions): boolean {
  try {
    if (typeof ca === "string") new X509Certificate(ca);
    createSecureContext({ cert, key });
    return true;
  } catch {
    return false;
  }
}
