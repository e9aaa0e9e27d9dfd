import { existsSync, readFileSync } from "node:fs";
import { SourceMap } from "node:module";
import { dirname, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { root } from "./identity.ts";

// No library keeps this: no credential is in a line of the log, wherever in it it would stand. No expression
// here looks at a part of a long line again and again.
let secrets: string[] = [];

const credentialsInUrl = /(:\/\/)[^\s/?#"@]+@/g;
const word = "(?:authorization|cookie|password|secret|token|api[-_]?key)";
const hasWord = new RegExp(word, "i");
const sensitiveField = new RegExp(
  `("(?:(?!${word})[^"\\\\])*${word}[^"\\\\]*":)(?:"(?:[^"\\\\]|\\\\.)*"|\\[[^\\]]*\\])`,
  "gi",
);

/**
 * From now on `redact` blanks this value, and the password in it if it is a URL. Very short ones are
 * left: they would blank ordinary words.
 */
export function hide(secret: string): void {
  // As it stands inside a JSON string. The longest comes first: another may be a part of it.
  const known = new Set(secrets);
  if (secret.length >= 6) known.add(JSON.stringify(secret).slice(1, -1));
  secrets = [...known].sort((a, b) => b.length - a.length);
  if (URL.canParse(secret)) hide(new URL(secret).password);
}

/** A line of JSON without credentials: known secrets, user info of URLs, fields named like a secret. */
export function redact(line: string): string {
  let safe = line.replace(credentialsInUrl, "$1***@");
  if (hasWord.test(safe)) safe = safe.replace(sensitiveField, '$1"***"');
  for (const secret of secrets) safe = safe.replaceAll(secret, "***");
  return safe;
}

// No library keeps this: Node reads the source maps of a bundle when it loads it, which costs as much as
// all else of a start. Here that is done when a stack trace is first logged.

const maps = new Map<string, SourceMap>();

function mapOf(url: string): SourceMap | undefined {
  // A message may have what only looks like a place.
  const path = URL.canParse(url) ? new URL(`${url}.map`) : undefined;
  if (path && !maps.has(url) && existsSync(path)) {
    maps.set(url, new SourceMap(JSON.parse(readFileSync(path, "utf8"))));
  }
  return maps.get(url);
}

function original(place: string, url: string, line: string, column: string): string {
  const found = mapOf(url)?.findOrigin(Number(line), Number(column));
  if (found === undefined || !("fileName" in found)) return place;
  const source = relative(root, resolve(dirname(fileURLToPath(url)), found.fileName));
  return `${source}:${found.lineNumber}:${found.columnNumber}`;
}

/** A line whose stack traces, of errors inside of errors too, name places of the source. */
export function toSource(line: string): string {
  return line.replace(/(file:\/\/(?:(?!file:)[^\s"\\])+?):(\d+):(\d+)/g, original);
}

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
