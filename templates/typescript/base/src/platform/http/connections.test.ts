import assert from "node:assert/strict";
import { once } from "node:events";
import { type AddressInfo, connect } from "node:net";
import { after, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import type { FastifyInstance } from "fastify";
import { testEnvironment } from "../../testing/environment.ts";
import { buildApp } from "../app.ts";
import { type Environment, loadConfig } from "../config.ts";
import { prepareShutdown } from "../process/shutdown.ts";

async function serve(env: Environment, routes: (app: FastifyInstance) => void) {
  const config = await loadConfig(await testEnvironment(env));
  const app = await buildApp(config, [async (feature) => routes(feature)]);
  after(() => app.close());
  app.server.listen(0, "127.0.0.1");
  await once(app.server, "listening");
  return { app, port: (app.server.address() as AddressInfo).port };
}

/** Sends requests at once, and reads no answer. */
async function stall(port: number, requests: number): Promise<void> {
  const socket = connect(port, "127.0.0.1").pause();
  after(() => socket.destroy());
  await once(socket, "connect");
  socket.write("GET /large HTTP/1.1\r\nHost: a\r\n\r\n".repeat(requests));
}

async function waitFor(condition: () => boolean): Promise<void> {
  for (let i = 0; i < 200 && !condition(); i++) await sleep(50);
  assert.ok(condition());
}

test("who takes no answer is disconnected, and holds up no stop", async () => {
  let handled = 0;
  const env = { REQUEST_TIMEOUT_MS: "2000", SHUTDOWN_TIMEOUT_MS: "8000" };
  const { app, port } = await serve(env, (feature) =>
    feature.get("/large", async () => {
      handled += 1;
      return "x".repeat(1_000_000);
    }),
  );
  await stall(port, 20);
  await waitFor(() => handled === 20);
  await waitFor(() => app.connections.size === 0);
  await stall(port, 20);
  await waitFor(() => handled === 40);
  assert.equal(await prepareShutdown(app)("SIGTERM"), 0);
});

test("of very many requests at once not all are worked on", async () => {
  let handled = 0;
  const { app, port } = await serve({}, (feature) =>
    feature.get("/large", async () => {
      handled += 1;
      await sleep(100);
    }),
  );
  await stall(port, 1200);
  await waitFor(() => handled > 0);
  await waitFor(() => app.connections.size === 0);
  assert.ok(handled <= 100, `${handled} requests`);
});

test("what is not answered in time is a 503, and its work is told", async () => {
  let signal: AbortSignal | undefined;
  const { port } = await serve({ HANDLER_TIMEOUT_MS: "200" }, (feature) =>
    feature.get("/late", async (request) => {
      signal = request.signal;
      await sleep(1000);
      return "late";
    }),
  );
  const response = await fetch(`http://127.0.0.1:${port}/late`);
  assert.equal(response.status, 503);
  assert.equal(response.headers.get("content-type"), "application/problem+json");
  assert.equal(signal?.aborted, true);
});
