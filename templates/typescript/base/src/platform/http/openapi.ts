import swagger from "@fastify/swagger";
import type { FastifyInstance } from "fastify";
import { createJsonSchemaTransform } from "fastify-type-provider-zod";
import { identity, manifest } from "../process/identity.ts";
import { complete, type Description } from "./description.ts";

/** Describes every route that is registered after it. */
export async function useOpenApi(app: FastifyInstance): Promise<void> {
  const { name, description, version } = identity;
  const { author = `The people of ${name}`, license = "UNLICENSED" } = manifest;
  // What npm calls a licence that is none has no identifier of SPDX.
  const identifier = license === "UNLICENSED" ? "LicenseRef-UNLICENSED" : license;
  await app.register(swagger, {
    openapi: {
      openapi: "3.1.0",
      info: {
        title: name,
        description,
        version,
        contact: { name: author },
        license: { name: license, identifier },
      },
      servers: [{ url: "/" }],
      security: [],
    },
    transform: createJsonSchemaTransform({ skipList: [] }),
    transformObject: (document) => {
      if (!("openapiObject" in document)) throw new Error("expected an OpenAPI 3 document");
      complete(document.openapiObject as unknown as Description);
      return document.openapiObject;
    },
  });
}
