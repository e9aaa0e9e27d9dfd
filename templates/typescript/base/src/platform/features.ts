import rateLimit from "@fastify/rate-limit";
import underPressure from "@fastify/under-pressure";
import type { FastifyInstance, FastifyPluginAsync } from "fastify";
import httpConfig from "../config/http.ts";

const maxEventLoopDelay = 1000;

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
  await app.register(underPressure, { maxEventLoopDelay });
  for (const routes of features) await app.register(routes);
}
