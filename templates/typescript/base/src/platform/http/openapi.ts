import swagger from "@fastify/swagger";
import type { FastifyInstance } from "fastify";
import { createJsonSchemaTransform } from "fastify-type-provider-zod";
import { z } from "zod";
import { identity } from "../process/identity.ts";

const Problem = z.looseObject({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  detail: z.string().optional(),
  request_id: z.string().optional(),
});

interface Schema {
  type?: string | string[];
  anyOf?: Schema[];
}

/** The part of an operation that is added to. */
interface Operation {
  requestBody?: { required: boolean; content: Record<string, { schema: Schema }> };
  responses: Record<string, object>;
}

/** Where no body was sent, null is what is validated. */
function takesNull({ type, anyOf = [] }: Schema): boolean {
  return [type].flat().includes("null") || anyOf.some(takesNull);
}

/** Describes every route that is registered after it, each with the problem it may answer. */
export async function useOpenApi(app: FastifyInstance): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: "3.1.0",
      info: {
        title: identity.name,
        description: identity.description,
        version: identity.version,
      },
      components: {
        responses: {
          Problem: {
            description: "Anything but success, as RFC 9457 problem details",
            content: { "application/problem+json": { schema: z.toJSONSchema(Problem) as object } },
          },
        },
      },
    },
    transform: createJsonSchemaTransform({ skipList: [] }),
    transformObject: (document) => {
      if (!("openapiObject" in document)) throw new Error("expected an OpenAPI 3 document");
      for (const path of Object.values(document.openapiObject.paths ?? {})) {
        for (const operation of Object.values(path as Record<string, Operation>)) {
          const { requestBody } = operation;
          const bodies = Object.values(requestBody?.content ?? {});
          if (requestBody) requestBody.required = !bodies.some(({ schema }) => takesNull(schema));
          operation.responses.default = { $ref: "#/components/responses/Problem" };
        }
      }
      return document.openapiObject;
    },
  });
}
