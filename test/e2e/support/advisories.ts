import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { HOST } from './jobs.ts';

/** The id of the vulnerability that {@link Advisories.knowsOne} is about. */
export const VULNERABILITY = 'GO-2026-9001';

const modified = '2026-01-01T00:00:00Z';

/** The database for Go, by the paths of its files: https://go.dev/doc/security/vuln/database. */
function filesFor(ids: readonly string[]): Record<string, unknown> {
  const vulns = ids.map((id) => ({ id, modified }));
  // The standard library has what every service calls.
  const affected = {
    package: { name: 'stdlib', ecosystem: 'Go' },
    ranges: [{ type: 'SEMVER', events: [{ introduced: '0' }] }],
    ecosystem_specific: { imports: [{ path: 'log/slog', symbols: ['New'] }] },
  };
  return {
    '/index/db.json': { modified },
    '/index/modules.json': ids.length === 0 ? [] : [{ path: 'stdlib', vulns }],
    '/index/vulns.json': vulns,
    ...Object.fromEntries(
      ids.map((id) => [
        `/ID/${id}.json`,
        { schema_version: '1.3.1', id, modified, affected: [affected], database_specific: {} },
      ]),
    ),
  };
}

/**
 * A database of vulnerabilities where tools ask what they would ask in the network: that of Go by files, and OSV by
 * questions. It knows of none until {@link Advisories.knowsOne} is set.
 */
export class Advisories {
  readonly #server: Server = createServer((request, response) => {
    request.resume();
    response.setHeader('content-type', 'application/json');
    const { url = '' } = request;
    const [path = ''] = url.split('.gz');
    const ids = this.knowsOne ? [VULNERABILITY] : [];
    const vulns = ids.map((id) => ({ id, modified, summary: 'made for a test', affected: [] }));
    const text = JSON.stringify(filesFor(ids)[path] ?? { vulns });
    response.end(url === path ? text : gzipSync(text));
  });
  /** Whether there is a vulnerability in what every program calls, and one in every package of Python. */
  knowsOne = false;
  /** What tells the tools of a job. */
  env: Record<string, string> = {};

  /** On every address of this machine: jobs are in a network of their own. */
  async start(): Promise<void> {
    this.#server.listen(0, '0.0.0.0');
    await once(this.#server, 'listening');
    const url = `http://${HOST}:${(this.#server.address() as AddressInfo).port}`;
    this.env = { GOVULNDB: url, PIP_AUDIT_OSV_URL: `${url}/v1/query` };
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
  }
}
