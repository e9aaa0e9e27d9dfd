import { randomUUID } from "node:crypto";
import type { IncomingMessage } from "node:http";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";

/** Where a request is in a trace, in the names of the log. */
export interface Trace {
  trace_id: string;
  span_id: string;
}

declare module "fastify" {
  interface FastifyRequest {
    trace: Trace | undefined;
  }
  interface FastifyContextConfig {
    /** Probed every few seconds: its request lines are written at level debug. */
    quiet?: boolean;
  }
}

const wellFormedId = /^[\w.:~-]{1,128}$/;
// Version ff is no version, version 00 ends after the flags, later ones may go on.
const traceparent =
  /^(?!ff|00-.{53})[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-[0-9a-f]{2}(?:-|$)/;

/** The caller's `X-Request-Id` where it is fit for a log line, else a new one. */
export function requestId(request: Pick<IncomingMessage, "headers">): string {
  const given = request.headers["x-request-id"];
  return typeof given === "string" && wellFormedId.test(given) ? given : randomUUID();
}

/** The caller's W3C Trace Context: its trace finds our lines though we export no span. */
function callersTrace({ headers }: Pick<IncomingMessage, "headers">): Trace | undefined {
  const [, trace_id, span_id] = traceparent.exec(String(headers.traceparent)) ?? [];
  return trace_id && span_id ? { trace_id, span_id } : undefined;
}

/** Echoes the request's id, and writes one line for each request when it has been answered. */
export function logRequests(app: FastifyInstance): void {
  app.addHook("onRequest", async (request, reply) => {
    reply.header("x-request-id", request.id);
    request.trace ??= callersTrace(request);
    if (request.trace) request.log = reply.log = request.log.child(request.trace);
  });
  app.addHook("onResponse", async (request, reply) => logAnswer(request, reply));
}

/** Writes the line of a request that has been answered. */
export function logAnswer(request: FastifyRequest, reply: FastifyReply): void {
  const level = request.routeOptions.config.quiet ? "debug" : "info";
  request.log[level](
    {
      "event.name": "http.request",
      "http.request.method": request.method,
      // Neither path nor query: callers put credentials there.
      "http.route": request.routeOptions.url ?? "unmatched",
      "http.response.status_code": reply.statusCode,
      duration_ms: Math.round(reply.elapsedTime * 1000) / 1000,
    },
    "request",
  );
}
