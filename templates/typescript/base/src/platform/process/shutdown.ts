import { type Socket, Server as TcpServer } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import type { FastifyInstance } from "fastify";
import shutdownConfig from "../config/shutdown.ts";
import { log } from "../log.ts";

/** How long a connection must have been idle before it is closed: a client that keeps sending is
 * then told by `Connection: close`, instead of finding its next request reset. */
const idleGrace = 250;
const sweepEvery = 50;

/** Resolves with the first SIGTERM or SIGINT; another one ends the process at once. */
export function stopSignal(): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    let stopping = false;
    for (const name of ["SIGTERM", "SIGINT"] as const) {
      process.on(name, () => {
        if (stopping) {
          log.warn({ "event.name": "shutdown.forced" }, `${name} again, exiting at once`);
          process.exit(1);
        }
        stopping = true;
        resolve(name);
      });
    }
  });
}

/** Asks the clients of an app that is stopping to open no further request on their connection. */
export function sendAway(app: FastifyInstance): void {
  app.addHook("onSend", async (_request, reply) => {
    if (app.readiness.draining) reply.header("connection", "close");
  });
}

/**
 * Prepares an app for a graceful stop; call it before it listens.
 *
 * The function it returns stops the app: not ready at once, no new connection after
 * SHUTDOWN_DELAY_MS, then every request that has begun, half-sent ones included, is answered. It
 * resolves with the exit code: 0, or 1 when SHUTDOWN_TIMEOUT_MS ran out first.
 */
export function prepareShutdown(app: FastifyInstance): (signal: string) => Promise<number> {
  const { SHUTDOWN_DELAY_MS: delay, SHUTDOWN_TIMEOUT_MS: timeout } = app.config.get(shutdownConfig);
  const connections = trackConnections(app);

  async function drain(): Promise<number> {
    await sleep(delay);
    // Not http.Server's own close: it resets idle connections at that very moment.
    TcpServer.prototype.close.call(app.server);
    const begun = performance.now();
    while (connections.size > 0) {
      closeIdle(connections, begun);
      await sleep(sweepEvery);
    }
    await app.close();
    log.info({ "event.name": "shutdown.done" }, "stopped");
    return 0;
  }

  async function giveUp(): Promise<number> {
    await sleep(timeout, undefined, { ref: false });
    log.error(
      { "event.name": "shutdown.timeout", connections: connections.size },
      `not drained within ${timeout} ms, exiting`,
    );
    return 1;
  }

  return (signal) => {
    app.readiness.draining = true;
    log.info({ "event.name": "shutdown.started", signal }, "stopping");
    return Promise.race([drain(), giveUp()]);
  };
}

/** What is known of an open connection; it is idle when nothing arrived since its last response. */
interface Connection {
  requests: number;
  bytesRead: number;
  idleSince: number;
}

function trackConnections(app: FastifyInstance): Map<Socket, Connection> {
  const connections = new Map<Socket, Connection>();
  app.server.on("connection", (socket) => {
    connections.set(socket, { requests: 0, bytesRead: 0, idleSince: performance.now() });
    socket.once("close", () => connections.delete(socket));
  });
  app.server.on("request", (request, response) => {
    const connection = connections.get(request.socket);
    if (connection === undefined) return;
    connection.requests += 1;
    response.once("close", () => {
      connection.requests -= 1;
      connection.bytesRead = request.socket.bytesRead;
      connection.idleSince = performance.now();
    });
  });
  return connections;
}

function closeIdle(connections: Map<Socket, Connection>, begun: number): void {
  for (const [socket, { requests, bytesRead, idleSince }] of connections) {
    const idle = requests === 0 && socket.bytesRead === bytesRead;
    if (idle && performance.now() - Math.max(idleSince, begun) >= idleGrace) socket.destroy();
  }
}
