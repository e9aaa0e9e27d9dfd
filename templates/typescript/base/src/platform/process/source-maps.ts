import { existsSync, readFileSync } from "node:fs";
import { SourceMap } from "node:module";
import { dirname, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { root } from "./identity.ts";

// No library keeps this: Node reads the source maps of a bundle when it loads it, which costs as much as
// all else of a start. Here that is done when a stack trace is first logged.

const maps = new Map<string, SourceMap | undefined>();

function mapOf(file: string): SourceMap | undefined {
  if (!maps.has(file)) {
    const path = `${file}.map`;
    maps.set(
      file,
      existsSync(path) ? new SourceMap(JSON.parse(readFileSync(path, "utf8"))) : undefined,
    );
  }
  return maps.get(file);
}

function original(place: string, url: string, line: string, column: string): string {
  const file = fileURLToPath(url);
  const found = mapOf(file)?.findOrigin(Number(line), Number(column));
  if (found === undefined || !("fileName" in found)) return place;
  const source = relative(root, resolve(dirname(file), found.fileName));
  return `${source}:${found.lineNumber}:${found.columnNumber}`;
}

/** A stack trace that names places of the source. */
export function toSource(stack: string): string {
  return stack.replace(/(file:\/\/[^\s()]+):(\d+):(\d+)/g, original);
}
