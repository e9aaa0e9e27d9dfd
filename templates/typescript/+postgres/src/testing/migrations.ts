import { after } from "node:test";
import pg from "pg";
import type { Migration } from "../platform/migrations/files.ts";
import { databaseEnvironment } from "./database.ts";

/** How long a test waits for another migration, in milliseconds. */
export const patience = 10_000;

/** A migration that no file has. */
export function migration(name: string, up: string, down: string, transaction = true): Migration {
  const script = (sql: string) => ({ sql, transaction });
  return { name, checksum: up, up: script(up), down: script(down) };
}

/** An empty schema of its own: opens sessions there, and asks one of them. */
export async function emptySchema() {
  const { DATABASE_URL: url } = await databaseEnvironment();
  const connect = async (): Promise<pg.Client> => {
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    return client;
  };
  const client = await connect();
  after(() => client.end());
  const query = async (sql: string, values: unknown[] = []) =>
    (await client.query(sql, values)).rows;
  const exists = async (name: string): Promise<boolean> =>
    (await query("select to_regclass($1) as name", [name]))[0].name !== null;
  const schema: string = (await query("select current_schema() as name"))[0].name;
  return { connect, query, exists, schema, url: url ?? "" };
}
