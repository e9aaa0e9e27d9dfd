import { fail, run } from "./platform/process/run.ts";
import { mapStackTraces } from "./platform/process/source-maps.ts";

mapStackTraces();

process.on("uncaughtException", fail);
process.on("unhandledRejection", fail);
run(process.argv.slice(2)).then((code) => process.exit(code), fail);
