import { STATUS_CODES } from 'node:http';

/** An error that is meant for the client. */
export class Problem extends Error {
  constructor(status, detail, headers = {}) {
    super(detail);
    this.status = status;
    this.headers = headers;
  }

  /** RFC 9457. */
  toJSON() {
    return { type: 'about:blank', title: STATUS_CODES[this.status], status: this.status, detail: this.message };
  }
}
