import { writeFileSync } from "node:fs";
import { concerns } from "../dist/platform/config.js";
import { configSchema, envExample } from "../dist/platform/process/config-schema.js";

writeFileSync(".env.example", envExample(configSchema(await concerns())));
