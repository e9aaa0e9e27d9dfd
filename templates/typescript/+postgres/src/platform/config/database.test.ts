import assert from "node:assert/strict";
import { test } from "node:test";
import databaseConfig from "./database.ts";

const url = databaseConfig.shape.DATABASE_URL;

const start = "postgres://user:s3cret@127.0.0.1:5432/orders";

for (const [value, reason] of [
  [
    `${start}?sslrootcert=/missing`,
    "has a file in sslrootcert, sslcert or sslkey that cannot be read (ENOENT)",
  ],
  [
    `${start}?sslkey=/`,
    "has a file in sslrootcert, sslcert or sslkey that cannot be read (EISDIR)",
  ],
  [
    `${start}?sslrootcert=${import.meta.filename}`,
    "has a file in sslrootcert, sslcert or sslkey that is not PEM",
  ],
  [`${start}?port=99999`, "has a port that is not 0 to 65535"],
  [`${start}%E0%A4`, "cannot be used: URI malformed"],
  [
    "postgres://user:s3/cret@127.0.0.1/orders",
    "cannot be read as a URL: a port is at most 65535, and / ? # in a password are %2F %3F %23",
  ],
] as const) {
  test(`a URL that ${reason.split(":")[0]}`, () => {
    const { error } = url.safeParse(value);
    assert.deepEqual(
      error?.issues.map(({ message }) => message),
      [reason],
    );
  });
}

test("what the driver takes is taken", () => {
  for (const value of [start, "postgres:///orders", `${start}?sslmode=verify-full`])
    assert.equal(url.parse(value), value);
});
