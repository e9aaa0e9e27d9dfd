import assert from "node:assert/strict";
import { test } from "node:test";
import { testEnvironment } from "./testing/environment.ts";
import { run, start } from "./testing/run.ts";

const env = await testEnvironment({ PORT: "0", LOG_LEVEL: "info" });

for (const signal of ["SIGTERM", "SIGINT"] as const) {
  test(`web serves until ${signal}, then exits 0`, async () => {
    const service = start(["web"], env);
    const { "server.port": port } = await service.event("listening");
    const response = await fetch(`http://127.0.0.1:${port}/livez`);
    assert.equal(response.status, 200);
    await response.text();
    const probe = await run(["healthcheck"], { ...env, PORT: String(port) });
    assert.equal(probe.code, 0);
    service.process.kill(signal);
    assert.equal(await service.exit, 0);
    assert.ok(service.lines.every((line) => line["service.name"] && line.time && line.level));
  });
}

test("a taken port exits 1 and says so", async () => {
  const first = start(["web"], env);
  const port = String((await first.event("listening"))["server.port"]);
  const second = await run(["web"], { ...env, PORT: port });
  assert.equal(second.code, 1);
  assert.match(String(second.lines.at(-1)?.msg), new RegExp(`port ${port} .*in use`));
  first.process.kill();
  assert.equal(await first.exit, 0);
});

test("a bad environment exits 78 before anything else, with one line", async () => {
  const { code, lines } = await run(["web"], { ...env, PORT: "abc" });
  assert.equal(code, 78);
  assert.deepEqual(
    lines.map((line) => [line["event.name"], line.errors]),
    [["config.invalid", [{ name: "PORT", reason: "must be a whole number" }]]],
  );
});

test("an unknown verb or option exits 64", async () => {
  assert.equal((await run(["dance"], env)).code, 64);
  assert.equal((await run(["config", "--dance"], env)).code, 64);
  assert.equal((await run(["web", "dance"], env)).code, 64);
});

test("healthcheck exits 1 where nothing listens", async () => {
  assert.equal((await run(["healthcheck"], { PORT: "1" })).code, 1);
});

test("config and version print JSON", async () => {
  assert.deepEqual(await run(["config", "--check"], env), {
    code: 0,
    lines: [{ status: "valid" }],
  });
  const [schema] = (await run(["config", "--schema"], {})).lines;
  assert.ok(Object.keys(schema?.properties ?? {}).includes("PORT"));
  const version = await run(["version"], {});
  assert.ok(version.lines[0]?.revision);
});
