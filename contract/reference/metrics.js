const BOUNDS = [0.01, 0.1, 1, Number.POSITIVE_INFINITY];
const series = new Map();

export function observe(method, route, status, seconds) {
  const labels = `http_request_method="${method}",http_route="${route}",http_response_status_code="${status}"`;
  const found = series.get(labels) ?? { buckets: BOUNDS.map(() => 0), sum: 0, count: 0 };
  series.set(labels, found);
  found.sum += seconds;
  found.count += 1;
  for (const [index, bound] of BOUNDS.entries()) if (seconds <= bound) found.buckets[index] += 1;
}

/** Prometheus text. */
export function metrics() {
  const name = 'http_server_request_duration_seconds';
  const rows = [...series].flatMap(([labels, { buckets, sum, count }]) => [
    ...BOUNDS.map(
      (bound, index) => `${name}_bucket{${labels},le="${bound === Infinity ? '+Inf' : bound}"} ${buckets[index]}`,
    ),
    `${name}_sum{${labels}} ${sum}`,
    `${name}_count{${labels}} ${count}`,
  ]);
  return `# TYPE ${name} histogram\n${rows.join('\n')}\n`;
}
