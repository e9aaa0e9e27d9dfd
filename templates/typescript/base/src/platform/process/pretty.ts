const known = new Set(["time", "level", "msg", "service.name", "service.version", "err"]);

/** One JSON log line as a person reads it in a terminal. */
export function pretty(line: string): string {
  const entry: Record<string, unknown> = JSON.parse(line);
  const fields = Object.entries(entry)
    .filter(([name]) => !known.has(name))
    .map(([name, value]) => `${name}=${typeof value === "string" ? value : JSON.stringify(value)}`);
  const head = `${String(entry.time).slice(11, 23)} ${String(entry.level).toUpperCase().padEnd(5)}`;
  const { message, code, stack } = (entry.err ?? {}) as Record<string, string | undefined>;
  // A warning is foreseen: where it was thrown helps nobody.
  if (entry.level !== "error" && entry.level !== "fatal") {
    const reason = message || code;
    return `${[head, entry.msg, ...(reason ? [`(${reason})`] : []), ...fields].join(" ")}\n`;
  }
  return `${[head, entry.msg, ...fields].join(" ")}\n${stack ? `${stack}\n` : ""}`;
}
