import { log } from "../platform/log.ts";

// Lines of the service would drown those of the tests: LOG_LEVEL=debug shows them.
log.level = process.env.LOG_LEVEL || "silent";
