const known = new Set(["time", "level", "msg", "service.name", "service.version", "err"]);

/** One JSON log line as a person reads it in a terminal. */
export function pretty(line: string): string {
  const entry: Record<string, unknown> = JSON.parse(line);
  const fields = Object.entries(entry)
    .filter(([name]) => !known.has(name))
    .map(([name, value]) => `${name}=${typeof value === "string" ? value : JSON.stringify(value)}`);
  const head = `${String(entry.time).slice(11, 23)} ${String(entry.level).toUpperCase().padEnd(5)}`;
  const stack = (entry.err as { stack?: string } | undefined)?.stack;
  return `${[head, entry.msg, ...fields].join(" ")}\n${stack ? `${stack}\n` : ""}`;
}
