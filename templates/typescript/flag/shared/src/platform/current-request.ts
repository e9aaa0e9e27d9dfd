import { AsyncLocalStorage } from "node:async_hooks";
import type { FastifyInstance, FastifyRequest } from "fastify";

const storage = new AsyncLocalStorage<FastifyRequest>();

/** The request that the running code works for, so that not every function has to hand it on. */
export function currentRequest(): FastifyRequest | undefined {
  return storage.getStore();
}

/** Makes `currentRequest` known to handlers and to whatever they call. */
export function followRequests(app: FastifyInstance): void {
  // Not earlier: reading the body would lose the context again.
  app.addHook("preValidation", (request, _reply, done) => storage.run(request, done));
}
