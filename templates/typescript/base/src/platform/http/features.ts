import { monitorEventLoopDelay } from "node:perf_hooks";
import rateLimit from "@fastify/rate-limit";
import type { FastifyInstance, FastifyPluginAsync } from "fastify";
import plugin from "fastify-plugin";
import httpConfig from "../config/http.ts";
import { HttpProblem } from "../http-problem.ts";

/**
 * Registers features, protected from too much traffic. Nothing else is: under load, of all times,
 * probes have to be answered.
 */
export async function protectFeatures(
  app: FastifyInstance,
  { features }: { features: FastifyPluginAsync[] },
): Promise<void> {
  const { RATE_LIMIT_PER_MINUTE: max, TRUSTED_PROXIES: proxies } = app.config.get(httpConfig);
  if (max > 0) await app.register(rateLimit, { max, timeWindow: "1 minute" });
  if (max > 0 && proxies === 0) warnOfProxy(app);
  refuseOverload(app);
  // Without a name, Fastify looks for each of them among all modules that are loaded.
  const named = { name: "feature", encapsulate: true };
  for (const routes of features) await app.register(plugin(routes, named));
}

/** All clients of a proxy that is not trusted are one to the rate limit: that has to be said, once. */
function warnOfProxy(app: FastifyInstance): void {
  let warned = false;
  app.addHook("onRequest", (request, _reply, done) => {
    if (!warned && request.headers["x-forwarded-for"] !== undefined) {
      warned = true;
      request.log.warn(
        { "event.name": "proxy.untrusted" },
        "X-Forwarded-For came, but TRUSTED_PROXIES is 0: all clients of a proxy share one rate limit",
      );
    }
    done();
  });
}

/**
 * Answers 503 while the event loop lags. It looks from when the service listens on, because what a
 * start costs is no load. Neither is one long task: only two samples in a row are.
 */
export function refuseOverload(
  app: FastifyInstance,
  { maxDelay = 1000, sampleEvery = 1000 } = {},
): void {
  const delay = monitorEventLoopDelay({ resolution: 10 });
  let slowSamples = 0;

  app.server.once("listening", () => {
    delay.enable();
    const timer = setInterval(() => {
      // There is no mean where the loop took no turn.
      slowSamples = delay.mean / 1e6 <= maxDelay ? 0 : slowSamples + 1;
      delay.reset();
    }, sampleEvery);
    app.server.once("close", () => clearInterval(timer));
    timer.unref();
  });
  app.addHook("onRequest", (_request, _reply, done) => {
    if (slowSamples < 2) return done();
    const headers = { "retry-after": "10" };
    done(new HttpProblem(503, { detail: "The service is overloaded.", headers }));
  });
}
