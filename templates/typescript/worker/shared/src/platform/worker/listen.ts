import { once } from "node:events";
import type { AddressInfo } from "node:net";
import type { FastifyInstance } from "fastify";
import serviceConfig from "../config/service.ts";
import { Failure } from "../failure.ts";
import { log } from "../log.ts";

/** Makes an app listen on HOST and PORT, and says on which port it does. */
export async function listen(app: FastifyInstance): Promise<number> {
  const { PORT: port, HOST: host } = app.config.get(serviceConfig);
  app.server.listen({ port, host });
  try {
    await once(app.server, "listening");
  } catch (error) {
    const { message } = error as Error;
    throw new Failure("failed", message, { event: "listen.failed" });
  }
  const address = app.server.address() as AddressInfo;
  log.info(
    {
      "event.name": "listening",
      "server.address": address.address,
      "server.port": address.port,
    },
    `listening on port ${address.port}`,
  );
  return address.port;
}
