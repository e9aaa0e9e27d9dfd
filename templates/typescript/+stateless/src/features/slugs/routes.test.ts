import assert from "node:assert/strict";
import { after, test } from "node:test";
import { buildApp } from "../../platform/app.ts";
import { loadConfig } from "../../platform/config.ts";
import { testEnvironment } from "../../testing/environment.ts";

const app = await buildApp(await loadConfig(await testEnvironment()));
after(() => app.close());

for (const [title, slug] of [
  ["Hello, World", "hello-world"],
  ["  Crème brûlée!  ", "creme-brulee"],
  ["Ñandú №2", "nandu-no2"],
  ["日本語 タイトル", "日本語-タイトル"],
  ["!!!", ""],
]) {
  test(`"${title}" becomes "${slug}", the second time as well`, async () => {
    for (let i = 0; i < 2; i++) {
      const response = await app.inject({ method: "POST", url: "/slugs", payload: { title } });
      assert.equal(response.statusCode, 200);
      assert.deepEqual(response.json(), { slug });
    }
  });
}

for (const payload of [{}, { title: " " }, { title: "t".repeat(201) }, { title: 1 }]) {
  test(`${JSON.stringify(payload).slice(0, 20)} is refused`, async () => {
    const response = await app.inject({ method: "POST", url: "/slugs", payload });
    assert.equal(response.statusCode, 400);
    assert.equal(response.headers["content-type"], "application/problem+json");
  });
}
