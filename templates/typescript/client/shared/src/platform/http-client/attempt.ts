import { HttpClientError } from "../http-client-error.ts";
import type { HttpClientMetrics } from "./metrics.ts";
import { HttpClientResponse, readBody } from "./response.ts";

/** Sends a request once; `given` is the signal of a caller who may give it up. */
export type Attempt = (
  url: URL,
  init: RequestInit,
  given: AbortSignal | undefined,
) => Promise<HttpClientResponse>;

/**
 * Makes the function that sends one request, reads the answer to its end and measures both.
 *
 * @param server name of the other service
 */
export function attempts(
  server: string,
  { timeoutMs, bodyLimitBytes }: { timeoutMs: number; bodyLimitBytes: number },
  { duration }: HttpClientMetrics,
): Attempt {
  return async (url, init, given) => {
    given?.throwIfAborted();
    const stop = new AbortController();
    // What is wrong with the request itself is thrown here, and so not taken for an outage.
    const request = new Request(url, { ...init, signal: stop.signal });
    const timer = setTimeout(() => {
      stop.abort(new HttpClientError(server, "timeout", `no answer within ${timeoutMs} ms`));
    }, timeoutMs);
    const giveUp = () => stop.abort(given?.reason);
    given?.addEventListener("abort", giveUp);
    const measure = duration.startTimer({ server, http_request_method: request.method });
    try {
      const response = await fetch(request);
      const body = await readBody(server, response, bodyLimitBytes);
      measure({ http_response_status_code: response.status });
      return new HttpClientResponse(server, response, body);
    } catch (cause) {
      const error = stop.signal.aborted ? stop.signal.reason : asFailure(server, cause);
      measure({ error_type: error instanceof HttpClientError ? error.kind : "aborted" });
      throw error;
    } finally {
      clearTimeout(timer);
      given?.removeEventListener("abort", giveUp);
    }
  };
}

function asFailure(server: string, cause: unknown): HttpClientError {
  if (cause instanceof HttpClientError) return cause;
  return new HttpClientError(server, "network", "the connection failed", { cause });
}
