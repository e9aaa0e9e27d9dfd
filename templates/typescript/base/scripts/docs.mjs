import { writeFileSync } from "node:fs";
import { concerns } from "../dist/platform/config.js";
import { configTable, envExample } from "../dist/platform/process/config-docs.js";
import { configSchema } from "../dist/platform/process/config-schema.js";

const schema = configSchema(await concerns());
writeFileSync(".env.example", envExample(schema));
writeFileSync("docs/config.md", configTable(schema));
