import assert from "node:assert/strict";
import { once } from "node:events";
import { connect } from "node:net";
import { after, test } from "node:test";
import { testEnvironment } from "../../testing/environment.ts";
import { type Run, start } from "../../testing/run.ts";

const env = await testEnvironment({ PORT: "0", LOG_LEVEL: "info", RATE_LIMIT_PER_MINUTE: "0" });
const id = "i".repeat(128);
const unknown = `GET /nowhere HTTP/1.1\r\nHost: a\r\nX-Request-Id: ${id}\r\n\r\n`;
const batch = `${unknown.repeat(50)}GET /metrics HTTP/1.1\r\nHost: a\r\n\r\n`;

/** A service that has dropped lines, because nobody reads its log. */
async function serveUnread(overrides = {}): Promise<{ service: Run; port: number }> {
  const service = start(["web"], { ...env, ...overrides });
  after(() => service.process.kill("SIGKILL"));
  const port = Number((await service.event("listening"))["server.port"]);
  service.process.stdout?.pause();
  const client = connect(port, "127.0.0.1").setEncoding("utf8");
  client.write(batch);
  let answer = "";
  for await (const chunk of client) {
    answer += chunk;
    const dropped = /^log_lines_dropped_total (\d+)$/m.exec(answer)?.[1];
    if (Number(dropped) > 0) break;
    if (dropped === undefined) continue;
    answer = "";
    client.write(batch);
  }
  return { service, port };
}

test("it stops in time, though nobody reads the log", async () => {
  const { service } = await serveUnread();
  service.process.kill("SIGTERM");
  assert.deepEqual(await once(service.process, "exit"), [0, null]);
});

test("a second signal ends it at once, though nobody reads the log", async () => {
  const delay = { SHUTDOWN_DELAY_MS: "100000", SHUTDOWN_TIMEOUT_MS: "200000" };
  const { service, port } = await serveUnread(delay);
  service.process.kill("SIGTERM");
  while ((await fetch(`http://127.0.0.1:${port}/readyz`)).status !== 503);
  service.process.kill("SIGTERM");
  assert.deepEqual(await once(service.process, "exit"), [1, null]);
});

test("a line says how many were dropped, once somebody reads again", async () => {
  const { service } = await serveUnread();
  service.process.stdout?.resume();
  assert.ok(Number((await service.event("log.dropped")).dropped) > 0);
  service.process.kill("SIGTERM");
  assert.equal(await service.exit, 0);
});
