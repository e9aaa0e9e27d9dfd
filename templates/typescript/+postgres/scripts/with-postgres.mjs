import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import process from "node:process";

// Runs a command with DATABASE_URL: the one that is set, here or in .env, else a PostgreSQL that lives
// in this process for as long as the command runs.

if (existsSync(".env")) process.loadEnvFile();

let embedded;
if (!process.env.DATABASE_URL && !process.env.DATABASE_URL_FILE) {
  process.stderr.write("DATABASE_URL is not set: starting PostgreSQL in memory\n");
  const { startEmbeddedPostgres } = await import("./embedded-postgres.mjs");
  embedded = await startEmbeddedPostgres();
  process.env.DATABASE_URL = embedded.url;
  process.env.EMBEDDED_POSTGRES = "true";
}
const [command, ...args] = process.argv.slice(2);
const child = spawn(command, args, { stdio: "inherit" });
// At a terminal the command gets Ctrl-C itself; this process waits until it has stopped.
process.on("SIGINT", () => process.stdin.isTTY || child.kill("SIGINT"));
process.on("SIGTERM", () => child.kill("SIGTERM"));
// When npm is killed it leaves behind what it runs.
const parent = process.ppid;
setInterval(() => process.ppid === parent || process.emit("SIGTERM"), 500).unref();

child.on("exit", async (code) => {
  await embedded?.stop();
  process.exit(code ?? 1);
});
