import assert from "node:assert/strict";
import { after, test } from "node:test";
import pg from "pg";
import { databaseEnvironment } from "../testing/database.ts";
import type { Migration } from "./files.ts";
import { migrateDown, migrateUp, migrationStatus } from "./migrate.ts";

// PGlite has one session, and a session gets its own advisory lock twice.
const oneSession = process.env.EMBEDDED_POSTGRES
  ? "needs a DATABASE_URL with several sessions"
  : false;
const patience = 10_000;

const { DATABASE_URL: url } = await databaseEnvironment();
const clients: pg.Client[] = [];
after(() => Promise.all(clients.map((client) => client.end())));

async function connect(): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  clients.push(client);
  return client;
}

function migration(name: string, up: string, down: string, transaction = true): Migration {
  return { name, checksum: up, up: { sql: up, transaction }, down: { sql: down, transaction } };
}

async function exists(client: pg.Client, name: string): Promise<boolean> {
  return (await client.query("select to_regclass($1) as name", [name])).rows[0].name !== null;
}

const table = migration("0001_a", "create table a (n int)", "drop table a");
const index = migration(
  "0002_a_n",
  "create index concurrently a_n on a (n)",
  "drop index concurrently if exists a_n",
  false,
);
const broken = migration("0003_b", "create table b (n int); select 1 / 0", "drop table b");
const duplicates = migration(
  "0003_unique",
  "create unique index concurrently a_unique on a (n)",
  "drop index concurrently if exists a_unique",
  false,
);

test("up and down, step by step", async () => {
  const client = await connect();
  assert.deepEqual(await migrationStatus(client, [table]), { applied: [], pending: ["0001_a"] });
  assert.deepEqual(await migrateUp(client, [table], patience), ["0001_a"]);
  assert.deepEqual(await migrateUp(client, [table], patience), []);
  assert.deepEqual(await migrateUp(client, [table, index], patience), ["0002_a_n"]);
  assert.deepEqual(await migrationStatus(client, [table, index]), {
    applied: ["0001_a", "0002_a_n"],
    pending: [],
  });
  assert.deepEqual(await migrateDown(client, [table, index], 1, patience), ["0002_a_n"]);
  assert.deepEqual(await migrateDown(client, [table, index], 5, patience), ["0001_a"]);
  assert.equal(await exists(client, "a"), false);
});

test("a failing migration leaves the schema and the history as they were", async () => {
  const client = await connect();
  await migrateUp(client, [table], patience);
  await assert.rejects(
    migrateUp(client, [table, broken], patience),
    /0003_b failed: division by zero/,
  );
  assert.equal(await exists(client, "b"), false);
  assert.deepEqual(await migrationStatus(client, [table, broken]), {
    applied: ["0001_a"],
    pending: ["0003_b"],
  });
});

test("so does one that fails outside a transaction", async () => {
  const client = await connect();
  await client.query("insert into a values (1), (1)");
  await assert.rejects(migrateUp(client, [table, duplicates], patience), /0003_unique failed/);
  assert.equal(await exists(client, "a_unique"), false);
  await client.query("delete from a");
});

test("what a killed run left half done is done again", async () => {
  const client = await connect();
  // An interrupted CREATE INDEX CONCURRENTLY leaves an index that is there and not valid.
  await client.query("create index a_n on a (n)");
  await client.query(
    "insert into schema_migrations (name, checksum, finished) values ('0002_a_n', $1, false)",
    [index.checksum],
  );
  assert.deepEqual((await migrationStatus(client, [table, index])).pending, ["0002_a_n"]);
  assert.deepEqual(await migrateUp(client, [table, index], patience), ["0002_a_n"]);
});

test("a migration that was edited after it was applied is refused", async () => {
  const client = await connect();
  const edited = { ...table, checksum: "another" };
  await assert.rejects(
    migrateUp(client, [edited], patience),
    /edited after it was applied: 0001_a/,
  );
  await assert.rejects(migrationStatus(client, [edited]), /edited/);
});

test("a newer version's migrations do not stop an older one", async () => {
  assert.deepEqual(await migrateUp(await connect(), [table], patience), []);
});

test("six at once apply each migration once", { skip: oneSession }, async () => {
  await migrateDown(await connect(), [table, index], 2, patience);
  const runners = await Promise.all(Array.from({ length: 6 }, connect));
  const applied = await Promise.all(
    runners.map((client) => migrateUp(client, [table, index], patience)),
  );
  assert.deepEqual(applied.flat().sort(), ["0001_a", "0002_a_n"]);
});

test("a lock that nobody frees is not waited for for ever", { skip: oneSession }, async () => {
  const slow = migration("0004_slow", "select pg_sleep(2)", "select 1");
  const first = migrateUp(await connect(), [slow], patience);
  await assert.rejects(migrateUp(await connect(), [], 300), /did not finish within 300 ms/);
  await first;
});
