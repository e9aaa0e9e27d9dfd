import assert from "node:assert/strict";
import { test } from "node:test";
import pg from "pg";
import { emptySchema, migration, patience } from "../../testing/migrations.ts";
import type { Failure } from "../failure.ts";
import { type Connect, migrateUp, migrationStatus } from "./migrate.ts";

const table = migration("0001_a", "create table a (n int)", "drop table a");

/** Neither applies anything nor says that nothing is pending. */
async function refuses(connect: Connect, message: string): Promise<void> {
  for (const run of [
    () => migrateUp(connect, [table], patience),
    () => migrationStatus(connect, [table]),
  ]) {
    await assert.rejects(run, (error: Failure) => {
      assert.equal(error.message.slice(0, message.length), message);
      assert.equal(error.exitCode, 78);
      return true;
    });
  }
}

function along(url: string, path: string): Connect {
  const target = new URL(url);
  target.searchParams.set("options", `-c search_path=${path}`);
  return async () => {
    const client = new pg.Client({ connectionString: target.href });
    await client.connect();
    return client;
  };
}

test("a schema that is not there is named at once", async () => {
  const { url } = await emptySchema();
  const message =
    "no schema of the search_path is there, or the role may use none of them: missing";
  await refuses(along(url, "missing"), message);
});

test("a table of that name that another program made is left alone", async () => {
  const { connect, query, schema } = await emptySchema();
  await query("create table schema_migrations (version bigint primary key)");
  await refuses(connect, `${schema}.schema_migrations is of another program`);
});

test("a view of that name is left alone, whatever its columns are", async () => {
  const { connect, query, schema } = await emptySchema();
  await query(
    `create view schema_migrations as
     select 'a'::text as name, 'b'::text as checksum, true as finished, now() as applied_at
     where false`,
  );
  await refuses(connect, `${schema}.schema_migrations is of another program`);
});

test("a schema that came in front of the history does not make everything anew", async () => {
  const { connect, url, exists, schema } = await emptySchema();
  const front = await emptySchema();
  await migrateUp(connect, [table], patience);
  await refuses(
    along(url, `${front.schema},${schema}`),
    `${schema}.schema_migrations has the history, but new tables would come into ${front.schema}`,
  );
  assert.equal(await exists("a"), true);
  assert.equal(await front.exists("a"), false);
});

test("another service's history further along the search_path is not in the way", async () => {
  const { connect, url, schema } = await emptySchema();
  const front = await emptySchema();
  await migrateUp(connect, [migration("0001_a", "select 1", "select 1")], patience);
  const both = along(url, `${front.schema},${schema}`);
  assert.deepEqual(await migrateUp(both, [table], patience), ["0001_a"]);
  assert.equal(await front.exists("a"), true);
});
