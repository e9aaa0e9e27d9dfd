import { z } from "zod";
import { integer } from "../fields.ts";
import { redisUrl } from "../process/redis-url.ts";

export default z.object({
  REDIS_URL: redisUrl().meta({
    description: "Redis that caches reads; the service works without it, only slower.",
    examples: ["redis://127.0.0.1:6379"],
    secret: true,
  }),
  CACHE_TTL_SECONDS: integer(1)
    .default(30)
    .meta({ description: "How long a cached read may be served." }),
});
