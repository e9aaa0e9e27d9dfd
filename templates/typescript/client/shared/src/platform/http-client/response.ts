import type { z } from "zod";
import { HttpClientError } from "../http-client-error.ts";

/** An answer of another service, read to its end. */
export class HttpClientResponse {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Buffer;
  readonly #server: string;

  constructor(server: string, { status, headers }: Response, body: Buffer) {
    this.#server = server;
    this.status = status;
    this.headers = headers;
    this.body = body;
  }

  /**
   * The JSON body of a success. Look at `status` first where another one is an answer as well.
   *
   * @throws HttpClientError (`invalid_response`) for any other status and for any other body
   */
  json<T>(schema: z.ZodType<T>): T {
    if (this.status < 200 || this.status > 299) throw this.#invalid(`status ${this.status}`);
    const result = schema.safeParse(parse(this.body));
    if (result.success) return result.data;
    // Where it is wrong, not what is there: the body belongs to nobody's log.
    const paths = result.error.issues.map(({ code, path }) => `${code} at /${path.join("/")}`);
    throw this.#invalid(`a body that does not match: ${paths.join(", ")}`);
  }

  #invalid(what: string): HttpClientError {
    return new HttpClientError(this.#server, "invalid_response", `answered with ${what}`);
  }
}

function parse(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString());
  } catch {
    return undefined;
  }
}

/**
 * Reads a body that is not larger than `limit` bytes.
 *
 * @throws HttpClientError (`invalid_response`) as soon as it is; the connection is then closed
 */
export async function readBody(server: string, response: Response, limit: number): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    size += chunk.byteLength;
    if (size > limit) {
      throw new HttpClientError(server, "invalid_response", `answered more than ${limit} bytes`);
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
