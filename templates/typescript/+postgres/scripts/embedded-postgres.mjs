import { execFile } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import process from "node:process";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

// @electric-sql/pglite-socket mixes up the statements of connections outside of transactions, and
// ignores the settings in a connection's URL.

const sslRequest = 80877103;
const idle = "I".charCodeAt(0);
const image = fileURLToPath(
  new URL("prepopulatedfs.tgz", import.meta.resolve("@electric-sql/pglite-prepopulatedfs")),
);

/**
 * Sets DATABASE_URL, if it is not set, to a PostgreSQL in this process; clients may connect while it
 * starts. Data are kept in `folder`, without one they are gone when it stops.
 */
export async function provideDatabase(folder) {
  if (process.env.DATABASE_URL || process.env.DATABASE_URL_FILE) return undefined;
  const { lock, reason } = folder === undefined ? {} : await take(folder);
  const path = lock ? folder : mkdtempSync(join(tmpdir(), "postgres-"));
  const where = lock ? `, its data are in ${folder}` : " without data";
  const why = reason ? `: ${reason}` : "";
  process.stderr.write(`DATABASE_URL is not set: starting PostgreSQL${where}${why}\n`);
  const opened = open(path);
  const turns = new Turns();
  const server = createServer({ noDelay: true }, (socket) => serve(socket, opened, turns));
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  process.env.DATABASE_URL = `postgres://postgres:postgres@127.0.0.1:${server.address().port}/postgres`;
  process.env.EMBEDDED_POSTGRES = "true";
  return {
    async stop() {
      server.close();
      await (await opened).close();
      if (lock) lock.close();
      else rmSync(path, { recursive: true });
    },
  };
}

/**
 * Locks a folder, or says why it cannot: two servers would destroy what is in it. The lock is a socket,
 * which nobody answers once its process is gone, however it went.
 */
async function take(folder) {
  mkdirSync(folder, { recursive: true });
  const windows = process.platform === "win32";
  const path = windows ? join("\\\\?\\pipe", resolve(folder)) : `${folder}.lock`;
  const lock = createServer((socket) => socket.end(`process ${process.pid}`)).unref();
  for (;;) {
    try {
      await once(lock.listen(path), "listening");
      return { lock };
    } catch (error) {
      // Some file systems of containers have no sockets.
      if (error.code !== "EADDRINUSE") return { reason: error.message };
    }
    const socket = connect(path);
    try {
      await once(socket, "connect");
      const silent = sleep(1000, ["another process"], { ref: false });
      const [holder] = await Promise.race([once(socket, "data"), silent]);
      return { reason: `${holder} uses ${folder}` };
    } catch {
      rmSync(path, { force: true });
    } finally {
      socket.destroy();
    }
  }
}

/** Creating a database takes seconds, unpacking one does not. */
async function open(path) {
  if (!existsSync(join(path, "PG_VERSION"))) {
    await promisify(execFile)("tar", ["-xzf", image, "-C", path]);
  }
  const { PGlite } = await import("@electric-sql/pglite");
  // Its 128 MB are filled with zeros at the start.
  const startParams = [...PGlite.defaultStartParams, "-c", "shared_buffers=8MB"];
  return PGlite.create(path, { startParams });
}

// What would end with the connection on a server that has many. PGlite has no way back to the user
// that it started as, so that one is named.
const asConnected = "set session authorization postgres; reset role; discard temporary";

let connections = 0;

/**
 * PGlite has one session. So connections take turns: `holder` keeps it from its first message until
 * the server says that no transaction is open.
 */
class Turns {
  holder;
  #waiting = [];

  async take(who) {
    if (this.holder === who) return;
    if (this.holder === undefined) this.holder = who;
    else await new Promise((resolve) => this.#waiting.push({ who, resolve }));
  }

  pass(who) {
    if (this.holder !== who) return;
    const next = this.#waiting.shift();
    this.holder = next?.who;
    next?.resolve();
  }
}

function serve(socket, opened, turns) {
  connections += 1;
  const connection = { prefix: `c${connections}_`, settings: "" };
  let received = Buffer.alloc(0);
  let started = false;
  let work = Promise.resolve();

  socket.on("data", (chunk) => {
    received = Buffer.concat([received, chunk]);
    for (;;) {
      const header = started ? 1 : 0;
      if (received.length < header + 4) return;
      const length = header + received.readInt32BE(header);
      if (received.length < length) return;
      const message = received.subarray(0, length);
      received = received.subarray(length);
      if (!started) started = greet(socket, message, connection);
      else work = work.then(() => answer(message)).catch((error) => socket.destroy(error));
    }
  });
  // A client that resets its connection is gone like any other.
  socket.on("error", () => socket.destroy());
  socket.on("close", () => {
    work = work
      .then(async () => {
        await turns.take(connection);
        const database = await opened;
        await database.exec("rollback");
        await database.exec(asConnected);
      })
      .catch(() => undefined)
      .finally(() => turns.pass(connection));
  });

  async function answer(message) {
    if (message[0] === "X".charCodeAt(0)) {
      socket.end();
      return;
    }
    const database = await opened;
    if (turns.holder !== connection) {
      await turns.take(connection);
      await database.exec(`reset all; ${connection.settings}`);
    }
    const reply = await database.execProtocolRaw(new Uint8Array(named(message, connection.prefix)));
    socket.write(reply);
    // ReadyForQuery: Z, length 5, state of the transaction.
    const [type, state] = [reply.at(-6), reply.at(-1)];
    if (type === "Z".charCodeAt(0) && state === idle) turns.pass(connection);
  }
}

/** A message whose prepared statement, if it names one, is not that of another connection. */
function named(message, prefix) {
  const type = String.fromCharCode(message[0]);
  const isStatement = message[5] === "S".charCodeAt(0);
  const start = { P: 5, B: message.indexOf(0, 5) + 1, C: isStatement && 6, D: isStatement && 6 }[
    type
  ];
  if (!message[start]) return message;
  const parts = [message.subarray(0, start), Buffer.from(prefix), message.subarray(start)];
  const result = Buffer.concat(parts);
  result.writeInt32BE(result.length - 1, 1);
  return result;
}

/**
 * Answers the first messages of a connection; true once it is ready for queries. It gets no key, without
 * which a client cancels nothing.
 */
function greet(socket, message, connection) {
  if (message.readInt32BE(4) === sslRequest) {
    socket.write("N");
    return false;
  }
  const words = message.toString("utf8", 8).split("\0");
  const options = words[words.indexOf("options") + 1] ?? "";
  connection.settings = words.includes("options") ? asSettings(options) : "";
  socket.write(Buffer.concat([authenticationOk, readyForQuery]));
  return true;
}

/** `-c name=value`, the way a connection URL carries settings of the session. */
function asSettings(options) {
  return [...options.matchAll(/-c\s*(\w+)=(\S+)/g)]
    .map(([, name, value]) => `set ${name} = ${value};`)
    .join(" ");
}

const authenticationOk = Buffer.from([0x52, 0, 0, 0, 8, 0, 0, 0, 0]);
const readyForQuery = Buffer.from([0x5a, 0, 0, 0, 5, idle]);
