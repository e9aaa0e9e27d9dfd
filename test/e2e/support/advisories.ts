import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { HOST } from './jobs.ts';

/** The index of a database for Go that knows of nothing. */
const EMPTY: Record<string, unknown> = {
  '/index/db.json': { modified: '2026-01-01T00:00:00Z' },
  '/index/modules.json': [],
  '/index/vulns.json': [],
};

/**
 * A database of vulnerabilities that has none, where tools ask what they would ask in the network: that of Go by files, and
 * OSV, which answers each question with an empty object.
 */
export class Advisories {
  readonly #server: Server = createServer((request, response) => {
    this.#isAsked = true;
    request.resume();
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify(EMPTY[request.url ?? ''] ?? {}));
  });
  #isAsked = false;
  /** What tells the tools of a job. */
  env: Record<string, string> = {};

  /** On every address of this machine: jobs are in a network of their own. */
  async start(): Promise<void> {
    this.#server.listen(0, '0.0.0.0');
    await once(this.#server, 'listening');
    const url = `http://${HOST}:${(this.#server.address() as AddressInfo).port}`;
    this.env = { GOVULNDB: url, PIP_AUDIT_OSV_URL: `${url}/v1/query` };
  }

  /** Whether a tool has asked since this was called before. */
  asked(): boolean {
    const isAsked = this.#isAsked;
    this.#isAsked = false;
    return isAsked;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
  }
}
