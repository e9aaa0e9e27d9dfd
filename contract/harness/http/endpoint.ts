import type { HealthPaths } from '../../target.ts';
import { codeOf, TimedOut, until } from '../wait.ts';
import { type Answer, type Ask, ask } from './ask.ts';
import { Download } from './download.ts';
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

  /** Whether a health path with this status says that the service is well. */
  isFine(status: number | string): boolean {
    return this.paths.usual === undefined ? isFine(status) : status === this.paths.usual;
  }

  /** One request on a connection of its own. */
  ask(path: string, options: Ask = {}): Promise<Answer> {
    return ask(this.url + path, { ...options, headers: { ...this.#headers, ...options.headers } });
  }

  /** A GET whose answer is read later. */
  download(path: string): Download {
    return new Download(this.url + path, this.#headers);
  }

  /**
   * A connection that sends raw bytes.
   * @param ms how long it may take to open, if not 10 s
   * @throws the connection's error, such as ECONNREFUSED
   */
  connect(ms?: number): Promise<RawConnection> {
    return RawConnection.open(new URL(this.url), { ...(ms === undefined ? {} : { ms }), headers: this.#headers });
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

  /**
   * The same on a connection that may have to wait until others are taken: the time counts from when it is open.
   * @returns the status, or what went wrong
   */
  async statusInTurn(path: string, timeoutMs = 2000): Promise<number | string> {
    const connection = await this.connect().catch((error: Error) => error);
    if (connection instanceof Error) return codeOf(connection) || connection.message;
    try {
      connection.get(path);
      return (await connection.answer(timeoutMs)).status;
    } catch (error) {
      return error instanceof TimedOut ? `no answer within ${timeoutMs} ms` : (connection.error ?? String(error));
    } finally {
      connection.destroy();
    }
  }

  /** Asks until a path answers with `status`; 200 stands for any answer that is fine. @returns how long it took, in milliseconds @throws TimedOut */
  async reaches(path: string, status: number | string, ms: number): Promise<number> {
    const from = performance.now();
    await until(
      `${path} to answer ${status}`,
      ms,
      async () => {
        const got = await this.status(path);
        return got === status || (status === 200 && this.isFine(got)) ? true : undefined;
      },
      20,
    );
    return performance.now() - from;
  }
}
