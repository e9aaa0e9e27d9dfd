import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { readMigrations } from "./files.ts";

function folder(context: TestContext, files: Record<string, string | Uint8Array>): string {
  const path = mkdtempSync(join(tmpdir(), "migrations-"));
  context.after(() => rmSync(path, { recursive: true }));
  for (const [name, sql] of Object.entries(files)) writeFileSync(join(path, name), sql);
  return path;
}

test("migrations come in the order of their numbers", (context) => {
  const names = readMigrations(
    folder(context, {
      "10000_c.up.sql": "",
      "10000_c.down.sql": "",
      "0002_b.up.sql": "",
      "0002_b.down.sql": "",
      "README.md": "",
    }),
  ).map(({ name }) => name);
  assert.deepEqual(names, ["0002_b", "10000_c"]);
});

test("line endings and a byte order mark make no difference", (context) => {
  const [a, b, c] = readMigrations(
    folder(context, {
      "0001_a.up.sql": "-- migrate:no-transaction\nselect 1;\n",
      "0001_a.down.sql": "",
      "0002_b.up.sql": "-- migrate:no-transaction\r\nselect 1;\r\n",
      "0002_b.down.sql": "",
      "0003_c.up.sql": "\uFEFF-- migrate:no-transaction\nselect 1;\n",
      "0003_c.down.sql": "\uFEFFselect 1;\n",
    }),
  );
  assert.equal(a?.checksum, b?.checksum);
  assert.equal(b?.up.transaction, false);
  assert.deepEqual(c, {
    ...a,
    name: "0003_c",
    down: { sql: "select 1;\n", transaction: true, fault: undefined },
  });
});

test("blanks around the mark of what runs outside a transaction make no difference", (context) => {
  const marks = ["-- migrate:no-transaction", "--migrate:no-transaction \nselect 1;"];
  for (const mark of marks) {
    const [a] = readMigrations(folder(context, { "0001_a.up.sql": mark, "0001_a.down.sql": "" }));
    assert.equal(a?.up.transaction, false);
    assert.equal(a?.down.transaction, true);
  }
});

test("a file that is not UTF-8, or has no statement yet, is no script", (context) => {
  const [a, b] = readMigrations(
    folder(context, {
      "0001_a.up.sql": "select '\uFFFD'",
      "0001_a.down.sql": Buffer.from("select 'gr\xfc\xdfe'", "latin1"),
      "0002_b.up.sql": "-- ship it\n",
      "0002_b.down.sql": "-- the way back\nselect 1",
    }),
  );
  assert.equal(a?.up.fault, undefined);
  assert.equal(a?.down.fault, "the file is not UTF-8");
  assert.equal(b?.up.fault, "the file has no statement yet (select 1; does nothing)");
  assert.equal(b?.down.fault, undefined);
});

test("what is missing, misnamed or numbered twice is refused", (context) => {
  const path = folder(context, {
    "0001_a.up.sql": "",
    "0001_b.up.sql": "",
    "0001_b.down.sql": "",
    "3_c.up.sql": "",
    "0004_D.SQL": "",
  });
  assert.throws(() => readMigrations(path), {
    message:
      "bad migrations: 0004_D.SQL belongs to no migration; 3_c.up.sql belongs to no migration; 0001_a.down.sql is missing; " +
      "0001_b has the number of another migration",
  });
});
