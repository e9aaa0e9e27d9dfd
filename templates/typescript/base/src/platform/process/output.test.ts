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
async function serveUnread(): Promise<{ service: Run; port: number }> {
  const service = start(["web"], env);
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
  const { service, port } = await serveUnread();
  const half = connect(port, "127.0.0.1").on("error", () => {});
  half.write("POST /nowhere HTTP/1.1\r\nHost: a\r\nContent-Length: 7\r\n\r\n");
  await fetch(`http://127.0.0.1:${port}/livez`);
  service.process.kill("SIGTERM");
  // It waits for the other half; meanwhile it takes no new connection.
  while (await fetch(`http://127.0.0.1:${port}/livez`).catch(() => undefined));
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
