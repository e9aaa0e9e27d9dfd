import { resolve } from "node:path";
import packageFile from "../../../package.json" with { type: "json" };

// What scripts/build.mjs knows.
declare const BUILD: { revision: string; root: string };

/** The folder of package.json. */
export const root = resolve(import.meta.dirname, BUILD.root);

export const manifest: Partial<Record<string, unknown>> = packageFile;

/** Who this process is: what `/version` and the verb `version` answer. */
export const identity = {
  name: packageFile.name.replace(/^@[^/]+\//, ""),
  description: String(manifest.description ?? ""),
  version: packageFile.version,
  revision: BUILD.revision,
  node: process.version,
};
