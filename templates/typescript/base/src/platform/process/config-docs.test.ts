import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { concerns } from "../config.ts";
import { configTable, envExample } from "./config-docs.ts";
import { configSchema } from "./config-schema.ts";

const root = join(import.meta.dirname, "..", "..", "..");
const schema = configSchema(await concerns());

for (const [file, write] of [
  [".env.example", envExample],
  ["docs/config.md", configTable],
] as const) {
  test(`${file} says what the schema says; otherwise run: npm run docs`, () => {
    assert.equal(readFileSync(join(root, file), "utf8"), write(schema));
  });
}
