import { createServer, type IncomingMessage, request, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { docker } from './docker.ts';
import { get } from './http.ts';

const DISCOVER_MS = 300;
const PROBE_MS = 100;

/**
 * A balancer on loopback that does what balancers do: it learns the instances of a compose service from the engine, asks
 * each for its readiness, and sends requests to those that are ready, in turn. It never repeats a request.
 */
export class Balancer {
  readonly #server: Server;
  readonly #discover: () => Promise<string[]>;
  readonly #timers: NodeJS.Timeout[] = [];
  #instances: string[] = [];
  readonly #ready = new Set<string>();
  #turn = 0;

  constructor(project: string, service: string) {
    const labels = [`project=${project}`, `service=${service}`].flatMap((label) => [
      '--filter',
      `label=com.docker.compose.${label}`,
    ]);
    this.#discover = async () => {
      const ports = await docker('ps', ...labels, '--format', '{{.Ports}}');
      return [...ports.matchAll(/127\.0\.0\.1:(\d+)->/g)].map(([, port]) => `http://127.0.0.1:${port}`);
    };
    this.#server = createServer((incoming, outgoing) => this.#forward(incoming, outgoing));
  }

  /** Listens on a free port of loopback; resolves with its address once an instance is ready. */
  async start(): Promise<string> {
    const everySoOften = (ms: number, work: () => Promise<void>): void => {
      let busy = false;
      const timer = setInterval(() => {
        if (busy) return;
        busy = true;
        work().finally(() => {
          busy = false;
        });
      }, ms);
      this.#timers.push(timer);
    };
    everySoOften(DISCOVER_MS, async () => {
      this.#instances = await this.#discover();
      for (const known of this.#ready) if (!this.#instances.includes(known)) this.#ready.delete(known);
    });
    everySoOften(PROBE_MS, async () => {
      await Promise.all(this.#instances.map((instance) => this.#probe(instance)));
    });
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    while (this.#ready.size === 0) await new Promise((resolve) => setTimeout(resolve, PROBE_MS));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  stop(): void {
    for (const timer of this.#timers) clearInterval(timer);
    this.#server.close();
    this.#server.closeAllConnections();
  }

  async #probe(instance: string): Promise<void> {
    const answer = await get(`${instance}/readyz`);
    if (answer?.status === 200) this.#ready.add(instance);
    else this.#ready.delete(instance);
  }

  #forward(incoming: IncomingMessage, outgoing: ServerResponse): void {
    const ready = [...this.#ready];
    const instance = ready[this.#turn++ % ready.length];
    if (instance === undefined) return void outgoing.writeHead(503).end('no instance is ready');
    const upstream = request(
      `${instance}${incoming.url}`,
      { method: incoming.method ?? 'GET', headers: { ...incoming.headers, connection: 'close' }, agent: false },
      (answer) => {
        outgoing.writeHead(answer.statusCode ?? 502, { ...answer.headers, connection: 'close' });
        answer.pipe(outgoing);
      },
    );
    upstream.on('error', (error) => {
      if (outgoing.headersSent) outgoing.destroy(error);
      else outgoing.writeHead(502).end(`${instance}: ${error.message}`);
    });
    incoming.pipe(upstream);
  }
}
