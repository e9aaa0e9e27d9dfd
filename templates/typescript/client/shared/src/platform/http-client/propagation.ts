import { context, propagation } from "@opentelemetry/api";
import { currentRequest } from "../current-request.ts";

/**
 * Headers that make an outgoing call part of the current request: its id and its trace. Where
 * nothing is traced here, the caller's trace context goes on as it came.
 */
export function propagatedHeaders(): Record<string, string> {
  const headers: Record<string, string> = {};
  propagation.inject(context.active(), headers);
  const request = currentRequest();
  if (request === undefined) return headers;
  headers["x-request-id"] = request.id;
  // That there is a trace also says that the caller's header is well-formed.
  if (headers.traceparent === undefined && request.trace !== undefined) {
    const { traceparent, tracestate } = request.headers;
    headers.traceparent = String(traceparent);
    if (tracestate !== undefined) headers.tracestate = String(tracestate);
  }
  return headers;
}
