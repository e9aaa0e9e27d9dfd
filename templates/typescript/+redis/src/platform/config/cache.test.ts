import assert from "node:assert/strict";
import { test } from "node:test";
import cacheConfig from "./cache.ts";

const url = cacheConfig.shape.REDIS_URL;

for (const [value, reason] of [
  ["redis://127.0.0.1:6379/orders", "has a database that is not a number"],
  ["redis://:s3%cret@127.0.0.1", "has a % in the user or password that is not written as %25"],
  [
    "redis://127.0.0.1:99999",
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

test("what the client takes is taken", () => {
  for (const value of ["redis://127.0.0.1", "rediss://user:s3%25cret@cache:6380/3"])
    assert.equal(url.parse(value), value);
});
