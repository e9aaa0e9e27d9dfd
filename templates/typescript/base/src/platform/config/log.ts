import { z } from "zod";

export default z.object({
  LOG_LEVEL: z
    .enum(["trace", "debug", "info", "warn", "error", "fatal"])
    .default("info")
    .meta({ description: "Least severe level that is written." }),
  LOG_FORMAT: z
    .enum(["json", "pretty"])
    .default("json")
    .meta({ description: "One JSON object a line, or lines for a person at a terminal." }),
});
