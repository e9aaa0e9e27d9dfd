import { Registry } from "prom-client";
import {
  createHttpClient,
  type HttpClientSettings,
  type OutgoingRequest,
} from "../platform/http-client.ts";
import { type FailureKind, HttpClientError } from "../platform/http-client-error.ts";
import { type Answer, flakyServer } from "./flaky-server.ts";

/** Starts a flaky server, and makes what sets up a client of it. Call it outside any hook. */
export async function flakyClient() {
  const server = await flakyServer();

  /** A new client, whose server does as it is told, and the number of its calls that arrived there. */
  function setup(answers: [Answer, ...Answer[]], settings: Partial<HttpClientSettings> = {}) {
    server.answer(...answers);
    server.calls.length = 0;
    const registry = new Registry();
    const client = createHttpClient({
      name: "stock",
      baseUrl: `${server.url}/v1/`,
      settings: { timeoutMs: 1000, firstBackoffMs: 2, ...settings },
      registry,
    });
    return {
      calls: () => server.calls.length,
      metrics: () => registry.metrics(),
      call: (request: Partial<OutgoingRequest> = {}) =>
        client.request({ method: "GET", path: "/items", ...request }),
    };
  }

  return { server, setup };
}

/** Whether an error is the failure of a call, of this kind. */
export function failsBy(kind: FailureKind) {
  return (error: Error) => error instanceof HttpClientError && error.kind === kind;
}
