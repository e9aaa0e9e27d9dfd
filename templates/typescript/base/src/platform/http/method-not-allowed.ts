// No library keeps this: a known path answers methods that it does not have with 405 and Allow.
import type { FastifyInstance, HTTPMethods } from "fastify";
import { HttpProblem } from "../http-problem.ts";

/**
 * Makes a known path answer the methods it does not have with 405 and `Allow`, not with 404.
 * Call it before the first route; call what it returns after the last one.
 */
export function refuseOtherMethods(app: FastifyInstance): () => void {
  const paths = new Map<string, { url: string; methods: Set<string> }>();
  app.addHook("onRoute", ({ url, method }) => {
    // Two routes may call one parameter by two names: `/a/:id` and `/a/:name` are one path.
    const shape = url.replaceAll(/:\w+/g, ":");
    const path = paths.get(shape) ?? { url, methods: new Set() };
    for (const name of [method].flat()) path.methods.add(name);
    paths.set(shape, path);
  });

  return () => {
    for (const { url, methods } of [...paths.values()]) {
      const allow = [...methods].sort().join(", ");
      const others = app.supportedMethods.filter((method) => !methods.has(method));
      app.route({
        method: others as HTTPMethods[],
        url,
        schema: { hide: true },
        // Before the body is looked at: its faults do not matter any more.
        onRequest: async () => {
          throw new HttpProblem(405, { headers: { allow } });
        },
        handler: async () => undefined,
      });
    }
  };
}
