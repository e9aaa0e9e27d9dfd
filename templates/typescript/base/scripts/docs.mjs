import { writeFileSync } from "node:fs";
import { bundle } from "./build.mjs";

await bundle(["src/platform/config.ts", "src/platform/process/config-schema.ts"], "dist/docs");
const { concerns } = await import("../dist/docs/platform/config.js");
const { configSchema, envExample } = await import("../dist/docs/platform/process/config-schema.js");
writeFileSync(".env.example", envExample(configSchema(concerns())));
