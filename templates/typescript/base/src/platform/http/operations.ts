import type { FastifyPluginAsyncZod } from "fastify-type-provider-zod";
import { z } from "zod";
import { identity } from "../process/identity.ts";

const Live = z.object({ status: z.literal("live") });
const Ready = z.object({
  status: z.enum(["ready", "not ready"]),
  checks: z.record(z.string(), z.enum(["up", "down"])),
});
const Version = z.object({
  name: z.string(),
  description: z.string(),
  version: z.string(),
  revision: z.string(),
  node: z.string(),
});

const tags = ["operations"];
const quiet = { quiet: true };
const live = { tags, summary: "Is the process alive?", response: { 200: Live } };
const ready = { tags, summary: "Should it get traffic?", response: { 200: Ready, 503: Ready } };
const version = { tags, summary: "What is running?", response: { 200: Version } };
const metrics = {
  tags,
  summary: "Metrics in Prometheus text format",
  response: { 200: { content: { "text/plain": { schema: z.string() } } } },
};
const description = {
  tags,
  summary: "This description",
  response: { 200: z.record(z.string(), z.unknown()) },
};

/** The routes that operate the service: health, version, metrics and its own description. */
export const useOperations: FastifyPluginAsyncZod = async (app) => {
  for (const url of ["/health/live", "/livez", "/healthz"]) {
    app.get(url, { config: quiet, schema: live }, async () => ({ status: "live" as const }));
  }

  for (const url of ["/health/ready", "/readyz"]) {
    app.get(url, { config: quiet, schema: ready }, async (_request, reply) => {
      const report = await app.readiness.report();
      return reply.code(report.status === "ready" ? 200 : 503).send(report);
    });
  }

  app.get("/version", { schema: version }, async () => identity);

  app.get("/metrics", { config: quiet, schema: metrics }, async (_request, reply) => {
    reply.type(app.metrics.contentType).serializer(String);
    return app.metrics.metrics();
  });

  app.get("/openapi.json", { schema: description }, async (_request, reply) => {
    reply.type("application/json").serializer(JSON.stringify);
    return app.swagger() as unknown as Record<string, unknown>;
  });
};
