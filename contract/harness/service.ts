import type { Child, Exit, Line } from './child.ts';
import { type Answer, type Ask, ask } from './http.ts';
import { codeOf, until } from './wait.ts';

/** A running `web`, and the way to talk to it. */
export class Service {
  readonly child: Child;
  readonly port: number;
  readonly url: string;

  constructor(child: Child, port: number) {
    this.child = child;
    this.port = port;
    this.url = `http://127.0.0.1:${port}`;
  }

  /** One request on a connection of its own. */
  ask(path: string, options?: Ask): Promise<Answer> {
    return ask(this.url + path, options);
  }

  /** The status of a request, or the code of the connection's error (`ECONNREFUSED`). */
  async status(path: string, timeoutMs = 2000): Promise<number | string> {
    try {
      return (await this.ask(path, { timeoutMs })).status;
    } catch (error) {
      const cause = error instanceof Error ? error.cause : undefined;
      return codeOf(cause) || (cause instanceof Error ? cause.name : String(error));
    }
  }

  /** Asks until a path answers with `status`; gives the milliseconds that it took. */
  async reaches(path: string, status: number | string, ms: number): Promise<number> {
    const from = performance.now();
    await until(
      `${path} to answer ${status}`,
      ms,
      async () => ((await this.status(path)) === status ? true : undefined),
      20,
    );
    return performance.now() - from;
  }

  /**
   * Waits until the service is ready.
   * @returns milliseconds since the process was started
   * @throws with the last lines of its output when it ends first, TimedOut when it takes longer than `ms`
   */
  async ready(ms: number): Promise<number> {
    await until('the service to be ready', ms, async () => {
      if (this.child.exited) {
        const said = this.child.output.trim().split('\n').slice(-5).join('\n');
        throw new Error(`web ended with ${describeExit(this.child.exited)} before it was ready:\n${said}`);
      }
      return (await this.status('/health/ready')) === 200 ? true : undefined;
    });
    return performance.now() - this.child.startedAt;
  }

  /** The log line of a request that was sent with this id. */
  requestLine(id: string, ms = 2000): Promise<Line> {
    const isIt = ({ json }: Line) =>
      json !== undefined && json.request_id === id && field(json, 'http.route') !== undefined;
    return this.child.line(`a log line of the request ${id}`, ms, isIt);
  }

  signal(name: NodeJS.Signals): Promise<void> {
    return this.child.signal(name);
  }
}

/** A field of a log line, written flat (`"a.b"`) or nested. */
export function field(json: Readonly<Record<string, unknown>>, name: string): unknown {
  if (name in json) return json[name];
  return name.split('.').reduce<unknown>((at, key) => (at as Record<string, unknown> | undefined)?.[key], json);
}

/** `exit 0`, `SIGKILL`, or `still running`. */
export function describeExit(exit: Exit | undefined): string {
  if (!exit) return 'still running';
  return exit.signal ?? `exit ${exit.code}`;
}
