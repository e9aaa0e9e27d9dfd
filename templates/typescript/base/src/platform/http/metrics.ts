import type { FastifyInstance } from "fastify";
import type { Registry } from "prom-client";
import { output } from "../log.ts";

/** Name, meaning and source of a number: a counter if its name ends with `_total`, else a gauge. */
export type Measure = [name: string, help: string, read: () => number];

declare module "fastify" {
  interface FastifyInstance {
    metrics: Registry;
    /** Adds a number that is read when somebody asks for the metrics; this loads nothing. */
    measure(...measure: Measure): void;
  }
}

/**
 * Measures every request and the process itself; register further metrics with `app.metrics`. Who asks for
 * it first, at the latest the first answer, waits until prom-client is loaded: the start does not.
 */
export function useMetrics(app: FastifyInstance): void {
  const measures: Measure[] = [
    [
      "log_lines_dropped_total",
      "Lines of the log that were dropped, because nobody read stdout.",
      () => output.dropped,
    ],
  ];
  let loaded: ReturnType<typeof load> | undefined;
  const metrics = () => {
    loaded ??= load(measures);
    return loaded;
  };
  app.decorate("measure", (...measure) => {
    measures.push(measure);
    loaded?.add(measure);
  });
  app.decorate("metrics", { getter: () => metrics().registry });
  app.addHook("onResponse", (request, reply, done) => {
    metrics().duration.observe(
      {
        http_request_method: request.method,
        // The template, never the path: one time series for each path would exhaust memory.
        http_route: request.routeOptions.url ?? "unmatched",
        http_response_status_code: reply.statusCode,
      },
      reply.elapsedTime / 1000,
    );
    done();
  });
}

function load(measures: Measure[]) {
  const prometheus: typeof import("prom-client") = require("prom-client");
  const registry = new prometheus.Registry();
  const registers = [registry];
  prometheus.collectDefaultMetrics({ register: registry });
  const add = ([name, help, read]: Measure): void => {
    const Metric = name.endsWith("_total") ? prometheus.Counter : prometheus.Gauge;
    const metric = new Metric({
      name,
      help,
      registers,
      collect() {
        metric.reset();
        metric.inc(read());
      },
    });
  };
  for (const measure of measures) add(measure);
  const duration = new prometheus.Histogram({
    name: "http_server_request_duration_seconds",
    help: "Duration of HTTP server requests.",
    labelNames: ["http_request_method", "http_route", "http_response_status_code"],
    buckets: [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10],
    registers,
  });
  return { registry, duration, add };
}
