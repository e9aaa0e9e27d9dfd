import { spawnSync } from "node:child_process";
import { availableParallelism } from "node:os";

// Inside dist, because Node 20 and its successors disagree on how to name a folder of tests.
const { status } = spawnSync(
  process.execPath,
  [
    "--import=./testing/log.js",
    "--test",
    `--test-concurrency=${availableParallelism()}`,
    "--test-reporter=spec",
  ],
  {
    cwd: "dist",
    stdio: "inherit",
  },
);
process.exit(status ?? 1);
