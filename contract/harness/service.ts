import type { HealthPaths } from '../types.ts';
import type { Child, Exit } from './child.ts';
import { Endpoint } from './endpoint.ts';
import type { Line } from './line.ts';
import { hasProcfs, listeningPorts, listensOn } from './procfs.ts';
import { TimedOut, until } from './wait.ts';

/** A running `web`. */
export class Service extends Endpoint {
  readonly child: Child;
  readonly port: number;
  #isOwn = false;

  constructor(child: Child, port: number, paths: HealthPaths) {
    super(`http://127.0.0.1:${port}`, paths);
    this.child = child;
    this.port = port;
  }

  /**
   * Waits until the service is ready, and makes sure that it is this process that answers.
   * @returns milliseconds since the process was started
   * @throws with the last lines of its output when it ends first, TimedOut when it takes longer than `ms`
   */
  async ready(ms: number): Promise<number> {
    let last: number | string = 'nothing';
    const probe = async () => {
      if (this.child.exited) {
        const said = this.child.output.trim().split('\n').slice(-15).join('\n');
        throw new Error(`web ended with ${describeExit(this.child.exited)} before it was ready:\n${said.slice(-2000)}`);
      }
      if (this.child.flooded) throw new Error(this.child.flooded);
      last = await this.status(this.paths.ready);
      return last === 200 && this.isOwn() ? true : undefined;
    };
    await until('the service to be ready', ms, probe, 40).catch((error: Error) => {
      throw error instanceof TimedOut ? new Error(this.#whyNotReady(ms, last)) : error;
    });
    return performance.now() - this.child.startedAt;
  }

  /** Whether its port is held by this process or by one that it started. True where that cannot be seen. */
  isOwn(): boolean {
    if (this.#isOwn || this.child.isRemote || !hasProcfs()) return true;
    const members = this.child.members();
    // One that leaves the work to a daemon and ends is not the process that was started.
    this.#isOwn = members.includes(this.child.pid) && listensOn(members, this.port);
    return this.#isOwn;
  }

  #whyNotReady(ms: number, last: number | string): string {
    const start = `not ready within ${ms} ms: GET ${this.paths.ready} on port ${this.port} gave ${last}`;
    if (this.child.isRemote) return start;
    const ports = listeningPorts(this.child.members());
    if (last === 200) return `${start}, but from another process`;
    if (ports.length > 0 && !ports.includes(this.port)) return `${start}; it listens on ${ports.join(', ')}`;
    return `${start}; ${ports.length > 0 ? 'the port is its own' : 'it listens on no port'}`;
  }

  /** The log line of a request that was sent with this id. */
  requestLine(id: string, ms?: number): Promise<Line> {
    return requestLine(this.child, id, ms);
  }

  signal(name: NodeJS.Signals): Promise<void> {
    return this.child.signal(name);
  }
}

/** The log line of a request that was sent with this id, which may take `ms` to come. */
export function requestLine(child: Child, id: string, ms = 2000): Promise<Line> {
  const isIt = ({ json }: Line) =>
    json !== undefined && json.request_id === id && field(json, 'http.route') !== undefined;
  return child.line(`a log line of the request ${id}`, ms, isIt);
}

/** A field of a log line, written flat (`"a.b"`) or nested. */
export function field(json: Readonly<Record<string, unknown>>, name: string): unknown {
  if (name in json) return json[name];
  return name.split('.').reduce<unknown>((at, key) => (at as Record<string, unknown> | undefined)?.[key], json);
}

/** `exit 0`, `SIGKILL`, or `still running`. */
export function describeExit(exit: Exit | undefined): string {
  if (!exit || (exit.code === null && exit.signal === null)) return 'still running';
  return exit.signal ?? `exit ${exit.code}`;
}
