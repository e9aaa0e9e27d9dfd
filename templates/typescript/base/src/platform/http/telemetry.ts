import type { FastifyInstance } from "fastify";
import telemetryConfig from "../config/telemetry.ts";

/** Traces requests where the configuration names a collector; else OpenTelemetry is not even loaded. */
export async function useTelemetry(app: FastifyInstance): Promise<void> {
  app.decorateRequest("trace", undefined);
  const settings = app.config.get(telemetryConfig);
  if (settings.OTEL_EXPORTER_OTLP_ENDPOINT === undefined) return;
  // The SDK reads the environment itself, and does not know of NAME_FILE.
  for (const [name, value] of Object.entries(settings)) {
    if (value !== undefined) process.env[name] = String(value);
  }
  const { traceRequests } = await import("./tracing.ts");
  traceRequests(app);
}
