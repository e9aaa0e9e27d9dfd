import assert from "node:assert/strict";
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { after, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { testEnvironment } from "../../testing/environment.ts";
import { start } from "../../testing/run.ts";
import { buildApp } from "../app.ts";
import { loadConfig } from "../config.ts";

const env = await testEnvironment({ PORT: "0", LOG_LEVEL: "info" });

/** Sends requests at once, and reads no answer. */
async function stall(port: number, requests: number): Promise<Socket> {
  const socket = connect(port, "127.0.0.1").pause();
  socket.on("error", () => {});
  await once(socket, "connect");
  socket.write("GET /openapi.json HTTP/1.1\r\nHost: a\r\n\r\n".repeat(requests));
  return socket;
}

test("who reads no answer is disconnected, and holds up no stop", async () => {
  const service = start(["web"], {
    ...env,
    REQUEST_TIMEOUT_MS: "500",
    SHUTDOWN_TIMEOUT_MS: "6000",
  });
  after(() => service.process.kill("SIGKILL"));
  const port = Number((await service.event("listening"))["server.port"]);
  const pipelined = await stall(port, 1200);
  await service.event("http.closed");
  await stall(port, 90);
  while (service.lines.filter((line) => line["event.name"] === "http.closed").length < 2) {
    await sleep(50);
  }
  await stall(port, 90);
  await sleep(100);
  service.process.kill();
  assert.equal(await service.exit, 0);
  pipelined.destroy();
});

test("what is not answered in time is a 503, and its work is told", async () => {
  let signal: AbortSignal | undefined;
  const config = await loadConfig({ ...env, LOG_LEVEL: "fatal", HANDLER_TIMEOUT_MS: "200" });
  const app = await buildApp(config, [
    async (feature) => {
      feature.get("/late", async (request) => {
        signal = request.signal;
        await sleep(1000);
        return "late";
      });
    },
  ]);
  after(() => app.close());
  const response = await fetch(`${await app.listen({ port: 0, host: "127.0.0.1" })}/late`);
  assert.equal(response.status, 503);
  assert.equal(response.headers.get("content-type"), "application/problem+json");
  assert.equal(signal?.aborted, true);
});
