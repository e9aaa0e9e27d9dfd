import { randomBytes } from "node:crypto";
import { after } from "node:test";
import pg from "pg";
import type { Environment } from "../platform/config.ts";
import { testEnvironment } from "./environment.ts";

/**
 * An environment whose DATABASE_URL leads to an empty schema of its own, which is dropped after the
 * tests of the file: they find no data but theirs, and leave none. Call it outside any hook.
 */
export async function databaseEnvironment(overrides: Environment = {}): Promise<Environment> {
  const env = await testEnvironment(overrides);
  const schema = `test_${randomBytes(6).toString("hex")}`;
  const url = new URL(env.DATABASE_URL ?? "");
  await execute(url.href, `create schema ${schema}`);
  after(() => execute(url.href, `drop schema ${schema} cascade`));
  url.searchParams.set("options", `-c search_path=${schema}`);
  return { ...env, DATABASE_URL: url.href };
}

/** Runs one statement on a connection of its own. */
export async function execute(url: string | undefined, sql: string): Promise<pg.QueryResult> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await client.query(sql);
  } finally {
    await client.end();
  }
}
