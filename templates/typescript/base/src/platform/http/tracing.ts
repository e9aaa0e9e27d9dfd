import {
  context,
  DiagLogLevel,
  diag,
  propagation,
  type Span,
  SpanKind,
  SpanStatusCode,
  trace,
} from "@opentelemetry/api";
import { OTLPTraceExporter } from "@opentelemetry/exporter-trace-otlp-proto";
import {
  defaultResource,
  detectResources,
  envDetector,
  resourceFromAttributes,
} from "@opentelemetry/resources";
import { BatchSpanProcessor, NodeTracerProvider } from "@opentelemetry/sdk-trace-node";
import type { FastifyInstance } from "fastify";
import telemetryConfig from "../config/telemetry.ts";
import { identity } from "../process/identity.ts";

// A collector that is away must not use up the time for a graceful stop.
const exportTimeout = 2000;

/**
 * Makes a server span of every request, as a child of the caller's. `trace.getActiveSpan()` is that
 * span in handlers, so whatever they instrument belongs to it.
 */
export function traceRequests(app: FastifyInstance): void {
  // The SDK reads the environment itself, and does not know of NAME_FILE.
  for (const [name, value] of Object.entries(app.config.get(telemetryConfig))) {
    if (value !== undefined) process.env[name] = String(value);
  }
  const report = (message: string, ...details: unknown[]) =>
    app.log.warn({ "event.name": "telemetry", details }, message);
  diag.setLogger(
    { error: report, warn: report, info: report, debug: report, verbose: report },
    DiagLogLevel.WARN,
  );
  const provider = new NodeTracerProvider({
    resource: defaultResource()
      .merge(
        resourceFromAttributes({
          "service.name": identity.name,
          "service.version": identity.version,
        }),
      )
      .merge(detectResources({ detectors: [envDetector] })),
    spanProcessors: [
      new BatchSpanProcessor(new OTLPTraceExporter({ timeoutMillis: exportTimeout }), {
        exportTimeoutMillis: exportTimeout,
      }),
    ],
  });
  provider.register();
  const tracer = provider.getTracer(identity.name, identity.version);
  const spans = new WeakMap<object, Span>();

  app.addHook("onRequest", async (request) => {
    const { method } = request;
    const route = request.routeOptions.url;
    const span = tracer.startSpan(
      route ? `${method} ${route}` : method,
      {
        kind: SpanKind.SERVER,
        // Not url.path and url.query: callers put credentials there.
        attributes: { "http.request.method": method, ...(route && { "http.route": route }) },
      },
      propagation.extract(context.active(), request.headers),
    );
    const { traceId, spanId } = span.spanContext();
    request.trace = { trace_id: traceId, span_id: spanId };
    spans.set(request, span);
  });
  // Not earlier: reading the body would lose the context again.
  app.addHook("preValidation", (request, _reply, done) => {
    const span = spans.get(request);
    context.with(span ? trace.setSpan(context.active(), span) : context.active(), done);
  });
  app.addHook("onResponse", async (request, reply) => {
    const span = spans.get(request);
    span?.setAttribute("http.response.status_code", reply.statusCode);
    if (reply.statusCode >= 500) span?.setStatus({ code: SpanStatusCode.ERROR });
    span?.end();
  });
  app.addHook("onClose", () =>
    provider.shutdown().catch((error) => app.log.warn({ err: error }, "lost the last spans")),
  );
}
