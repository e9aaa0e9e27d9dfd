import type { HealthPaths } from '../../target.ts';
import { codeOf, until } from '../wait.ts';
import { type Answer, type Ask, ask } from './ask.ts';
import { RawConnection } from './raw-connection.ts';

/** Whether a health probe counts this status as healthy: any 2xx, as in Kubernetes. */
export function isFine(status: number | string): boolean {
  return typeof status === 'number' && status >= 200 && status < 300;
}

/** An HTTP server, and ways to talk to it. */
export class Endpoint {
  /** Without a path. */
  readonly url: string;
  readonly paths: HealthPaths;
  /** Sent with every request. */
  readonly #headers: Readonly<Record<string, string>>;

  constructor(url: string, paths: HealthPaths, headers: Readonly<Record<string, string>> = {}) {
    this.url = url;
    this.paths = paths;
    this.#headers = headers;
  }

  /** One request on a connection of its own. */
  ask(path: string, options: Ask = {}): Promise<Answer> {
    return ask(this.url + path, { ...options, headers: { ...this.#headers, ...options.headers } });
  }

  /** A connection that sends raw bytes. @throws the connection's error, such as ECONNREFUSED */
  connect(): Promise<RawConnection> {
    return RawConnection.open(new URL(this.url), { headers: this.#headers });
  }

  /** The status of a request, or the code of the connection's error (`ECONNREFUSED`). */
  async status(path: string, timeoutMs = 2000): Promise<number | string> {
    try {
      return (await this.ask(path, { timeoutMs })).status;
    } catch (error) {
      const cause = error instanceof Error ? error.cause : undefined;
      if (codeOf(cause) === 'ABORT_ERR') return `no answer within ${timeoutMs} ms`;
      return codeOf(cause) || (cause instanceof Error ? cause.name : String(error));
    }
  }

  /** Asks until a path answers with `status`; 200 stands for any 2xx. @returns how long it took, in milliseconds @throws TimedOut */
  async reaches(path: string, status: number | string, ms: number): Promise<number> {
    const from = performance.now();
    await until(
      `${path} to answer ${status}`,
      ms,
      async () => {
        const got = await this.status(path);
        return got === status || (status === 200 && isFine(got)) ? true : undefined;
      },
      20,
    );
    return performance.now() - from;
  }
}
