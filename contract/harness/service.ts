import type { HealthPaths } from '../target.ts';
import { Endpoint } from './http/endpoint.ts';
import { isEngineFailure } from './image/docker.ts';
import type { Child } from './process/child.ts';
import { field, type Line } from './process/line.ts';
import { describeExit, type Exit } from './process/process.ts';
import {
  hasProcfs,
  isContainerInit,
  listeningPorts,
  listensOn,
  namespaceMembers,
  showsFiles,
} from './process/procfs.ts';
import { lastLines } from './process/quote.ts';
import { processorTicks } from './process/relatives.ts';
import { HarnessFailure, TimedOut, until } from './wait.ts';

/** It runs, and listens on no port at all. */
export class ListensNowhere extends Error {
  override name = 'ListensNowhere';
}

/** A running service. */
export class Service extends Endpoint {
  /** What messages call it. */
  protected readonly title: string = 'web';
  readonly child: Child;
  readonly port: number;
  /** What its start took, once somebody has waited for its end: milliseconds, and processor time where that is seen. */
  startTook: { readonly ms: number; readonly ticks: number } | undefined;
  #isOwn = false;
  /** The id of the container's first process, once it is known. */
  #pid: number | undefined;

  constructor(child: Child, port: number, paths: HealthPaths, headers?: Readonly<Record<string, string>>) {
    super(`http://127.0.0.1:${port}`, paths, headers);
    this.child = child;
    this.port = port;
  }

  /**
   * Waits until the service is ready, and makes sure that it is this process that answers.
   * @returns milliseconds since the process was started
   * @throws with the last lines of its output when it ends first or takes longer than `ms`; HarnessFailure when its engine
   * cannot be asked, or is on another machine
   */
  ready(ms: number): Promise<number> {
    return this.#answers(ms, (status) => this.isFine(status));
  }

  /** The same, and waits only until it takes connections, whatever it answers. */
  listens(ms: number): Promise<number> {
    return this.#answers(ms, (status) => status !== 'ECONNREFUSED');
  }

  async #answers(ms: number, isAnswer: (status: number | string) => boolean): Promise<number> {
    let last: number | string = 'nothing';
    const probe = async () => {
      if (this.child.failed) throw this.child.failed;
      if (this.child.exited) throw this.whyEnded(this.child.exited);
      if (this.child.flooded) throw new Error(this.child.flooded);
      last = await this.status(this.paths.ready);
      if (!isAnswer(last)) return undefined;
      // Until its container runs, another process is answering.
      const isRunning = this.child.remote === undefined || (await this.findContainer()) !== undefined;
      return isRunning && this.isOwn() ? true : undefined;
    };
    await until('the service to be ready', ms, probe, 40).catch(async (error: Error) => {
      throw error instanceof TimedOut ? await this.#whyNotReady(ms, last) : error;
    });
    const took = performance.now() - this.child.startedAt;
    this.startTook ??= { ms: took, ticks: this.child.remote || !hasProcfs() ? 0 : processorTicks(this.child.pid) };
    return took;
  }

  /** Whether its port is held by this process, by one that it started, or by its container. True if that cannot be seen. */
  isOwn(): boolean {
    if (this.#isOwn || !hasProcfs()) return true;
    // The program itself, in most cases: to look for what it has started takes longer.
    if (!this.child.remote && listensOn([this.child.pid], this.port)) this.#isOwn = this.child.exited === undefined;
    if (this.#isOwn) return true;
    const members = this.members();
    if (members === undefined) return true;
    // A process that starts a daemon and ends is no longer the service that was started.
    this.#isOwn = members.includes(this.#pid ?? this.child.pid) && listensOn(members, this.port);
    return this.#isOwn;
  }

  /** The ids of its processes, or `undefined` if they cannot be seen here or by this user. */
  members(): number[] | undefined {
    if (!this.child.remote) return this.child.members();
    const members = this.#pid === undefined ? [] : namespaceMembers(this.#pid);
    return members.length > 0 && members.every(showsFiles) ? members : undefined;
  }

  /** @returns whether its container is seen here, or `undefined` while none runs */
  protected async findContainer(): Promise<boolean | undefined> {
    if (this.#pid !== undefined) return true;
    const pid = await this.child.remote?.pid();
    if (pid === undefined) return undefined;
    const isHere = hasProcfs() && isContainerInit(pid);
    if (isHere) this.#pid = pid;
    return isHere;
  }

  protected whyEnded(exit: Exit): Error {
    const said = lastLines(this.child.output, 15);
    if (this.child.remote && exit.code === 125 && isEngineFailure(said)) return new HarnessFailure(said.slice(-500));
    return new Error(`${this.title} ended with ${describeExit(exit)} before it was ready:\n${said.slice(-2000)}`);
  }

  async #whyNotReady(ms: number, last: number | string): Promise<Error> {
    const start = `not ready within ${ms} ms: GET ${this.paths.ready} on port ${this.port} gave ${last}`;
    if (this.child.remote && (await this.findContainer()) === false)
      return new HarnessFailure(
        `${start}; its container runs, but is not seen on this machine. Docker's engine has to be here, not in a virtual machine, another container or elsewhere`,
      );
    const members = this.members();
    if (members === undefined) return new Error(start);
    const ports = listeningPorts(members);
    if (this.isFine(last)) return new Error(`${start}, but from another process`);
    if (ports.length > 0 && !ports.includes(this.port)) return new Error(`${start}; it listens on ${ports.join(', ')}`);
    if (ports.length > 0) return new Error(`${start}; the port is its own`);
    return new ListensNowhere(`${start}; it listens on no port`);
  }

  /** The log line of a request that was sent with this id. */
  requestLine(id: string, ms?: number): Promise<Line> {
    return requestLine(this.child, id, ms);
  }

  /** The first line that has this id, or another text that only one request has, in any field. */
  lineWith(id: string, ms = 2000): Promise<Line> {
    return this.child.line(`a log line with ${id}`, ms, ({ text }) => text.includes(id));
  }

  signal(name: NodeJS.Signals): Promise<void> {
    return this.child.signal(name);
  }
}

/** The log line of a request that was sent with this id. Waits up to `ms` milliseconds for it. */
export function requestLine(child: Child, id: string, ms = 2000): Promise<Line> {
  const isIt = ({ json }: Line) =>
    json !== undefined && json.request_id === id && field(json, 'http.route') !== undefined;
  return child.line(`a log line of the request ${id}`, ms, isIt);
}
