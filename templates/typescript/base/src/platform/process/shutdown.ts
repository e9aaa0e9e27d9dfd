// No library keeps this: no new connection, every request that has begun is answered, and within a budget.
import { Server as TcpServer } from "node:net";
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

/**
 * Prepares an app for a graceful stop.
 *
 * The function it returns stops the app: not ready at once, no new connection after
 * SHUTDOWN_DELAY_MS, then every request that has begun, half-sent ones included, is answered. It
 * resolves with the exit code: 0, or 1 when SHUTDOWN_TIMEOUT_MS ran out first.
 */
export function prepareShutdown(app: FastifyInstance): (signal: string) => Promise<number> {
  const { SHUTDOWN_DELAY_MS: delay, SHUTDOWN_TIMEOUT_MS: timeout } = app.config.get(shutdownConfig);
  const { connections } = app;

  async function drain(): Promise<number> {
    await sleep(delay);
    // Not http.Server's own close: it resets idle connections at that very moment.
    TcpServer.prototype.close.call(app.server);
    const begun = performance.now();
    connections.limitStalls((timeout - delay) / 4);
    while (connections.size > 0) {
      const now = performance.now();
      if (now - begun >= idleGrace) connections.closeIdle(now - idleGrace);
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
    connections.sendAway();
    log.info({ "event.name": "shutdown.started", signal }, "stopping");
    return Promise.race([drain(), giveUp()]);
  };
}
