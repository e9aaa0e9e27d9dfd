// No library keeps this: every error is a problem (RFC 9457), and a known path
// answers methods that it does not have with 405 and Allow.
import { inspect } from "node:util";
import type {
  FastifyError,
  FastifyInstance,
  FastifyReply,
  FastifyRequest,
  HTTPMethods,
} from "fastify";
import { hasZodFastifySchemaValidationErrors } from "fastify-type-provider-zod";
import { HttpProblem } from "../http-problem.ts";
import { logAnswer } from "./requests.ts";

/** Makes a problem of an error that a plugin knows, or leaves it. */
export type Explain = (error: Error) => HttpProblem | undefined;

declare module "fastify" {
  interface FastifyInstance {
    explanations: Explain[];
  }
}

// Fastify's own words may quote the body; these do not.
const details: Record<string, string> = {
  FST_ERR_CTP_INVALID_JSON_BODY: "The body is not valid JSON.",
  FST_ERR_CTP_EMPTY_JSON_BODY: "The body is empty, but its content type is JSON.",
  FST_ERR_CTP_INVALID_MEDIA_TYPE: "The content type is not supported.",
  FST_ERR_CTP_BODY_TOO_LARGE: "The body is larger than the service accepts.",
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: "The body is not as long as Content-Length says.",
  FST_ERR_BAD_URL: "The URL is malformed.",
};

/** Answers every error, and every path and method that no route takes, as RFC 9457 problem details. */
export function useProblems(app: FastifyInstance): void {
  app.decorate("explanations", []);
  app.setErrorHandler(sendProblem);
  const unknown = new HttpProblem(404, { detail: "/openapi.json has every path of this service." });
  app.setNotFoundHandler((request, reply) => sendProblem(unknown, request, reply));
}

/** Sends an error as a problem; what the service did not foresee is logged and told to nobody. */
export function sendProblem(
  thrown: unknown,
  request: FastifyRequest,
  reply: FastifyReply,
): FastifyReply {
  const error = thrown instanceof Error ? thrown : new Error(`no error: ${inspect(thrown)}`);
  // A client that went away half-way is answered for the log's sake: 400, not a failure of ours.
  const problem = request.raw.readableAborted
    ? new HttpProblem(400, { detail: "The client closed the connection." })
    : toProblem(error, request.server.explanations);
  if (problem.status >= 500) request.log.error({ err: error }, "request failed");
  return reply
    .code(problem.status)
    .headers({ "x-request-id": request.id, ...problem.headers })
    .type("application/problem+json")
    .serializer(JSON.stringify)
    .send({ ...problem.body(), request_id: request.id });
}

/** Answers what Fastify refuses before it looks for a route, where no hook runs. */
export function refuseUrl(error: Error, request: FastifyRequest, reply: FastifyReply): void {
  reply.raw.once("finish", () => logAnswer(request, reply));
  sendProblem(error, request, reply);
}

function toProblem(error: Error, explanations: Explain[]): HttpProblem {
  if (error instanceof HttpProblem) return error;
  if (hasZodFastifySchemaValidationErrors(error)) {
    return new HttpProblem(400, {
      detail: "The request does not match the schema.",
      members: {
        errors: error.validation.map(({ instancePath, message }) => ({
          in: error.validationContext,
          path: instancePath,
          message,
        })),
      },
    });
  }
  for (const explain of explanations) {
    const problem = explain(error);
    if (problem !== undefined) return problem;
  }
  const { statusCode = 500, code } = error as Partial<FastifyError>;
  const detail = details[code ?? ""];
  return new HttpProblem(statusCode >= 400 ? statusCode : 500, detail ? { detail } : {});
}

/**
 * Makes a known path answer the methods it does not have with 405 and `Allow`, not with 404.
 * Call it before the first route; call what it returns after the last one.
 */
export function refuseOtherMethods(app: FastifyInstance): () => void {
  const paths = new Map<string, { url: string; methods: Set<string> }>();
  app.addHook("onRoute", ({ url, method }) => {
    // Two routes may call one parameter by two names: `/a/:id` and `/a/:name` are one path.
    const shape = url.replaceAll(/:\w+/g, ":");
    const path = paths.get(shape) ?? { url, methods: new Set() };
    for (const name of [method].flat()) path.methods.add(name);
    paths.set(shape, path);
  });

  return () => {
    for (const { url, methods } of [...paths.values()]) {
      const allow = [...methods].sort().join(", ");
      const others = app.supportedMethods.filter((method) => !methods.has(method));
      app.route({
        method: others as HTTPMethods[],
        url,
        schema: { hide: true },
        // Before the body is looked at: its faults do not matter any more.
        onRequest: async () => {
          throw new HttpProblem(405, { headers: { allow } });
        },
        handler: async () => undefined,
      });
    }
  };
}
