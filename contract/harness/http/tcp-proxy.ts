import { connect, createServer, type Server, type Socket } from 'node:net';

/** A TCP proxy on 127.0.0.1, by which a backing service can go away and come back. */
export class TcpProxy {
  readonly port: number;
  readonly #to: { host: string; port: number };
  readonly #sockets = new Set<Socket>();
  #server: Server | undefined;
  #stalled = false;
  #isClosed = false;
  #delayMs = 0;

  private constructor(server: Server, port: number, to: { host: string; port: number }) {
    this.#server = server;
    this.port = port;
    this.#to = to;
    server.on('connection', (socket) => this.#accept(socket));
  }

  static async open(host: string, port: number): Promise<TcpProxy> {
    const server = createServer();
    return new TcpProxy(server, await listen(server, 0), { host, port });
  }

  /** Refuses connections and cuts those that are open. */
  async down(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    for (const socket of this.#sockets) socket.destroy();
    if (server) await new Promise<void>((resolve) => server.close(() => resolve()));
  }

  /** Keeps connections open and lets nothing through, like a host that vanished behind a firewall. */
  stall(): void {
    this.#stalled = true;
    for (const socket of this.#sockets) socket.pause();
  }

  /** Cuts the open connections and accepts new ones, like a server that was restarted. */
  cut(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  /** Delays everything that passes from now on, in each direction, in milliseconds. 0 is no delay. */
  slow(delayMs: number): void {
    this.#delayMs = delayMs;
  }

  /** Ends it for good. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await this.down();
  }

  /** Works again, for open connections too. @throws when it was closed, since its check has ended */
  async up(): Promise<void> {
    if (this.#isClosed) throw new Error('the proxy is closed');
    this.#stalled = false;
    this.#delayMs = 0;
    for (const socket of this.#sockets) socket.resume();
    if (this.#server) return;
    const server = createServer((socket) => this.#accept(socket));
    this.#server = server;
    await listen(server, this.port);
  }

  #accept(client: Socket): void {
    const upstream = connect(this.#to);
    for (const [from, to] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      this.#sockets.add(from);
      from.on('data', (chunk) => {
        if (this.#delayMs === 0) to.write(chunk);
        else setTimeout(() => to.writable && to.write(chunk), this.#delayMs);
      });
      from.on('error', () => to.destroy());
      from.on('close', () => {
        this.#sockets.delete(from);
        to.destroy();
      });
      if (this.#stalled) from.pause();
    }
  }
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    // It never listens if it is closed before.
    server.once('close', () => resolve(port));
    server.listen(port, '127.0.0.1', () => {
      const address = server.address();
      resolve(typeof address === 'object' && address ? address.port : port);
    });
  });
}
