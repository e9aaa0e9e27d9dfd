import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

const root = join(import.meta.dirname, "..", "..");

function readJson(path: string): Partial<Record<string, string>> {
  return JSON.parse(readFileSync(path, "utf8"));
}

export const manifest = readJson(join(root, "..", "package.json"));
const buildFile = join(root, "build-info.json");
// Only a build knows the commit: sources that Node runs directly do not.
const buildInfo = existsSync(buildFile) ? readJson(buildFile) : {};

/** Who this process is: what `/version` and the verb `version` answer. */
export const identity = {
  name: (manifest.name ?? "").replace(/^@[^/]+\//, ""),
  description: manifest.description ?? "",
  version: manifest.version ?? "",
  revision: buildInfo.revision ?? "unknown",
  node: process.version,
};
