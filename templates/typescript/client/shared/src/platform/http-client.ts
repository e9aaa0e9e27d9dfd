// No library keeps this: a call that is retried, broken off and bounded, all within one limit.
import {
  BrokenCircuitError,
  BulkheadRejectedError,
  bulkhead,
  type CircuitBreakerPolicy,
  CircuitState,
  ConsecutiveBreaker,
  circuitBreaker,
  DelegateBackoff,
  handleWhen,
  type IRetryBackoffContext,
  retry,
} from "cockatiel";
import type { FastifyBaseLogger } from "fastify";
import type { Registry } from "prom-client";
import { attempts } from "./http-client/attempt.ts";
import { httpClientMetrics } from "./http-client/metrics.ts";
import { propagatedHeaders } from "./http-client/propagation.ts";
import { HttpClientResponse } from "./http-client/response.ts";
import { type Query, target } from "./http-client/target.ts";
import { HttpClientError } from "./http-client-error.ts";

export interface OutgoingRequest {
  method: "GET" | "HEAD" | "OPTIONS" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** Path below the base URL, its parameters encoded. */
  path: `/${string}`;
  query?: Query;
  headers?: Record<string, string>;
  /** Sent as JSON. */
  body?: unknown;
  /** Says of a PUT or DELETE that doing it twice does no harm: it may then be retried. */
  idempotent?: boolean;
  /** Gives up the call: what has not been sent by then is not sent any more. */
  signal?: AbortSignal;
}

export interface HttpClient {
  /**
   * Any answer below 500, whatever its status.
   *
   * @throws HttpClientError for everything else; `explainHttpClient` makes a problem of it
   */
  request(request: OutgoingRequest): Promise<HttpClientResponse>;
}

const defaults = {
  /** How often a request is repeated; together with the first attempt that makes one more. */
  retries: 2,
  firstBackoffMs: 100,
  /** A service that asks for more patience is asked again after this time. */
  longestRetryAfterMs: 2000,
  /** Attempts that are under way at once, and those that may wait for a place. */
  concurrency: 20,
  queue: 20,
  /** Failures in a row that open the circuit, and how long it stays open before one call tries. */
  failuresToOpen: 5,
  openForMs: 5000,
  bodyLimitBytes: 1_048_576,
};

/** `timeoutMs` is for one attempt, its body included. */
export type HttpClientSettings = { timeoutMs: number } & Partial<typeof defaults>;

const json = "application/json";
const safeMethods = new Set(["GET", "HEAD", "OPTIONS"]);
const repeatableMethods = new Set(["PUT", "DELETE"]);
const retriedStatuses = new Set([429, 502, 503, 504]);

/**
 * A client of one other service, which gives that service time to recover and lets this one go on
 * without it: timeout, retry, circuit breaker and bulkhead. Make one for each service and keep it.
 *
 * @param name of the other service in metrics, logs and problems
 */
export function createHttpClient({
  name,
  baseUrl,
  settings,
  registry,
  log,
}: {
  name: string;
  baseUrl: string;
  settings: HttpClientSettings;
  registry: Registry;
  log?: FastifyBaseLogger;
}): HttpClient {
  const limits = { ...defaults, ...settings };
  const server = target(baseUrl);
  const labels = { server: name };
  const metrics = httpClientMetrics(registry);
  const attempt = attempts(name, limits, metrics);

  const places = bulkhead(limits.concurrency, limits.queue);
  const breaker: CircuitBreakerPolicy = circuitBreaker(
    handleWhen(
      (error) =>
        isOutage(error) ||
        // A trial that its caller gave up has shown nothing, and must not close the circuit.
        (breaker.state === CircuitState.HalfOpen && !(error instanceof HttpClientError)),
    ).orWhenResult(isServerError),
    {
      halfOpenAfter: limits.openForMs,
      breaker: new ConsecutiveBreaker(limits.failuresToOpen),
    },
  );
  const retries = retry(handleWhen(isOutage).orWhenResult(isRetried), {
    maxAttempts: limits.retries,
    backoff: new DelegateBackoff((failure: IRetryBackoffContext<unknown>) => {
      const asked = "value" in failure.result ? retryAfter(failure.result.value) : 0;
      const exponential = limits.firstBackoffMs * 2 ** (failure.attempt - 1);
      // Partly by chance, so that those who failed together do not come back together.
      return Math.min(asked, limits.longestRetryAfterMs) + exponential * (0.5 + Math.random() / 2);
    }),
  });

  metrics.circuit.set(labels, CircuitState.Closed);
  breaker.onStateChange((state) => metrics.circuit.set(labels, state));
  breaker.onBreak(() => log?.warn({ "event.name": "circuit.open" }, `${name} fails, not calling`));
  breaker.onReset(() => log?.info({ "event.name": "circuit.closed" }, `${name} is back`));
  retries.onRetry(() => metrics.retries.inc(labels));

  function explain(error: unknown): unknown {
    const kind =
      (error instanceof BrokenCircuitError && "circuit_open") ||
      (error instanceof BulkheadRejectedError && "bulkhead_full");
    if (!kind) return error;
    metrics.rejections.inc({ ...labels, error_type: kind });
    return new HttpClientError(name, kind, `not called, ${kind}`);
  }

  return {
    async request({ method, path, query = {}, headers = {}, body, idempotent = false, signal }) {
      const url = server.url(path, query);
      const init = {
        method,
        headers: merge(
          body === undefined ? { accept: json } : { accept: json, "content-type": json },
          server.headers,
          propagatedHeaders(),
          headers,
        ),
        body: body === undefined ? null : JSON.stringify(body),
        // Followed, a redirect could take our headers to another host.
        redirect: "manual" as const,
      };
      const send = () => places.execute(() => breaker.execute(() => attempt(url, init, signal)));
      const repeatable = safeMethods.has(method) || (idempotent && repeatableMethods.has(method));
      const response = await (repeatable ? retries.execute(send) : send()).catch((error) => {
        throw explain(error);
      });
      if (!isServerError(response)) return response;
      throw new HttpClientError(name, "server_error", `answered with status ${response.status}`);
    },
  };
}

function merge(...parts: Record<string, string>[]): Headers {
  const headers = new Headers();
  for (const [name, value] of parts.flatMap(Object.entries)) headers.set(name, value);
  return headers;
}

function isOutage(error: Error): boolean {
  return error instanceof HttpClientError && error.isOutage;
}

function isServerError(result: unknown): boolean {
  return result instanceof HttpClientResponse && result.status >= 500;
}

function isRetried(result: unknown): boolean {
  return result instanceof HttpClientResponse && retriedStatuses.has(result.status);
}

/** How long an answer asks to wait, in milliseconds: `Retry-After` has seconds or a date. */
function retryAfter(result: unknown): number {
  const value = (result as HttpClientResponse).headers.get("retry-after") ?? "";
  const wait = /^\d+$/.test(value) ? Number(value) * 1000 : Date.parse(value) - Date.now();
  return Math.max(0, wait || 0);
}
