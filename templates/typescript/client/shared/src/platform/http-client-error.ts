import { HttpProblem } from "./http-problem.ts";

/** Why a call to another service failed; also the label `error_type` of its metrics. */
export type FailureKind =
  | "timeout"
  | "network"
  | "circuit_open"
  | "bulkhead_full"
  | "server_error"
  | "invalid_response";

/** A call to another service that has failed for good. Its message quotes nothing of the call. */
export class HttpClientError extends Error {
  readonly server: string;
  readonly kind: FailureKind;

  /**
   * @param server name of the client, never its URL
   * @param reason what is put after the name: "stock: no answer within 2000 ms"
   */
  constructor(server: string, kind: FailureKind, reason: string, options?: ErrorOptions) {
    super(`${server}: ${reason}`, options);
    this.server = server;
    this.kind = kind;
  }

  /** Whether the other service is away, rather than answering something. */
  get isOutage(): boolean {
    return this.kind === "timeout" || this.kind === "network";
  }
}

const statuses: Record<FailureKind, number> = {
  timeout: 504,
  network: 503,
  circuit_open: 503,
  bulkhead_full: 503,
  server_error: 502,
  invalid_response: 502,
};

const details: Record<number, string> = {
  502: "failed",
  503: "is not available",
  504: "did not answer in time",
};

/** Makes a problem of a failed call: whoever calls this service may try again later. */
export function explainHttpClient(error: Error): HttpProblem | undefined {
  if (!(error instanceof HttpClientError)) return undefined;
  const status = statuses[error.kind];
  return new HttpProblem(status, {
    detail: `The backing service "${error.server}" ${details[status]}.`,
    headers: status === 503 ? { "retry-after": "1" } : {},
  });
}
