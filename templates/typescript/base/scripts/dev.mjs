import { spawn, spawnSync } from "node:child_process";
import { existsSync, watch } from "node:fs";
import process from "node:process";

// Builds, then runs the verbs that it is given, the last of which serves; all of that again whenever
// a file changes.

const settle = 100;
const watched = ["src", "migrations", "package.json"];

if (existsSync(".env")) process.loadEnvFile();
process.env.LOG_FORMAT ||= "pretty";

const verbs = process.argv.slice(2);
const serve = verbs.pop();
let server;
let stopping = false;
let interrupted = false;
let timer;
let running = restart();

async function restart() {
  if (stopping || node(["scripts/build.mjs"]).status !== 0) return;
  await stop();
  const schema = node(["dist/main.js", "config", "--schema"], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  if (schema.status !== 0) return;
  const env = { ...process.env, ...examples(JSON.parse(schema.stdout)) };
  for (const verb of verbs) if (node(["dist/main.js", verb], { env }).status !== 0) return;
  server = spawn(process.execPath, ["dist/main.js", serve], { stdio: "inherit", env });
}

function node(args, options) {
  return spawnSync(process.execPath, args, { stdio: "inherit", ...options });
}

/** What is required and unset has the value that its description gives as an example. */
function examples({ properties, required }) {
  return Object.fromEntries(
    required
      .filter((name) => !process.env[name] && !process.env[`${name}_FILE`])
      .map((name) => [name, properties[name].examples?.[0]]),
  );
}

async function stop() {
  if (server === undefined || server.exitCode !== null || server.signalCode !== null) return;
  // At a terminal the service gets Ctrl-C itself, and takes a second signal for impatience.
  if (!(interrupted && process.stdin.isTTY)) server.kill("SIGTERM");
  await new Promise((resolve) => server.once("exit", resolve));
}

for (const path of watched.filter((path) => existsSync(path))) {
  watch(path, { recursive: true }, () => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      running = running.then(restart);
    }, settle);
  });
}
for (const signal of ["SIGINT", "SIGTERM"]) {
  process.on(signal, async () => {
    if (stopping) return;
    stopping = true;
    interrupted = signal === "SIGINT";
    await running;
    await stop();
    process.exit(0);
  });
}
// When npm is killed it leaves behind what it runs.
const parent = process.ppid;
setInterval(() => process.ppid === parent || process.emit("SIGTERM"), 500).unref();
