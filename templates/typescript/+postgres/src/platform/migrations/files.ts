import { isUtf8 } from "node:buffer";
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Failure } from "../failure.ts";

/** One way of a migration. */
export interface Script {
  sql: string;
  /** Whether it runs in a transaction: PostgreSQL refuses some statements there. */
  transaction: boolean;
  /** Why it cannot be run; one that was applied already stays as it was. */
  fault?: string | undefined;
}

export interface Migration {
  /** `0001_products`: number and name, the key in the history. */
  name: string;
  up: Script;
  down: Script;
  /** SHA-256 of the up script: it tells that the file was edited after it was applied. */
  checksum: string;
}

const upFile = /^(\d{4,}_[a-z0-9_]+)\.up\.sql$/;
const outside = /^--[ \t]*migrate:no-transaction[ \t]*(\n|$)/;

/**
 * Reads the migrations of a folder, in the order of their numbers.
 *
 * @throws Failure for a file that is misnamed, a number that is taken twice, a missing way back
 */
export function readMigrations(folder: string): Migration[] {
  const files = existsSync(folder)
    ? readdirSync(folder).filter((file) => /\.sql$/i.test(file))
    : [];
  const names = files
    .flatMap((file) => upFile.exec(file)?.[1] ?? [])
    .sort((a, b) => number(a) - number(b));
  const expected = names.flatMap((name) => [`${name}.up.sql`, `${name}.down.sql`]);
  const faults = [
    ...files
      .filter((file) => !expected.includes(file))
      .map((file) => `${file} belongs to no migration`),
    ...expected.filter((file) => !files.includes(file)).map((file) => `${file} is missing`),
    ...names
      .filter((name, index) => number(name) === number(names[index - 1] ?? ""))
      .map((name) => `${name} has the number of another migration`),
  ];
  if (faults.length > 0) throw new Failure("failed", `bad migrations: ${faults.join("; ")}`);
  return names.map((name) => {
    const up = read(join(folder, `${name}.up.sql`));
    const down = read(join(folder, `${name}.down.sql`));
    return { name, up, down, checksum: createHash("sha256").update(up.sql).digest("hex") };
  });
}

function number(name: string): number {
  return Number.parseInt(name, 10);
}

function read(path: string): Script {
  // Git may check out CRLF, and an editor may put a byte order mark in front: the same migration has
  // to have the same checksum on every machine.
  const bytes = readFileSync(path);
  const sql = new TextDecoder().decode(bytes).replaceAll("\r\n", "\n");
  return { sql, transaction: !outside.test(sql), fault: faultOf(bytes, sql) };
}

function faultOf(bytes: Buffer, sql: string): string | undefined {
  if (!isUtf8(bytes)) return "the file is not UTF-8";
  if (sql.replace(/--.*/g, "").trim() !== "") return undefined;
  return "the file has no statement yet (select 1; does nothing)";
}
