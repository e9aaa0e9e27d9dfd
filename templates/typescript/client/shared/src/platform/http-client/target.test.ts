import assert from "node:assert/strict";
import { test } from "node:test";
import { target } from "./target.ts";

test("credentials leave the URL for a header", () => {
  const { url, headers } = target("https://app:p%40ss@stock:8443/v1");
  assert.equal(url("/items/1", {}).href, "https://stock:8443/v1/items/1");
  assert.deepEqual(headers, { authorization: `Basic ${btoa("app:p@ss")}` });
  assert.deepEqual(target("https://stock").headers, {});
});

test("a path cannot name another host", () => {
  assert.throws(() => target("https://stock").url("@other/", {}), TypeError);
});

for (const path of ["/items/..", "/items/%2e%2e", "/items?all=1", "/items#1", "/a b"]) {
  test(`the path ${path} is refused`, () => {
    assert.throws(() => target("https://stock/v1").url(path, {}), TypeError);
  });
}
