import assert from "node:assert/strict";
import { test } from "node:test";
import { bucketOf, parseRollout, type Rollout, rollout, variantOf } from "./rollout.ts";

const users = Array.from({ length: 10_000 }, (_, i) => `user-${i}`);

function parsed(text: string): Rollout {
  const shares = parseRollout(text);
  assert.ok(shares, text);
  return shares;
}

/** The users of each variant. */
function split(text: string): Map<string, Set<string>> {
  const shares = parsed(text);
  const found = new Map(shares.map(({ variant }) => [variant, new Set<string>()]));
  for (const user of users) found.get(variantOf(shares, bucketOf("example", user)))?.add(user);
  return found;
}

test("the buckets of users are what they have always been", () => {
  const expected = { alice: 1067, bob: 8520, carol: 4615, "user-42": 4979 };
  for (const [user, bucket] of Object.entries(expected)) {
    assert.equal(bucketOf("example", user), bucket, user);
  }
});

test("off is nobody, on is everybody", () => {
  assert.deepEqual([...split("off").keys()], ["off"]);
  assert.deepEqual([...split("on").keys()], ["on"]);
  assert.equal(split("0%").get("on")?.size, 0);
  assert.equal(split("100%").get("on")?.size, users.length);
});

test("a percentage is about that part of the users, down to a hundredth", () => {
  for (const percent of [1, 10, 25, 50, 90]) {
    const size = split(`${percent}%`).get("on")?.size ?? 0;
    assert.ok(Math.abs(size / 100 - percent) < 1.5, `${percent}%: ${size}`);
  }
  assert.deepEqual(parsed("0.25%")[0], { variant: "on", upTo: 25 });
});

test("a percentage that grows only adds users", () => {
  let before = new Set<string>();
  for (const text of ["0%", "0.5%", "5%", "25%", "26%", "75%", "100%"]) {
    const now = split(text).get("on") ?? new Set();
    assert.ok(
      [...before].every((user) => now.has(user)),
      text,
    );
    before = now;
  }
});

test("variants share the users", () => {
  const sizes = [...split("control:50,blue:30,green:20")].map(([variant, { size }]) => [
    variant,
    Math.round(size / 500) * 5,
  ]);
  assert.deepEqual(sizes, [
    ["control", 50],
    ["blue", 30],
    ["green", 20],
  ]);
});

test("two flags do not choose the same users", () => {
  const both = users.filter((user) => bucketOf("one", user) < 5000 && bucketOf("two", user) < 5000);
  assert.ok(Math.abs(both.length - 2500) < 150, String(both.length));
});

for (const text of [
  "true",
  "ON",
  "25",
  "101%",
  "-1%",
  "0.001%",
  "1e1%",
  "a:50",
  "a:50,b:51",
  "a:50,a:50",
  "A:50,b:50",
  "a:50, b:50",
  "a:100,",
]) {
  test(`"${text}" is no rollout`, () => {
    const { error } = rollout().safeParse(text);
    assert.match(String(error?.issues[0]?.message), /^must be off, on, a percentage/);
  });
}
