import plugin from "fastify-plugin";
import { Redis } from "ioredis";
import { Cache } from "../cache.ts";
import cacheConfig from "../config/cache.ts";

declare module "fastify" {
  interface FastifyInstance {
    cache: Cache;
  }
}

const connectTimeout = 1000;
const commandTimeout = 100;
const longestPause = 2000;

/** Connects the service to Redis in the background: it starts, and is ready, without it as well. */
export default plugin(async (app) => {
  const { REDIS_URL: url, CACHE_TTL_SECONDS: ttl } = app.config.get(cacheConfig);
  const client = new Redis(url, {
    connectTimeout,
    commandTimeout,
    // A connection that hangs keeps the marks that it was given; by then all they are about has expired.
    socketTimeout: ttl * 1000,
    // While Redis is away commands fail at once instead of queueing up.
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    retryStrategy: (retries) => Math.min(2 ** retries * 50, longestPause),
  });
  let reachable = true;
  client.on("error", (error) => {
    if (reachable) app.log.warn({ err: error }, "the cache is unreachable, going on without it");
    reachable = false;
  });
  client.on("ready", () => {
    if (!reachable) app.log.info("the cache is reachable again");
    reachable = true;
  });

  const cache = new Cache(
    {
      get: (key) => client.get(key),
      set: (key, value) => client.set(key, value, "EX", ttl),
      add: (key, value) => client.set(key, value, "EX", ttl, "NX"),
    },
    ttl * 1000,
  );
  app.decorate("cache", cache);
  app.addHook("onClose", async () => client.disconnect());
  const { counts } = cache;
  app.measure("cache_hits_total", "Reads that the cache answered.", () => counts.hits);
  app.measure("cache_misses_total", "Reads that it did not answer.", () => counts.misses);
  app.measure("cache_failures_total", "Commands that it did not take.", () => counts.failures);
});
