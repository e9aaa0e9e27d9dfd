/** One line of the text format: name, labels, value. */
interface Sample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** The text format of Prometheus, as far as a service writes it. */
export function read(text: string): { types: Record<string, string>; samples: Sample[] } {
  const types = Object.fromEntries([...text.matchAll(/^# TYPE (\S+) (\S+)$/gm)].map(([, name, type]) => [name, type]));
  const samples = [...text.matchAll(/^([a-z_]\w*)(?:\{(.*)\})? (\S+)$/gm)].map(([, name = '', labels = '', value]) => ({
    name,
    labels: Object.fromEntries([...labels.matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g)].map(([, key, text]) => [key, text])),
    value: Number(value),
  }));
  return { types, samples };
}

const ALWAYS = {
  http_server_request_duration_seconds: 'histogram',
  log_lines_dropped_total: 'counter',
  process_cpu_seconds_total: 'counter',
  process_resident_memory_bytes: 'gauge',
  process_start_time_seconds: 'gauge',
  process_open_fds: 'gauge',
};
const OF_DATABASE = {
  database_pool_open: 'gauge',
  database_pool_idle: 'gauge',
  database_pool_max: 'gauge',
  database_pool_waiting: 'gauge',
};
const OF_CACHE = { cache_hits_total: 'counter', cache_misses_total: 'counter', cache_failures_total: 'counter' };

/** Names and types that dashboards know, whatever the language. Further ones are of the language itself. */
export const metricsOf = ({ database, cache }: { database: string; cache: string }): Record<string, string> => ({
  ...ALWAYS,
  ...(database === 'postgres' ? OF_DATABASE : {}),
  ...(cache === 'redis' ? OF_CACHE : {}),
});

export const BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10].map(String);
