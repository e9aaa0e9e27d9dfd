import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { emptySchema, migration, patience } from "../../testing/migrations.ts";
import { migrateDown, migrateUp, migrationStatus } from "./migrate.ts";

const { connect, query, exists, schema } = await emptySchema();

const index = migration(
  "0002_a_n",
  "-- What is looked for most.\ncreate index concurrently a_n on a (n)",
  "drop index concurrently if exists a_n",
  false,
);
const unique = migration(
  "0002_unique",
  'create unique index concurrently if not exists "A n" on a (n)',
  'drop index concurrently if exists "A n"',
  false,
);
const begun = "insert into schema_migrations (name, checksum, finished) values ($1, $2, false)";
const nothing = migration("0001_nothing", "select 1", "select 1");

async function makeInvalid(name: string): Promise<void> {
  await query("insert into a values (1), (1)");
  await assert.rejects(query(`create unique index concurrently ${name} on a (n)`));
  await query("delete from a");
}

async function valid(name: string): Promise<boolean | undefined> {
  const sql = "select indisvalid from pg_index where indexrelid = to_regclass($1)";
  return (await query(sql, [name]))[0]?.indisvalid;
}

beforeEach(async () => {
  await query("drop table if exists a, schema_migrations");
  await query("create table a (n int)");
  await migrateUp(connect, [nothing], patience);
});

test("an index is made and dropped", async () => {
  assert.deepEqual(await migrateUp(connect, [index], patience), ["0002_a_n"]);
  assert.equal(await valid("a_n"), true);
  assert.deepEqual(await migrateUp(connect, [index], patience), []);
  assert.deepEqual(await migrateDown(connect, [index], 1, patience), ["0002_a_n"]);
  assert.equal(await exists("a_n"), false);
});

test("an index that a person made stays when the migration fails for it", async () => {
  await query("create index a_n on a (n)");
  for (let run = 0; run < 2; run++) {
    await assert.rejects(migrateUp(connect, [index], patience), {
      message: '0002_a_n failed: relation "a_n" already exists',
    });
    assert.equal(await valid("a_n"), true);
    assert.deepEqual((await migrationStatus(connect, [index])).pending, ["0002_a_n"]);
  }
  await query("drop index a_n");
  assert.deepEqual(await migrateUp(connect, [index], patience), ["0002_a_n"]);
});

test("what a failing one leaves of its own index is dropped", async () => {
  await query("insert into a values (1), (1)");
  await assert.rejects(migrateUp(connect, [unique], patience), {
    message: '0002_unique failed: could not create unique index "A n"',
  });
  assert.equal(await exists('"A n"'), false);
  await query("delete from a");
  assert.deepEqual(await migrateUp(connect, [unique], patience), ["0002_unique"]);
});

test("an index of somebody else that is not valid is neither taken for it nor dropped", async () => {
  await makeInvalid('"A n"');
  await assert.rejects(migrateUp(connect, [unique], patience), {
    message: `0002_unique failed: ${schema}."A n" was there already, and is not valid: drop it`,
  });
  assert.equal(await valid('"A n"'), false);
});

test("what a killed run left half done is done again", async () => {
  await makeInvalid("a_n");
  await query(begun, [index.name, index.checksum]);
  assert.deepEqual((await migrationStatus(connect, [index])).pending, ["0002_a_n"]);
  assert.deepEqual(await migrateUp(connect, [index], patience), ["0002_a_n"]);
  assert.equal(await valid("a_n"), true);
});

test("what a killed run had just finished is kept", async () => {
  await query("create index a_n on a (n)");
  const [made] = await query("select to_regclass('a_n')::oid as oid");
  await query(begun, [index.name, index.checksum]);
  assert.deepEqual(await migrateUp(connect, [index], patience), ["0002_a_n"]);
  assert.deepEqual((await query("select to_regclass('a_n')::oid as oid"))[0], made);
});

test("one that was begun and never finished may be edited", async () => {
  await query(begun, [index.name, "another"]);
  assert.deepEqual(await migrateUp(connect, [index], patience), ["0002_a_n"]);
  assert.deepEqual(await migrateUp(connect, [index], patience), []);
});

test("the way back is not taken for a statement of another kind", async () => {
  const vacuum = migration("0002_vacuum", "vacuum missing", "drop table a", false);
  await assert.rejects(migrateUp(connect, [vacuum], patience), ({ message, details }) => {
    assert.match(message, /^0002_vacuum failed: relation "missing" does not exist\. What it did/);
    assert.equal(details.reverted, false);
    return true;
  });
  assert.equal(await exists("a"), true);
});

test("two statements in one file are refused, and nothing stays", async () => {
  const two = migration("0002_two", "vacuum; vacuum a", "select 1", false);
  await assert.rejects(migrateUp(connect, [two], patience), ({ message, details }) => {
    assert.equal(message, "0002_two failed: a file without a transaction has one statement");
    assert.equal(details.reverted, true);
    return true;
  });
  assert.deepEqual(await query("select from schema_migrations where not finished"), []);
});

test("a way back that fails is told, and can be taken again", async () => {
  await migrateUp(connect, [index], patience);
  const wrong = { ...index, down: { ...index.down, sql: "drop index concurrently b_n" } };
  await assert.rejects(migrateDown(connect, [wrong], 1, patience), /neither applied nor reverted/);
  assert.deepEqual((await migrationStatus(connect, [index])).pending, ["0002_a_n"]);
  assert.deepEqual(await migrateDown(connect, [index], 1, patience), ["0002_a_n"]);
  assert.equal(await exists("a_n"), false);
});
