import plugin from "fastify-plugin";
import { Gauge } from "prom-client";
import { identity } from "../process/identity.ts";

/** Tells in the metrics which version runs, so that a canary can be compared with the others. */
export default plugin(async (app) => {
  const { version, revision } = identity;
  new Gauge({
    name: "service_info",
    help: "Always 1; the labels say which version of the service this is.",
    labelNames: ["version", "revision"],
    registers: [app.metrics],
  }).set({ version, revision }, 1);
});
