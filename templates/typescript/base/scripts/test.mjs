import { spawnSync } from "node:child_process";

// Inside dist, because Node 20 and its successors disagree on how to name a folder of tests.
const { status } = spawnSync(
  process.execPath,
  ["--test", "--test-concurrency=1", "--test-reporter=spec"],
  {
    cwd: "dist",
    stdio: "inherit",
  },
);
process.exit(status ?? 1);
