import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { z } from "zod";
import { testEnvironment } from "../testing/environment.ts";
import httpConfig from "./config/http.ts";
import { concerns, configSchema, envExample, loadConfig } from "./config.ts";
import { Failure } from "./failure.ts";
import { root } from "./process/identity.ts";

interface Problem {
  name: string;
  reason: string;
}

const folder = mkdtempSync(join(tmpdir(), "config-"));
after(() => rmSync(folder, { recursive: true }));

async function problems(overrides: Record<string, string>): Promise<Problem[]> {
  try {
    await loadConfig(await testEnvironment(overrides));
  } catch (error) {
    assert.ok(error instanceof Failure);
    assert.equal(error.exitCode, 78);
    return (error.details as { errors: Problem[] }).errors;
  }
  return [];
}

test("an empty variable counts as unset", async () => {
  const config = await loadConfig(await testEnvironment({ HOST: "" }));
  assert.equal(config.get(httpConfig).HOST, "0.0.0.0");
});

test("every bad variable is named, without its value", async () => {
  const found = await problems({
    PORT: "eighty",
    LOG_LEVEL: "loud",
    OTEL_EXPORTER_OTLP_ENDPOINT: "s3cret",
  });
  assert.deepEqual(found.map(({ name }) => name).sort(), [
    "LOG_LEVEL",
    "OTEL_EXPORTER_OTLP_ENDPOINT",
    "PORT",
  ]);
  assert.doesNotMatch(JSON.stringify(found), /eighty|loud|s3cret/);
});

for (const value of ["-1", "65536", "8e3", "0x50", "80 80", "8080.5"]) {
  test(`PORT=${value} is refused`, async () => {
    assert.deepEqual(
      (await problems({ PORT: value })).map(({ name }) => name),
      ["PORT"],
    );
  });
}

test("NAME_FILE holds the value", async () => {
  const file = join(folder, "port");
  writeFileSync(file, "9090\n");
  const config = await loadConfig(await testEnvironment({ PORT_FILE: file }));
  assert.equal(config.get(httpConfig).PORT, 9090);
});

test("NAME_FILE loses its last newline and nothing else", async () => {
  const file = join(folder, "value");
  const concern = z.object({ PASSPHRASE: z.string() });
  for (const [content, value] of Object.entries({
    "a b \n": "a b ",
    "a\r\n": "a",
    "a\n\n": "a\n",
  })) {
    writeFileSync(file, content);
    const config = await loadConfig(await testEnvironment({ PASSPHRASE_FILE: file }), [concern]);
    assert.equal(config.get(concern).PASSPHRASE, value);
  }
});

test("NAME and NAME_FILE at once are refused", async () => {
  assert.deepEqual(await problems({ PORT: "1", PORT_FILE: join(folder, "port") }), [
    { name: "PORT", reason: "is set twice, also as PORT_FILE" },
  ]);
});

test("a file that cannot be read is named", async () => {
  assert.deepEqual(await problems({ PORT_FILE: join(folder, "missing") }), [
    { name: "PORT", reason: "PORT_FILE cannot be read (ENOENT)" },
  ]);
});

test("the delay of a stop has to fit into its budget", async () => {
  const found = await problems({ SHUTDOWN_DELAY_MS: "8000" });
  assert.deepEqual(
    found.map(({ name }) => name),
    ["SHUTDOWN_DELAY_MS"],
  );
});

test(".env.example says what the schema says; otherwise run the script docs", () => {
  const file = join(root, ".env.example");
  assert.equal(readFileSync(file, "utf8"), envExample(configSchema(concerns())));
});
