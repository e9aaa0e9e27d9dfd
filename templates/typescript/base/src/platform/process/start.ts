import logConfig from "../config/log.ts";
import telemetryConfig from "../config/telemetry.ts";
import { type Config, loadConfig } from "../config.ts";
import { configureLog } from "../log.ts";

/** What a process does before its own work: read the environment, and log as it says. */
export async function start(): Promise<Config> {
  const config = await loadConfig();
  const { LOG_LEVEL: level, LOG_FORMAT: format } = config.get(logConfig);
  configureLog({ level, format, serviceName: config.get(telemetryConfig).OTEL_SERVICE_NAME });
  return config;
}
