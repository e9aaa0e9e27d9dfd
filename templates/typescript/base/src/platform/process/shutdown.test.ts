import assert from "node:assert/strict";
import { once } from "node:events";
import http from "node:http";
import { type AddressInfo, connect } from "node:net";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import type { FastifyInstance } from "fastify";
import { testEnvironment } from "../../testing/environment.ts";
import { buildApp } from "../app.ts";
import { type Environment, loadConfig } from "../config.ts";
import { prepareShutdown } from "./shutdown.ts";

async function serve(overrides: Environment = {}) {
  const config = await loadConfig(await testEnvironment(overrides));
  const app = await buildApp(config, [routes]);
  const stop = prepareShutdown(app);
  app.server.listen(0, "127.0.0.1");
  await once(app.server, "listening");
  return { stop, port: (app.server.address() as AddressInfo).port };
}

async function routes(app: FastifyInstance): Promise<void> {
  app.get("/slow", async () => {
    await sleep(400);
    return "done";
  });
  app.post("/echo", async ({ body }) => body);
}

async function get(port: number, path: string, agent?: http.Agent): Promise<http.IncomingMessage> {
  const [response] = await once(http.get({ port, path, agent }), "response");
  response.resume();
  return response;
}

test("requests in flight are answered, half-sent ones too, then it stops with 0", async () => {
  const { stop, port } = await serve();
  const slow = get(port, "/slow");
  const half = connect(port, "127.0.0.1");
  half.setEncoding("utf8");
  half.write(
    "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 7\r\n\r\n",
  );
  const idle = new http.Agent({ keepAlive: true });
  await get(port, "/livez", idle);
  await sleep(50);

  const stopped = stop("SIGTERM");
  await sleep(100);
  await assert.rejects(once(connect(port, "127.0.0.1"), "connect"), { code: "ECONNREFUSED" });
  half.write('{"a":1}');
  const [answer] = await once(half, "data");
  assert.match(answer, /^HTTP\/1.1 200 OK.*connection: close.*\{"a":1\}$/s);
  assert.equal((await slow).statusCode, 200);
  assert.equal(await stopped, 0);
  idle.destroy();
});

test("clients that keep sending on open connections lose no request", async () => {
  const { stop, port } = await serve({ SHUTDOWN_DELAY_MS: "500" });
  const agent = new http.Agent({ keepAlive: true, maxSockets: 5 });
  let answered = 0;
  let refused = false;
  const clients = Array.from({ length: 5 }, async () => {
    while (!refused) {
      const request = http.get({ port, path: "/livez", agent });
      try {
        const [response] = await once(request, "response");
        await once(response.resume(), "end");
        answered += 1;
      } catch {
        // A connection that was opened too late; one that was used before may not fail.
        assert.equal(request.reusedSocket, false);
        refused = true;
      }
    }
  });
  while (answered < 20 && !refused) await sleep(10);
  const before = answered;
  assert.equal(await stop("SIGTERM"), 0);
  await Promise.all(clients);
  assert.ok(before >= 20 && answered > before, `${before} requests, then ${answered - before}`);
});

test("it is not ready at once, and serves on for the delay", async () => {
  const { stop, port } = await serve({ SHUTDOWN_DELAY_MS: "300" });
  const stopped = stop("SIGTERM");
  assert.equal((await get(port, "/readyz")).statusCode, 503);
  const live = await get(port, "/livez");
  assert.equal(live.statusCode, 200);
  assert.equal(live.headers.connection, "close");
  assert.equal(await stopped, 0);
});

test("past the budget it gives up with 1", async () => {
  const { stop, port } = await serve({ SHUTDOWN_TIMEOUT_MS: "300" });
  const stuck = connect(port, "127.0.0.1");
  stuck.write(
    "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 7\r\n\r\n",
  );
  await sleep(50);
  assert.equal(await stop("SIGTERM"), 1);
  stuck.destroy();
});
