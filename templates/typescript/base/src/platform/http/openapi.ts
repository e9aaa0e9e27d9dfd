import { STATUS_CODES } from "node:http";
import swagger from "@fastify/swagger";
import type { FastifyInstance } from "fastify";
import { createJsonSchemaTransform } from "fastify-type-provider-zod";
import { z } from "zod";
import { Problem } from "../http-problem.ts";
import { identity, manifest } from "../process/identity.ts";

interface Schema {
  type?: string | string[];
  anyOf?: Schema[];
  explode?: boolean;
}

interface Response {
  description: string | undefined;
  headers?: Record<string, object>;
  content?: Record<string, { schema: object }>;
}

interface Operation {
  operationId?: string;
  summary?: string;
  description?: string;
  tags?: string[];
  parameters?: { in: string; name: string; required: boolean; schema: Schema }[];
  requestBody?: { required: boolean; content: Record<string, { schema: Schema }> };
  responses: Record<string, Response>;
}

/** The part of an OpenAPI document that is added to: operations by path and method, among others. */
export interface Description {
  paths: Record<string, Record<string, Operation>>;
  tags?: object[];
  components: { schemas?: object };
}

const headers = {
  ETag: "The version of the resource",
  Location: "Where it can be read",
  "Retry-After": "Seconds until it is worth trying again",
  "X-Request-Id": "What the log calls this request",
};

const problems = {
  "application/problem+json": { schema: { $ref: "#/components/schemas/Problem" } },
};

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

/** Adds what follows from what each route has: names, failures, headers of responses. */
export function complete(description: Description): void {
  const { paths, components } = description;
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
  );
  const names = new Set(operations.map(({ operation }) => operation.operationId));
  for (const { path, method, operation } of operations) {
    operation.operationId ??= freeName(method, path, names);
    names.add(operation.operationId);
    operation.summary ??= `${method.toUpperCase()} ${path}`;
    operation.description ??= operation.summary;
    describeRequest(operation);
    describeResponses(operation);
  }
  for (const path of Object.keys(paths)) describeCreation(paths, path);

  const tags = new Set(operations.flatMap(({ operation }) => operation.tags ?? []));
  description.tags = [...tags].sort().map((name) => {
    return { name, description: `Everything about ${name}` };
  });
  const { $schema: _, ...problem } = z.toJSONSchema(Problem);
  components.schemas = { ...components.schemas, Problem: problem };
}

/** `POST /orders/{id}/items` is `postOrdersByIdItems`. */
function freeName(method: string, path: string, taken: Set<string | undefined>): string {
  const words = path.replaceAll("{", " by ").match(/[A-Za-z0-9]+/g) ?? [];
  const name =
    method + words.map((word) => word.replace(/^./, (one) => one.toUpperCase())).join("");
  let free = name;
  for (let i = 2; taken.has(free); i++) free = `${name}${i}`;
  return free;
}

function describeRequest({ parameters = [], requestBody }: Operation): void {
  for (const parameter of parameters) {
    // Where values have commas between them, the schema says so, and means the parameter.
    const { explode, ...schema } = parameter.schema;
    if (explode !== undefined) Object.assign(parameter, { explode, schema });
    if (parameter.name === "if-match") parameter.required = true;
  }
  if (requestBody) {
    const bodies = Object.values(requestBody.content);
    requestBody.required = !bodies.some(({ schema }) => takesNull(schema));
  }
}

/** Where no body was sent, null is what is validated. */
function takesNull({ type, anyOf = [] }: Schema): boolean {
  return [type].flat().includes("null") || anyOf.some(takesNull);
}

function describeResponses({ tags, parameters = [], requestBody, responses }: Operation): void {
  const has = (name: string) => parameters.some((parameter) => parameter.name === name);
  for (const status of [
    ...[400, 408, 431, 500],
    ...(parameters.some((parameter) => parameter.in === "path") ? [404] : []),
    ...(requestBody ? [413, 415] : []),
    ...(has("if-match") ? [412, 428] : []),
    // The others are answered under load too.
    ...(tags?.includes("operations") ? [] : [429, 503]),
  ]) {
    responses[status] ??= { description: STATUS_CODES[status], content: problems };
  }
  responses.default = { description: "Any other failure", content: problems };

  for (const [status, response] of Object.entries(responses)) {
    if (response.description === "Default Response") response.description = STATUS_CODES[status];
    if (response.content?.["application/problem+json"]) response.content = problems;
    const isTagged = has("if-match") || has("if-none-match");
    response.headers = {
      ...header("X-Request-Id"),
      ...(isTagged && /^(200|304)$/.test(status) ? header("ETag") : {}),
      ...(/^(429|503)$/.test(status) ? header("Retry-After") : {}),
    };
  }
}

/** What creates something that can be read says where, and what its version is. */
function describeCreation(paths: Description["paths"], path: string): void {
  const created = paths[path]?.post?.responses[201];
  const item = Object.keys(paths).find((other) => other.replace(/\{[^/]*\}$/, "") === `${path}/`);
  const read = paths[item ?? ""]?.get?.responses[200];
  if (created && read) created.headers = { ...read.headers, ...header("Location") };
}

function header(name: keyof typeof headers): Record<string, object> {
  return { [name]: { description: headers[name], schema: { type: "string" } } };
}
