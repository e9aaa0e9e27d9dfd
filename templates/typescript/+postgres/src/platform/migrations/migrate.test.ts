import assert from "node:assert/strict";
import { test } from "node:test";
import { emptySchema, migration, patience } from "../../testing/migrations.ts";
import { migrateDown, migrateUp, migrationStatus } from "./migrate.ts";

// PGlite has one session, and a session gets its own advisory lock twice.
const oneSession = process.env.EMBEDDED_POSTGRES
  ? "needs a DATABASE_URL with several sessions"
  : false;

const { connect, query, exists } = await emptySchema();

const table = migration("0001_a", "create table a (n int)", "drop table a");
const other = migration("0002_b", "create table b (n int)", "drop table b");
const broken = migration("0003_c", "create table c (n int); select 1 / 0", "drop table c");

test("up and down, step by step", async () => {
  assert.deepEqual(await migrationStatus(connect, [table]), { applied: [], pending: ["0001_a"] });
  assert.deepEqual(await migrateUp(connect, [table], patience), ["0001_a"]);
  assert.deepEqual(await migrateUp(connect, [table], patience), []);
  assert.deepEqual(await migrateUp(connect, [table, other], patience), ["0002_b"]);
  assert.deepEqual(await migrationStatus(connect, [table, other]), {
    applied: ["0001_a", "0002_b"],
    pending: [],
  });
  assert.deepEqual(await migrateDown(connect, [table, other], 1, patience), ["0002_b"]);
  assert.deepEqual(await migrateDown(connect, [table, other], 5, patience), ["0001_a"]);
  assert.equal(await exists("a"), false);
});

test("a failing migration leaves the schema and the history as they were", async () => {
  await migrateUp(connect, [table], patience);
  await assert.rejects(migrateUp(connect, [table, broken], patience), {
    message: "0003_c failed: division by zero",
  });
  assert.equal(await exists("c"), false);
  assert.deepEqual(await migrationStatus(connect, [table, broken]), {
    applied: ["0001_a"],
    pending: ["0003_c"],
  });
});

test("so does one that fails when it is committed", async () => {
  const late = migration(
    "0003_late",
    `create table late (n int unique deferrable initially deferred);
     insert into late values (1), (1)`,
    "drop table late",
  );
  await assert.rejects(migrateUp(connect, [table, late], patience), ({ message, details }) => {
    assert.match(message, /^0003_late failed: duplicate key/);
    assert.equal(details.reverted, true);
    return true;
  });
  assert.equal(await exists("late"), false);
});

test("one that ended its transaction itself and then fails is not called reverted", async () => {
  const half = migration(
    "0003_half",
    "begin; create table half (id int); commit; select 1 / 0",
    "drop table half",
  );
  await assert.rejects(migrateUp(connect, [table, half], patience), ({ message, details }) => {
    assert.match(message, /^0003_half failed: division by zero\. What it did before may stay/);
    assert.equal(details.reverted, false);
    return true;
  });
  assert.equal(await exists("half"), true);
  await query("drop table half");

  const undone = migration("0003_undone", "rollback; create table half (id int)", "select 1");
  await assert.rejects(migrateUp(connect, [table, undone], patience), ({ message, details }) => {
    assert.match(message, /^0003_undone failed: it rolled its own transaction back/);
    assert.equal(details.reverted, false);
    return true;
  });
  await query("drop table half");

  const gone = migration("0003_gone", "rollback; create table gone (id int); select 1 / 0", "");
  await assert.rejects(migrateUp(connect, [table, gone], patience), ({ message, details }) => {
    assert.equal(message, "0003_gone failed: division by zero");
    assert.equal(details.reverted, true);
    return true;
  });
  assert.equal(await exists("gone"), false);

  const whole = migration("0003_whole", "begin; create table half (id int); commit", "select 1");
  assert.deepEqual(await migrateUp(connect, [table, whole], patience), ["0003_whole"]);
  await query("drop table half");
  await migrateDown(connect, [table, whole], 1, patience);
});

for (const [what, sql, isUtf8, message] of [
  [
    "nobody has written yet",
    "-- ship it\n",
    true,
    "the file has no statement yet (select 1; does nothing)",
  ],
  ["has bytes that are not UTF-8", "select '\uFFFD'", false, "the file is not UTF-8"],
] as const) {
  test(`one that ${what} is not taken for applied`, async () => {
    const made = migration("0003_unfit", sql, "-- the way back\n");
    const unfit = { ...made, up: { ...made.up, isUtf8 } };
    await assert.rejects(migrateUp(connect, [table, unfit], patience), {
      message: `0003_unfit failed: ${message}`,
    });
    assert.deepEqual((await migrationStatus(connect, [table, unfit])).pending, ["0003_unfit"]);
  });
}

test("a way back that nobody has written is not taken for done", async () => {
  const oneWay = migration("0003_one_way", "select 1", "-- the way back\n");
  await migrateUp(connect, [table, oneWay], patience);
  await assert.rejects(migrateDown(connect, [table, oneWay], 1, patience), {
    message: "0003_one_way failed: the file has no statement yet (select 1; does nothing)",
  });
  const written = { ...oneWay, down: { ...oneWay.down, sql: "select 1" } };
  assert.deepEqual(await migrateDown(connect, [written], 1, patience), ["0003_one_way"]);
});

test("a migration that was edited after it was applied is refused", async () => {
  const edited = { ...table, checksum: "another" };
  await assert.rejects(
    migrateUp(connect, [edited], patience),
    /edited after it was applied: 0001_a/,
  );
  await assert.rejects(migrationStatus(connect, [edited]), /edited/);
});

test("a newer version's migrations do not stop an older one", async () => {
  await migrateUp(connect, [table, other], patience);
  assert.deepEqual(await migrateUp(connect, [table], patience), []);
  await migrateDown(connect, [table, other], 2, patience);
});

test("six at once apply each migration once", { skip: oneSession }, async () => {
  const runners = Array.from({ length: 6 }, () => migrateUp(connect, [table, other], patience));
  assert.deepEqual((await Promise.all(runners)).flat().sort(), ["0001_a", "0002_b"]);
});

test("a lock that nobody frees is not waited for for ever", { skip: oneSession }, async () => {
  const slow = migration("0004_slow", "select pg_sleep(2)", "select 1");
  const first = migrateUp(connect, [slow], patience);
  const running = "select from pg_stat_activity where query = 'select pg_sleep(2)'";
  while ((await query(running)).length === 0);
  await assert.rejects(migrateUp(connect, [], 300), /did not finish within 300 ms/);
  await first;
});
