import { resolve } from "node:path";
import packageFile from "../../../package.json" with { type: "json" };

// What scripts/build.mjs knows. A service with another build has this folder, and not that.
declare const BUILD: { revision: string; root: string } | undefined;
const build = typeof BUILD === "undefined" ? { revision: "unknown", root: "../../.." } : BUILD;

/** The folder of package.json. */
export const root = resolve(import.meta.dirname, build.root);

export const manifest: {
  name: string;
  version: string;
  description?: string;
  author?: string;
  license?: string;
} = packageFile;

/** Who this process is: what `/version` and the verb `version` answer. */
export const identity = {
  name: manifest.name.replace(/^@[^/]+\//, ""),
  description: manifest.description ?? "",
  version: manifest.version,
  revision: build.revision,
  node: process.version,
};
