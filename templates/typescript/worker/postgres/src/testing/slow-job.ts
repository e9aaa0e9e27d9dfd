import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import { loadConfig } from "../platform/config.ts";
import { jobWorker } from "../platform/jobs.ts";
import { startWorker } from "../platform/worker.ts";

// A process that a test may kill: it begins a job of the queue `slow`, and never comes to its end.
await startWorker(
  await loadConfig(),
  "slow",
  jobWorker({ name: "slow", payload: z.object({}) }, async (_payload, { log }) => {
    log.info({ "event.name": "slow.begun" }, "begun");
    await sleep(60_000);
  }),
);
