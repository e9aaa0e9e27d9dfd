// No library keeps this: each request is answered in time, its connection is closed when the client takes
// nothing of the answer, and a drain waits for exactly what has begun.
import { type Server, STATUS_CODES } from "node:http";
import type { Socket } from "node:net";
import type { FastifyInstance, FastifyReply } from "fastify";
import { HttpProblem } from "../http-problem.ts";
import { log } from "../log.ts";
import { requestId } from "./requests.ts";

const sweepEvery = 100;
/** How many requests a client may send without waiting for their answers. */
const maxPipelined = 100;

interface Connection {
  /** What is not answered yet, the oldest first, and since when. */
  open: Map<FastifyReply, number>;
  /** What had arrived when the last answer was sent: more of it is the next request. */
  bytesRead: number;
  idleSince: number;
}

export class Connections {
  readonly #all = new Map<Socket, Connection>();
  readonly #server: Server;
  #sendingAway = false;

  /**
   * @param handlerTimeout what is not answered by then is answered with 503
   * @param stallTimeout how long a client may take nothing of an answer
   */
  constructor(app: FastifyInstance, handlerTimeout: number, stallTimeout: number) {
    this.#server = app.server;
    app.server.on("connection", (socket) => {
      this.#all.set(socket, { open: new Map(), bytesRead: 0, idleSince: performance.now() });
      socket.once("close", () => this.#all.delete(socket));
    });
    // Node's own timeout knows whether a write makes progress; with a listener, it closes nothing itself.
    app.server.setTimeout(stallTimeout, (socket) => this.#onTimeout(socket));
    app.addHook("onRequest", (request, reply, done) => {
      const { socket } = request.raw;
      // What came in one piece with too many others: nobody is there to be answered.
      if (socket.destroyed) return;
      if (this.#sendingAway) reply.header("connection", "close");
      const open = this.#all.get(socket)?.open.set(reply, performance.now());
      if (open && open.size > maxPipelined) close(socket, "too many requests without an answer");
      else done();
    });
    app.addHook("onResponse", (request, reply, done) => {
      const { socket } = request.raw;
      const connection = this.#all.get(socket);
      if (connection) settle(connection, socket, reply);
      done();
    });
    const sweep = () => this.#answerLate(performance.now() - handlerTimeout);
    const timer = setInterval(sweep, Math.min(sweepEvery, handlerTimeout)).unref();
    app.addHook("onClose", async () => clearInterval(timer));
  }

  get size(): number {
    return this.#all.size;
  }

  /** Asks clients to open no further request on their connection. */
  sendAway(): void {
    this.#sendingAway = true;
    for (const { open } of this.#all.values()) {
      for (const reply of open.keys()) if (!reply.sent) reply.header("connection", "close");
    }
  }

  /** From now on a client may take nothing of an answer for no longer than this. */
  limitStalls(timeout: number): void {
    this.#server.timeout = Math.min(timeout, this.#server.timeout);
    for (const [socket, { open }] of this.#all) {
      if (open.size > 0) socket.setTimeout(this.#server.timeout);
    }
  }

  /** Closes what has been idle since before `limit`. */
  closeIdle(limit: number): void {
    for (const [socket, connection] of this.#all) {
      for (const reply of connection.open.keys()) {
        // A reply that was hijacked tells Fastify nothing.
        if (reply.raw.writableFinished) settle(connection, socket, reply);
      }
      if (isIdle(socket, connection) && connection.idleSince < limit) socket.destroy();
    }
  }

  #onTimeout(socket: Socket): void {
    const connection = this.#all.get(socket);
    if (socket.writableLength > 0) close(socket, "the client takes nothing of its answer");
    else if (connection === undefined || isIdle(socket, connection)) socket.destroy();
  }

  #answerLate(before: number): void {
    for (const { open } of this.#all.values()) {
      for (const [reply, since] of open) {
        if (since > before) break;
        if (!reply.sent) answerLate(reply);
      }
    }
  }
}

function settle(connection: Connection, socket: Socket, reply: FastifyReply): void {
  connection.open.delete(reply);
  connection.bytesRead = socket.bytesRead;
  connection.idleSince = performance.now();
}

function isIdle(socket: Socket, { open, bytesRead }: Connection): boolean {
  return open.size === 0 && socket.bytesRead === bytesRead;
}

function close(socket: Socket, reason: string): void {
  log.info({ "event.name": "http.closed" }, `connection closed: ${reason}`);
  socket.destroy();
}

function answerLate(reply: FastifyReply): void {
  // Where the handler asked for `request.signal`, Fastify keeps its controller under a symbol of its own,
  // and asking here would make one. So all values are looked at; few requests are late.
  const values = Reflect.ownKeys(reply.request).map((key) => Reflect.get(reply.request, key));
  for (const value of values) if (value instanceof AbortController) value.abort();
  if (!reply.sent)
    reply.send(new HttpProblem(503, { detail: "The service did not answer in time." }));
}

const connectionErrors: Record<string, number> = {
  ERR_HTTP_REQUEST_TIMEOUT: 408,
  HPE_CHUNK_EXTENSIONS_OVERFLOW: 413,
  HPE_HEADER_OVERFLOW: 431,
};

/** Answers what is not HTTP enough to become a request, and closes the connection. */
export function refuseConnection(error: Error & { code?: string }, socket: Socket): void {
  if (error.code === "ECONNRESET" || !socket.writable) {
    socket.destroy();
    return;
  }
  const problem = new HttpProblem(connectionErrors[error.code ?? ""] ?? 400);
  const id = requestId({ headers: {} });
  log.info(
    {
      "event.name": "http.refused",
      "http.response.status_code": problem.status,
      request_id: id,
      reason: error.code,
    },
    "connection refused",
  );
  const body = JSON.stringify({ ...problem.body(), request_id: id });
  socket.end(
    [
      `HTTP/1.1 ${problem.status} ${STATUS_CODES[problem.status]}`,
      "Connection: close",
      "Content-Type: application/problem+json",
      `Content-Length: ${Buffer.byteLength(body)}`,
      `X-Request-Id: ${id}`,
      "",
      body,
    ].join("\r\n"),
  );
}
