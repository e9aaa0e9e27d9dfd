// No library keeps this: every error is a problem (RFC 9457), also of what no parser could read.
import { STATUS_CODES } from "node:http";
import type { Socket } from "node:net";
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { hasZodFastifySchemaValidationErrors } from "fastify-type-provider-zod";
import { HttpProblem } from "../http-problem.ts";
import { log } from "../log.ts";
import { logAnswer, requestId } from "./requests.ts";

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
  error: Error,
  request: FastifyRequest,
  reply: FastifyReply,
): FastifyReply {
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

const connectionErrors: Record<string, number> = {
  ERR_HTTP_REQUEST_TIMEOUT: 408,
  HPE_CHUNK_EXTENSIONS_OVERFLOW: 413,
  HPE_HEADER_OVERFLOW: 431,
};

/** Answers what is not HTTP enough to become a request, and closes the connection. */
export function refuseConnection(error: Error & { code?: string }, socket: Socket): void {
  if (error.code === "ECONNRESET" || !socket.writable) {
    socket.destroy();
    return;
  }
  const problem = new HttpProblem(connectionErrors[error.code ?? ""] ?? 400);
  const id = requestId({ headers: {} });
  log.info(
    {
      "event.name": "http.refused",
      "http.response.status_code": problem.status,
      request_id: id,
      reason: error.code,
    },
    "connection refused",
  );
  const body = JSON.stringify({ ...problem.body(), request_id: id });
  socket.end(
    [
      `HTTP/1.1 ${problem.status} ${STATUS_CODES[problem.status]}`,
      "Connection: close",
      "Content-Type: application/problem+json",
      `Content-Length: ${Buffer.byteLength(body)}`,
      `X-Request-Id: ${id}`,
      "",
      body,
    ].join("\r\n"),
  );
}
