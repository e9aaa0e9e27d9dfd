import { STATUS_CODES } from "node:http";

/** Throw it in a handler to answer with this status and RFC 9457 problem details. */
export class HttpProblem extends Error {
  readonly status: number;
  readonly headers: Record<string, string>;
  readonly #detail: string | undefined;
  readonly #members: object;

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
    super(detail ?? STATUS_CODES[status]);
    this.status = status;
    this.headers = headers;
    this.#detail = detail;
    this.#members = members;
  }

  /** The JSON object of the problem. */
  body(): object {
    return {
      type: "about:blank",
      title: STATUS_CODES[this.status],
      status: this.status,
      ...(this.#detail === undefined ? {} : { detail: this.#detail }),
      ...this.#members,
    };
  }
}
