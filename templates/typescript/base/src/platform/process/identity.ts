import { resolve } from "node:path";
import packageFile from "../../../package.json" with { type: "json" };

// What scripts/build.mjs knows.
declare const BUILD: { revision: string; root: string };

/** The folder of package.json. */
export const root = resolve(import.meta.dirname, BUILD.root);

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
  revision: BUILD.revision,
  node: process.version,
};
