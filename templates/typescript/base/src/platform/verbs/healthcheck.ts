import http from "node:http";
import { parseVerb } from "../arguments.ts";
import httpConfig from "../config/http.ts";
import { loadConfig } from "../config.ts";
import { Failure } from "../failure.ts";

const timeout = 2000;

/** Asks the service that runs on this machine's PORT whether it is alive, or with `--ready` ready. */
export async function run(args: string[]): Promise<number> {
  const { values } = parseVerb(args, { ready: { type: "boolean", default: false } });
  const config = (await loadConfig(process.env, [httpConfig])).get(httpConfig);
  const host = ["0.0.0.0", "::"].includes(config.HOST) ? "127.0.0.1" : config.HOST;
  const status = await probe(host, config.PORT, values.ready ? "/readyz" : "/livez");
  if (status !== 200) throw new Failure("failed", `unhealthy: ${status}`, { event: "unhealthy" });
  return 0;
}

function probe(host: string, port: number, path: string): Promise<number | string> {
  return new Promise((resolve) => {
    http
      .get({ host, port, path, timeout, agent: false }, (response) => {
        response.resume();
        resolve(response.statusCode ?? 0);
      })
      .on("timeout", () => resolve(`no answer within ${timeout} ms`))
      .on("error", (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
  });
}
