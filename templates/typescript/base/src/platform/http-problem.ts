import { STATUS_CODES } from "node:http";
import { z } from "zod";

export const Problem = z
  .looseObject({
    type: z.string(),
    title: z.string(),
    status: z.int().min(400).max(599),
    detail: z.string().optional(),
    request_id: z.string().optional(),
  })
  .describe("RFC 9457 problem details");

/** Describes a failure among the responses of a route. Every error is answered in this form anyway. */
export function problem(description: string) {
  return { description, content: { "application/problem+json": { schema: Problem } } };
}

/** Throw it in a handler to answer with this status and RFC 9457 problem details. */
export class HttpProblem extends Error {
  readonly status: number;
  readonly headers: Record<string, string>;
  readonly #body: object;

  /**
   * @param detail what went wrong this time, for the caller's eyes
   * @param members further members of the problem
   */
  constructor(
    status: number,
    {
      detail,
      headers = {},
      members = {},
    }: { detail?: string; headers?: Record<string, string>; members?: object } = {},
  ) {
    const title = STATUS_CODES[status];
    super(detail ?? title);
    this.status = status;
    this.headers = headers;
    this.#body = { type: "about:blank", title, status, detail, ...members };
  }

  /** The JSON object of the problem. */
  body(): object {
    return this.#body;
  }
}
