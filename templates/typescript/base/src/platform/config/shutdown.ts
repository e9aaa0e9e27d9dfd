import { z } from "zod";
import { milliseconds } from "../fields.ts";

export default z
  .object({
    SHUTDOWN_DELAY_MS: milliseconds().default(0).meta({
      description:
        "How long to keep serving, not ready, after SIGTERM: at least what a load balancer takes to notice.",
    }),
    SHUTDOWN_TIMEOUT_MS: milliseconds(1).default(8000).meta({
      description: "Budget of a graceful stop, the delay included; below the supervisor's own.",
    }),
  })
  .refine((values) => values.SHUTDOWN_DELAY_MS < values.SHUTDOWN_TIMEOUT_MS, {
    path: ["SHUTDOWN_DELAY_MS"],
    error: "must be less than SHUTDOWN_TIMEOUT_MS",
  });
