import rateLimit from "@fastify/rate-limit";
import type { FastifyInstance, FastifyPluginAsync } from "fastify";
import plugin from "fastify-plugin";
import httpConfig from "../config/http.ts";
import { refuseOverload } from "./overload.ts";

/**
 * Registers features, protected from too much traffic. Nothing else is: under load, of all times,
 * probes have to be answered.
 */
export async function protectFeatures(
  app: FastifyInstance,
  { features }: { features: FastifyPluginAsync[] },
): Promise<void> {
  const max = app.config.get(httpConfig).RATE_LIMIT_PER_MINUTE;
  if (max > 0) await app.register(rateLimit, { max, timeWindow: "1 minute" });
  refuseOverload(app);
  // Without a name, Fastify looks for each of them among all modules that are loaded.
  const named = { name: "feature", encapsulate: true };
  for (const routes of features) await app.register(plugin(routes, named));
}
