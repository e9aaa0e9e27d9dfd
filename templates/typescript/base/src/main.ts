import { fail, run } from "./platform/process/run.ts";

process.on("uncaughtException", fail);
process.on("unhandledRejection", fail);
run(process.argv.slice(2)).then((code) => process.exit(code), fail);
