import { once } from "node:events";
import type { AddressInfo } from "node:net";
import type { FastifyInstance } from "fastify";
import httpConfig from "../config/http.ts";
import { Failure } from "../failure.ts";
import { log } from "../log.ts";

/** Makes an app listen on HOST and PORT, and says on which port it does. */
export async function listen(app: FastifyInstance): Promise<number> {
  const { PORT: port, HOST: host } = app.config.get(httpConfig);
  app.server.listen({ port, host });
  try {
    await once(app.server, "listening");
  } catch (error) {
    throw new Failure("failed", explain(error as NodeJS.ErrnoException, host, port), {
      event: "listen.failed",
    });
  }
  const address = app.server.address() as AddressInfo;
  log.info(
    {
      "event.name": "listening",
      "server.address": address.address,
      "server.port": address.port,
    },
    `listening on ${urlOf(address)}`,
  );
  return address.port;
}

/** An address for a browser; one that stands for all of this machine's is no such. */
function urlOf({ address, family, port }: AddressInfo): string {
  if (address === "0.0.0.0" || address === "::") return `http://localhost:${port}`;
  return `http://${family === "IPv6" ? `[${address}]` : address}:${port}`;
}

function explain({ code, message }: NodeJS.ErrnoException, host: string, port: number): string {
  if (code === "EADDRINUSE") {
    return `port ${port} of ${host} is already in use: stop what listens there, or set PORT`;
  }
  if (code === "EACCES") return `port ${port} needs a privilege that the process does not have`;
  return message;
}
