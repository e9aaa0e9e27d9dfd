import type { FastifyInstance } from "fastify";
import { collectDefaultMetrics, Histogram, Registry } from "prom-client";

declare module "fastify" {
  interface FastifyInstance {
    metrics: Registry;
  }
}

/** Measures every request and the process itself; register further metrics with `app.metrics`. */
export function useMetrics(app: FastifyInstance): void {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const duration = new Histogram({
    name: "http_server_request_duration_seconds",
    help: "Duration of HTTP server requests.",
    labelNames: ["http_request_method", "http_route", "http_response_status_code"],
    buckets: [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10],
    registers: [registry],
  });
  app.decorate("metrics", registry);
  app.addHook("onResponse", async (request, reply) => {
    duration.observe(
      {
        http_request_method: request.method,
        // The template, never the path: one time series for each path would exhaust memory.
        http_route: request.routeOptions.url ?? "unmatched",
        http_response_status_code: reply.statusCode,
      },
      reply.elapsedTime / 1000,
    );
  });
}
