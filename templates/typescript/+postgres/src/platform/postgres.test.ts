import assert from "node:assert/strict";
import { rmSync, writeFileSync } from "node:fs";
import { after, test } from "node:test";
import pg from "pg";
import { databaseEnvironment } from "../testing/database.ts";
import databaseConfig from "./config/database.ts";
import { poolOptions, prepared } from "./postgres.ts";

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

test("a connection has the credentials that the file of DATABASE_URL has by then", async () => {
  const [path, settings] = [
    `${import.meta.dirname}/url.tmp`,
    databaseConfig.parse({ DATABASE_URL }),
  ];
  const wrong = "postgres://nobody:old@127.0.0.1:1/none";
  const fresh = new pg.Pool({ ...poolOptions({ ...settings, DATABASE_URL: wrong }), max: 1 });
  const environment = { ...process.env };
  delete process.env.DATABASE_URL;
  process.env.DATABASE_URL_FILE = path;
  try {
    writeFileSync(path, wrong);
    await assert.rejects(fresh.query("select 1"), { code: "ECONNREFUSED" });
    writeFileSync(path, `${DATABASE_URL}\n`);
    assert.equal((await fresh.query("select 1 as n")).rows[0].n, 1);
  } finally {
    process.env = environment;
    rmSync(path, { force: true });
    await fresh.end();
  }
});
