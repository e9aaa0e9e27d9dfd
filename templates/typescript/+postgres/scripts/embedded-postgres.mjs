import { createServer } from "node:net";
import { PGlite } from "@electric-sql/pglite";

const sslRequest = 80877103;
const cancelRequest = 80877102;
const idle = "I".charCodeAt(0);

/**
 * PostgreSQL in this process and in memory, which any client reaches at `url`.
 *
 * PGlite has one session. So connections take turns: one keeps it from its first message until
 * the server says that no transaction is open.
 */
export async function startEmbeddedPostgres() {
  const database = await PGlite.create();
  const turns = new Turns();
  const server = createServer({ noDelay: true }, (socket) => serve(socket, database, turns));
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `postgres://postgres:postgres@127.0.0.1:${server.address().port}/postgres`,
    async stop() {
      server.close();
      await database.close();
    },
  };
}

// What would end with the connection on a server that has many. PGlite has no way back to the user
// that it started as, so that one is named.
const asConnected = "set session authorization postgres; reset role; discard temporary";

/** A queue for the session; `holder` is who has it now. */
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

function serve(socket, database, turns) {
  const connection = { settings: "" };
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
    if (turns.holder !== connection) {
      await turns.take(connection);
      await database.exec(`reset all; ${connection.settings}`);
    }
    const reply = await database.execProtocolRaw(new Uint8Array(message));
    socket.write(reply);
    // ReadyForQuery: Z, length 5, state of the transaction.
    const [type, state] = [reply.at(-6), reply.at(-1)];
    if (type === "Z".charCodeAt(0) && state === idle) turns.pass(connection);
  }
}

/** Answers the first messages of a connection; true once it is ready for queries. */
function greet(socket, message, connection) {
  const code = message.readInt32BE(4);
  if (code === sslRequest) {
    socket.write("N");
    return false;
  }
  if (code === cancelRequest) {
    socket.end();
    return false;
  }
  const words = message.toString("utf8", 8).split("\0");
  const options = words[words.indexOf("options") + 1] ?? "";
  connection.settings = words.includes("options") ? asSettings(options) : "";
  socket.write(Buffer.concat([authenticationOk, backendKey, readyForQuery]));
  return true;
}

/** `-c name=value`, the way a connection URL carries settings of the session. */
function asSettings(options) {
  return [...options.matchAll(/-c\s*(\w+)=(\S+)/g)]
    .map(([, name, value]) => `set ${name} = ${value};`)
    .join(" ");
}

const authenticationOk = Buffer.from([0x52, 0, 0, 0, 8, 0, 0, 0, 0]);
const backendKey = Buffer.from([0x4b, 0, 0, 0, 12, 0, 0, 0, 0, 0, 0, 0, 0]);
const readyForQuery = Buffer.from([0x5a, 0, 0, 0, 5, idle]);
