import { writeFileSync } from "node:fs";
import { bundle } from "./build.mjs";

await bundle(["src/platform/config.ts"], "dist/docs");
const { concerns, configSchema, envExample } = await import("../dist/docs/platform/config.js");
writeFileSync(".env.example", envExample(configSchema(concerns())));
