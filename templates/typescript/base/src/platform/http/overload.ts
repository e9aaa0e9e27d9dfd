import { monitorEventLoopDelay } from "node:perf_hooks";
import type { FastifyInstance } from "fastify";
import { HttpProblem } from "../http-problem.ts";

/**
 * Answers 503 while the event loop lags. It looks from when the service listens on, because what a
 * start costs is no load. Neither is one long task: only two samples in a row are.
 */
export function refuseOverload(
  app: FastifyInstance,
  { maxDelay = 1000, sampleEvery = 1000 } = {},
): void {
  const delay = monitorEventLoopDelay({ resolution: 10 });
  let slowSamples = 0;

  app.server.once("listening", () => {
    delay.enable();
    const timer = setInterval(() => {
      // There is no mean where the loop took no turn.
      slowSamples = delay.mean / 1e6 <= maxDelay ? 0 : slowSamples + 1;
      delay.reset();
    }, sampleEvery);
    app.server.once("close", () => clearInterval(timer));
    timer.unref();
  });
  app.addHook("onRequest", (_request, _reply, done) => {
    if (slowSamples < 2) return done();
    const headers = { "retry-after": "10" };
    done(new HttpProblem(503, { detail: "The service is overloaded.", headers }));
  });
}
