import { randomUUID } from "node:crypto";
import type { IncomingMessage } from "node:http";
import type { FastifyInstance, FastifyReply, FastifyRequest, onSendHookHandler } from "fastify";
import { lightChild, writeLine } from "../log.ts";
import { redact } from "../process/lines.ts";

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

// What helmet answers by default: none of it depends on the request.
const securityHeaders = {
  "content-security-policy":
    "default-src 'self';base-uri 'self';font-src 'self' https: data:;form-action 'self';frame-ancestors 'self';img-src 'self' data:;object-src 'none';script-src 'self';script-src-attr 'none';style-src 'self' https: 'unsafe-inline';upgrade-insecure-requests",
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
  "origin-agent-cluster": "?1",
  "referrer-policy": "no-referrer",
  "strict-transport-security": "max-age=31536000; includeSubDomains",
  "x-content-type-options": "nosniff",
  "x-dns-prefetch-control": "off",
  "x-download-options": "noopen",
  "x-frame-options": "SAMEORIGIN",
  "x-permitted-cross-domain-policies": "none",
  "x-xss-protection": "0",
};

const wellFormedId = /^[\w.:~-]{1,128}$/;
// Version ff is no version, version 00 ends after the flags, later ones may go on.
const traceparent =
  /^(?!ff|00-.{53})[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-[0-9a-f]{2}(?:-|$)/;

/** The caller's `X-Request-Id` where it is fit for a log line and no secret of ours, else a new one. */
export function requestId(request: Pick<IncomingMessage, "headers">): string {
  const given = request.headers["x-request-id"];
  const isFit = typeof given === "string" && wellFormedId.test(given) && redact(given) === given;
  return isFit ? given : randomUUID();
}

/** The caller's W3C Trace Context: its trace finds our lines though we export no span. */
function callersTrace({ headers }: FastifyRequest): Trace | undefined {
  if (headers.traceparent === undefined) return undefined;
  const [, trace_id, span_id] = traceparent.exec(String(headers.traceparent)) ?? [];
  return trace_id && span_id ? { trace_id, span_id } : undefined;
}

/** Gives each answer its constant headers and the request's id, and writes one line for it. */
export function logRequests(app: FastifyInstance): void {
  app.setChildLoggerFactory((logger, values, options) =>
    Object.keys(options).length > 0 ? logger.child(values, options) : lightChild(logger, values),
  );
  app.addHook("onRequest", (request, reply, done) => {
    reply.headers(securityHeaders).header("x-request-id", request.id);
    request.trace ??= callersTrace(request);
    if (request.trace) request.log = reply.log = lightChild(request.log, request.trace);
    done();
  });
  // Fastify says a length of 0 to each HEAD without a body; with 304 it would be that of a GET (RFC 9110, 8.6).
  app.addHook("onRoute", (route) => {
    if (route.method !== "HEAD") return;
    const dropLength: onSendHookHandler = (_request, reply, payload, done) => {
      if (reply.statusCode === 304) reply.removeHeader("content-length");
      done(null, payload);
    };
    route.onSend = [route.onSend ?? [], dropLength].flat();
  });
  app.addHook("onResponse", (request, reply, done) => {
    logAnswer(request, reply);
    done();
  });
}

/** Writes the line of a request that has been answered, with neither path nor query: callers put credentials there. */
export function logAnswer(request: FastifyRequest, reply: FastifyReply): void {
  const { config, url = "unmatched" } = request.routeOptions;
  const duration = Math.round(reply.elapsedTime * 1000) / 1000;
  writeLine(
    request.log,
    config.quiet ? "debug" : "info",
    `"event.name":"http.request","http.request.method":"${request.method}","http.route":${JSON.stringify(url)},"http.response.status_code":${reply.statusCode},"duration_ms":${duration},"msg":"request"`,
  );
}
