import { z } from "zod";
import { integer, url } from "../fields.ts";

export default z.object({
  REDIS_URL: url("redis", "rediss")
    .superRefine((value, context) => {
      const { username, password, pathname } = new URL(value);
      if (!/^\/?\d*$/.test(pathname)) context.addIssue("has a database that is not a number");
      if (!isDecodable(username) || !isDecodable(password)) {
        context.addIssue("has a % in the user or password that is not written as %25");
      }
    })
    .meta({
      description: "Redis that caches reads; the service works without it, only slower.",
      examples: ["redis://127.0.0.1:6379"],
      secret: true,
    }),
  CACHE_TTL_SECONDS: integer(1)
    .default(30)
    .meta({ description: "How long a cached read may be served." }),
});

/** Whether the client can read it. */
function isDecodable(text: string): boolean {
  try {
    decodeURIComponent(text);
    return true;
  } catch {
    return false;
  }
}
