import { Counter, Gauge, Histogram, type Registry } from "prom-client";

export type HttpClientMetrics = ReturnType<typeof create>;

// A registry takes a name once, and a service may have several clients.
const known = new WeakMap<Registry, HttpClientMetrics>();

/** The metrics that all clients of a registry share; the label `server` tells them apart. */
export function httpClientMetrics(registry: Registry): HttpClientMetrics {
  const metrics = known.get(registry) ?? create(registry);
  known.set(registry, metrics);
  return metrics;
}

function create(registry: Registry) {
  const registers = [registry];
  return {
    duration: new Histogram({
      name: "http_client_request_duration_seconds",
      help: "Duration of outgoing HTTP requests, each attempt on its own.",
      labelNames: ["server", "http_request_method", "http_response_status_code", "error_type"],
      buckets: [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10],
      registers,
    }),
    retries: new Counter({
      name: "http_client_retries_total",
      help: "Outgoing HTTP requests that were attempted once more.",
      labelNames: ["server"],
      registers,
    }),
    rejections: new Counter({
      name: "http_client_rejections_total",
      help: "Outgoing HTTP requests that were refused without being sent.",
      labelNames: ["server", "error_type"],
      registers,
    }),
    circuit: new Gauge({
      name: "http_client_circuit_state",
      help: "State of the circuit breaker: 0 closed, 1 open, 2 half-open.",
      labelNames: ["server"],
      registers,
    }),
  };
}
