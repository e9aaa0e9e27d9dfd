import assert from "node:assert/strict";
import { mock, test } from "node:test";
import { emptySchema, migration, patience } from "../../testing/migrations.ts";
import type { Failure } from "../failure.ts";
import { log, output } from "../log.ts";
import { migrateDown, migrateUp, migrationStatus } from "./migrate.ts";

// PGlite has one session, and a session gets its own advisory lock twice.
const oneSession = process.env.EMBEDDED_POSTGRES
  ? "needs a DATABASE_URL with several sessions"
  : false;

const { connect, query, exists } = await emptySchema();

/** Resolves when the statement finds a row. */
async function appears(sql: string): Promise<void> {
  for (const until = Date.now() + patience; (await query(sql)).length === 0; ) {
    assert.ok(Date.now() < until, `no row: ${sql}`);
  }
}

/** The line that a failure ends with. */
function logged({ details, message }: Failure): string {
  const { level } = log;
  const write = mock.method(output, "write", () => undefined);
  log.level = "fatal";
  log.fatal(details, message);
  log.level = level;
  write.mock.restore();
  return String(write.mock.calls[0]?.arguments[0]);
}

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

test("a failure says the line, and no value or other text of the script", async () => {
  const script = "create table s (word text not null, n int check (n > 0));\n-- ö𝒳\n";
  for (const [statement, message] of [
    ["insert into s values ('S3cret'); select nope", /column "nope" does not exist \(line 3\)$/],
    ["insert into s values ('S3cret', 1 / 0)", /division by zero$/],
    ["insert into s values ('S3cret', 0)", /violates check constraint "s_n_check"$/],
  ] as const) {
    const leaky = migration("0003_leaky", script + statement, "");
    const error: Failure = await migrateUp(connect, [table, leaky], patience).catch((e) => e);
    assert.match(error.message, message);
    assert.doesNotMatch(logged(error), /S3cret|create table/);
  }
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

for (const statement of ["begin", "commit", "rollback; select 1", "savepoint a", "end"]) {
  test(`${statement} of its own is refused, and nothing stays`, async () => {
    const own = migration("0003_own", `create table own (n int); ${statement}; select 1 / 0`, "");
    await assert.rejects(migrateUp(connect, [table, own], patience), ({ message, details }) => {
      assert.match(message, /^0003_own failed: .* do not belong in the file/);
      assert.equal(details.reverted, true);
      return true;
    });
    assert.equal(await exists("own"), false);
  });
}

test("the words of a transaction in a text or a body are none of its own", async () => {
  const words = migration(
    "0003_words",
    `create function two() returns int language plpgsql as $$ begin; return 2; end $$;
     create function one() returns int language sql begin atomic; select 1; end;
     -- commit;
     create table words as select ';commit;' as text`.replace(" begin;", " begin"),
    "drop table words; drop function one; drop function two",
  );
  assert.deepEqual(await migrateUp(connect, [table, words], patience), ["0003_words"]);
  assert.deepEqual(await query("select text, one(), two() from words"), [
    { text: ";commit;", one: 1, two: 2 },
  ]);
  await migrateDown(connect, [table, words], 1, patience);
});

test("a script that cannot be run is not taken for applied, nor for reverted", async () => {
  const fault = "the file is not UTF-8";
  const made = migration("0003_unfit", "select 1", "select 1");
  const unfit = { ...made, up: { ...made.up, fault } };
  await assert.rejects(migrateUp(connect, [table, unfit], patience), {
    message: `0003_unfit failed: ${fault}`,
  });
  assert.deepEqual((await migrationStatus(connect, [table, unfit])).pending, ["0003_unfit"]);
  await migrateUp(connect, [table, made], patience);
  const oneWay = { ...made, down: { ...made.down, fault } };
  await assert.rejects(migrateDown(connect, [table, oneWay], 1, patience), {
    message: `0003_unfit failed: ${fault}`,
  });
  assert.deepEqual(await migrateDown(connect, [table, made], 1, patience), ["0003_unfit"]);
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
  await appears("select from pg_stat_activity where wait_event = 'PgSleep'");
  await assert.rejects(migrateUp(connect, [], 300), /did not finish within 300 ms/);
  await first;
});

const alter = migration("0005_alter", "alter table a add column m int", "select 1");

test("a lock is waited for without those who come after", { skip: oneSession }, async () => {
  await migrateUp(connect, [table], patience);
  const reader = await connect();
  await reader.query("begin; select from a");
  const migrating = migrateUp(connect, [table, alter], patience);
  await query("set statement_timeout = 5000");
  await appears("select from pg_locks where relation = 'a'::regclass and not granted");
  await query("select from a");
  await reader.query("rollback");
  await reader.end();
  assert.deepEqual(await migrating, ["0005_alter"]);
});

test("a lock that nobody lets go of is told, and nothing stays", { skip: oneSession }, async () => {
  const again = { ...alter, name: "0006_again", up: { ...alter.up, sql: "drop table a" } };
  const reader = await connect();
  await reader.query("begin; select from a");
  await assert.rejects(migrateUp(connect, [again], 0), ({ message, details }) => {
    assert.match(message, /^0006_again failed: .*lock timeout \(others use its table/);
    assert.equal(details.reverted, true);
    return true;
  });
  await reader.end();
  assert.equal(await exists("a"), true);
});
