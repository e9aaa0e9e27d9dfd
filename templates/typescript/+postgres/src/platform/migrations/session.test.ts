import assert from "node:assert/strict";
import { test } from "node:test";
import { emptySchema, migration, patience } from "../../testing/migrations.ts";
import { migrateDown, migrateUp, migrationStatus } from "./migrate.ts";

for (const [what, sql] of Object.entries({
  "a search_path": "set search_path = pg_catalog",
  "the search_path of pg_dump": "select pg_catalog.set_config('search_path', '', false)",
  "a role": "set role pg_monitor",
  // PGlite cannot reset the user of its session.
  ...(process.env.EMBEDDED_POSTGRES ? {} : { "a user": "set session authorization pg_monitor" }),
  "a temporary table": "create temporary table b (n int)",
  "a date style": "set datestyle = 'German'",
})) {
  test(`${what} that one migration sets is gone for the history and for the next`, async () => {
    const { connect, exists, query, schema } = await emptySchema();
    const migrations = [
      migration("0001_set", sql, sql),
      migration("0002_b", "create table b as select current_date::text", "drop table b"),
    ];
    assert.deepEqual(await migrateUp(connect, migrations, patience), ["0001_set", "0002_b"]);
    assert.equal(await exists(`${schema}.b`), true);
    assert.match((await query(`select * from ${schema}.b`))[0].current_date, /^\d{4}-/);
    assert.deepEqual((await migrationStatus(connect, migrations)).pending, []);
    assert.deepEqual(await migrateDown(connect, migrations, 2, patience), ["0002_b", "0001_set"]);
  });
}
