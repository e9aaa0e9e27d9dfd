import concerns from "each:config/*";
import { randomUUID } from "node:crypto";
import { type Client, OpenFeature } from "@openfeature/server-sdk";
import plugin from "fastify-plugin";
import type { Concern } from "../config.ts";
import { observe, RolloutProvider } from "../flags.ts";
import { parseRollout, type Rollout } from "../rollout.ts";

declare module "fastify" {
  interface FastifyInstance {
    /** OpenFeature: evaluates the flags of `src/config/flag-*.ts`. */
    flags: Client;
  }
}

const prefix = "flag-";

/** Makes a flag of each concern whose file name starts with `flag-`; its one variable is the rollout. */
export default plugin(async (app) => {
  const rollouts = new Map<string, Rollout>();
  for (const [name, load] of Object.entries(concerns)) {
    if (!name.startsWith(prefix)) continue;
    const { default: concern } = (await load()) as { default: Concern };
    const [text] = Object.values(app.config.get(concern));
    rollouts.set(name.slice(prefix.length), parseRollout(String(text)) ?? []);
  }
  // OpenFeature is one for the whole process, a domain is one for each app.
  const domain = randomUUID();
  await OpenFeature.setProviderAndWait(domain, new RolloutProvider(rollouts));
  const client = OpenFeature.getClient(domain).addHooks(observe(app.metrics));
  // Its own logger writes to stderr, and not in JSON.
  app.decorate("flags", client.setLogger(app.log));
});
