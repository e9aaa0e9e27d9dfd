import assert from "node:assert/strict";
import { after, test } from "node:test";
import pg from "pg";
import { databaseEnvironment } from "../testing/database.ts";
import { prepared } from "./postgres.ts";

const { DATABASE_URL } = await databaseEnvironment();
const pool = new pg.Pool({ connectionString: DATABASE_URL, max: 1 });
after(() => pool.end());

// Its connections share one session, in which another may have prepared the same.
const oneSession = process.env.EMBEDDED_POSTGRES ? "needs a DATABASE_URL" : false;
const names = async () =>
  (await pool.query("select name from pg_prepared_statements")).rows.map(({ name }) => name);

test("a statement is prepared once by each connection", { skip: oneSession }, async () => {
  for (const n of [1, 2]) {
    assert.deepEqual(await prepared(pool, "select $1::int as n", [n]), [{ n }]);
  }
  assert.equal((await names()).length, 1);
});

test("a column that got another type is read as that", async () => {
  await pool.query("create table a as select 1 as n");
  const read = () => prepared(pool, "select n from a where n > $1", [0]);
  assert.deepEqual(await read(), [{ n: 1 }]);
  await pool.query("alter table a alter n type text using 'one'");
  await assert.rejects(read(), /operator does not exist|invalid input|text/);
  await pool.query("alter table a alter n type numeric using 2");
  assert.deepEqual(await read(), [{ n: "2" }]);
  assert.deepEqual(await read(), [{ n: "2" }]);
});

test("an error of the statement is its own", async () => {
  await assert.rejects(prepared(pool, "select 1 / $1::int as n", [0]), { code: "22012" });
});

test("a connection that lost what it prepared, as behind a pooler, works all the same", async () => {
  const read = () => prepared(pool, "select $1::int as n", [1]);
  await read();
  await pool.query("deallocate all");
  assert.deepEqual(await read(), [{ n: 1 }]);
  assert.deepEqual(await read(), [{ n: 1 }]);
});
