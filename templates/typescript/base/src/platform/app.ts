import allFeatures from "all:features/*/routes";
import plugins from "all:platform/plugins/*,plugins/*";
import fastify, {
  type FastifyBaseLogger,
  type FastifyInstance,
  type FastifyPluginAsync,
  LogController,
} from "fastify";
import { validatorCompiler } from "fastify-type-provider-zod";
import { readStrictly } from "./body.ts";
import httpConfig from "./config/http.ts";
import telemetryConfig from "./config/telemetry.ts";
import type { Config } from "./config.ts";
import { Connections, refuseConnection } from "./http/connections.ts";
import { refuseOtherMethods, refuseUrl, useProblems } from "./http/errors.ts";
import { protectFeatures } from "./http/features.ts";
import { useMetrics } from "./http/metrics.ts";
import { useOpenApi } from "./http/openapi.ts";
import { useOperations } from "./http/operations.ts";
import { logRequests, requestId } from "./http/requests.ts";
import { compileSerializer } from "./http/serialize.ts";
import { log } from "./log.ts";
import { Readiness } from "./process/health.ts";

declare module "fastify" {
  interface FastifyInstance {
    config: Config;
    connections: Connections;
    readiness: Readiness;
  }
}

/** How long a client may send nothing of its headers, or take nothing of an answer. */
const patience = 10_000;
// Above the idle time of the usual load balancers (60 s): they close first, so no request is lost.
const keepAliveTimeout = 72_000;

/**
 * The whole service, ready to listen or to be injected into, but not listening.
 *
 * @param features plugins with the routes, by default `routes` of each folder in `src/features`
 */
export async function buildApp(
  config: Config,
  features?: FastifyPluginAsync[],
): Promise<FastifyInstance> {
  const settings = config.get(httpConfig);
  const clientTimeout = Math.min(patience, settings.REQUEST_TIMEOUT_MS);
  const app: FastifyInstance = fastify({
    loggerInstance: log as FastifyBaseLogger,
    logController: new LogController({
      disableRequestLogging: true,
      requestIdLogLabel: "request_id",
    }),
    requestIdHeader: false,
    genReqId: requestId,
    trustProxy: (_address, hop) => hop < settings.TRUSTED_PROXIES,
    bodyLimit: settings.BODY_LIMIT_BYTES,
    // As long as the longest URL that Node reads: what is too long is for schemas to say.
    routerOptions: { maxParamLength: 16_384 },
    requestTimeout: settings.REQUEST_TIMEOUT_MS,
    keepAliveTimeout,
    // Node looks for timed-out requests every 30 s unless told otherwise.
    http: {
      headersTimeout: clientTimeout,
      connectionsCheckingInterval: 1000,
      // Node's refusal has no body: see body.ts.
      requireHostHeader: false,
    },
    // The drain closes connections itself, when they are idle: see connections.ts.
    forceCloseConnections: false,
    return503OnClosing: false,
    frameworkErrors: refuseUrl,
    clientErrorHandler: refuseConnection,
  });
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(compileSerializer);
  app.decorate("config", config);
  app.decorate("readiness", new Readiness());

  app.decorateRequest("trace", undefined);
  // Else OpenTelemetry is not even loaded.
  if (config.get(telemetryConfig).OTEL_EXPORTER_OTLP_ENDPOINT !== undefined) {
    const { traceRequests } = await import("./http/tracing.ts");
    traceRequests(app);
  }
  logRequests(app);
  app.decorate("connections", new Connections(app, settings.HANDLER_TIMEOUT_MS, clientTimeout));
  readStrictly(app);
  useProblems(app);
  useMetrics(app);
  await useOpenApi(app);
  const allRoutesAreThere = refuseOtherMethods(app);
  for (const plugin of plugins as FastifyPluginAsync[]) {
    await app.register(plugin);
  }
  await app.register(useOperations);
  await app.register(protectFeatures, {
    features: features ?? (allFeatures as FastifyPluginAsync[]),
  });
  allRoutesAreThere();
  await app.ready();
  return app;
}
