import type { Harness } from '../../harness/harness.ts';
import type { WriteOperation } from '../../harness/schema/openapi.ts';
import type { Service } from '../../harness/service.ts';
import { sleep } from '../../harness/wait.ts';

/** Pause between two requests of one client, in milliseconds: a rate limit must not refuse the load. */
const PAUSE = 40;
const CLIENTS = 6;
/** How often a load balancer asks for readiness, in milliseconds. */
const POLL = 50;

/** Clients behind a load balancer: each request goes to an instance that was ready when it was last asked. */
export class RollingLoad {
  requests = 0;
  /** What went wrong, and how often. */
  readonly failures = new Map<string, number>();
  readonly #instances = new Map<Service, boolean>();
  readonly #clients: Promise<void>[];
  #stopped = false;

  private constructor(write: WriteOperation | undefined) {
    this.#clients = Array.from({ length: CLIENTS }, (_, at) => this.#client(at % 2 === 0 ? write : undefined));
    // `stop` throws the error. It must not be an unhandled rejection until then.
    for (const client of this.#clients) client.catch(() => undefined);
  }

  static async start(harness: Harness): Promise<RollingLoad> {
    return new RollingLoad(await harness.findWrite('writes'));
  }

  /** Sends requests to one more instance for as long as it is ready. */
  add(service: Service): void {
    this.#instances.set(service, true);
    void this.#poll(service);
  }

  /** Sends an instance nothing more, and waits as a preStop hook does. */
  async leave(service: Service, ms: number): Promise<void> {
    this.#instances.delete(service);
    await sleep(ms);
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    await Promise.all(this.#clients);
  }

  async #poll(service: Service): Promise<void> {
    while (!this.#stopped && !service.child.exited && this.#instances.has(service)) {
      const isReady = service.isFine(await service.status(service.paths.ready));
      if (this.#instances.has(service)) this.#instances.set(service, isReady);
      await sleep(POLL);
    }
    this.#instances.delete(service);
  }

  async #client(write: WriteOperation | undefined): Promise<void> {
    while (!this.#stopped) {
      const ready = [...this.#instances].flatMap(([service, isReady]) => (isReady ? [service] : []));
      const service = ready[Math.floor(Math.random() * ready.length)];
      if (service) await this.#request(service, write);
      await sleep(PAUSE);
    }
  }

  async #request(service: Service, write: WriteOperation | undefined): Promise<void> {
    const path = write?.path ?? service.paths.live;
    const options = write ? { method: 'POST', body: write.body() } : {};
    this.requests += 1;
    const got = await service.ask(path, options).then(
      ({ status }) => (status < 500 ? undefined : String(status)),
      (error: Error) => error.message.replace(/^.*: /, ''),
    );
    if (got === undefined) return;
    const what = `${options.method ?? 'GET'} ${path}: ${got}`;
    this.failures.set(what, (this.failures.get(what) ?? 0) + 1);
  }
}
