import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import * as esbuild from "esbuild";

// Packages that cannot be part of a bundle: README.md says what else they need.
const external = [];

// What packages in the form of CommonJS ask for.
const banner = `import { createRequire as $createRequire } from "node:module";
const require = $createRequire(import.meta.url), __filename = import.meta.filename, __dirname = import.meta.dirname;`;

/** Writes modules of src and what they import into a folder. */
export function bundle(entryPoints, outdir, options) {
  return esbuild.build({
    entryPoints,
    outdir,
    outbase: "src",
    bundle: true,
    splitting: true,
    packages: "external",
    format: "esm",
    platform: "node",
    target: "node20.19",
    sourcemap: true,
    sourcesContent: false,
    banner: { js: banner },
    logLevel: "warning",
    define: { BUILD: JSON.stringify({ revision: revision(), root: resolve() }) },
    plugins: [places],
    ...options,
  });
}

/** The commit that is built: given by an image build, which has no .git, else asked of git. */
function revision() {
  if (process.env.REVISION) return process.env.REVISION;
  try {
    return execFileSync("git", ["rev-parse", "HEAD"], { encoding: "utf8", stdio: "pipe" }).trim();
  } catch {
    return "unknown";
  }
}

/** Answers imports of `all:` and `each:`, which src/platform/modules.d.ts explains. */
const places = {
  name: "places",
  setup(build) {
    const filter = /^(all|each):/;
    build.onResolve({ filter }, ({ path }) => ({ path, namespace: "places" }));
    build.onLoad({ filter, namespace: "places" }, ({ path }) => {
      const [kind, list] = path.split(":");
      const found = list.split(",").flatMap(modulesOf).sort();
      const contents =
        kind === "each"
          ? `export default {${found.map(([name, file]) => `"${name}": () => import("${file}")`)}}`
          : `${found.map(([, file], n) => `import _${n} from "${file}";`).join("")}
             export default [${found.map((_, n) => `_${n}`)}];`;
      return { contents, resolveDir: resolve("src") };
    });
  },
};

// Names and files of the modules of `plugins/*`, or of those called `routes` of `features/*/routes`.
function modulesOf(place) {
  const [folder, inner = ""] = place.split("/*");
  const path = join("src", folder);
  return (existsSync(path) ? readdirSync(path) : [])
    .map((entry) => [entry.replace(/\.ts$/, ""), `./${folder}/${entry}${inner && `${inner}.ts`}`])
    .filter(([name, file]) => /^[^.]+$/.test(name) && existsSync(join("src", file)));
}

/** The licences of the packages in a bundle, in full. */
function licences({ inputs }) {
  const folders = Object.keys(inputs).map(
    (file) => /^.*node_modules\/(@[^/]+\/)?[^/]+/.exec(file)?.[0],
  );
  return [...new Set(folders)]
    .filter(Boolean)
    .sort()
    .flatMap((folder) => {
      const { name, version, license } = JSON.parse(readFileSync(join(folder, "package.json")));
      const texts = readdirSync(folder).filter((file) =>
        /^(licen[cs]e|copying|notice)/i.test(file),
      );
      return [
        `# ${name} ${version}: ${license}`,
        ...texts.map((file) => readFileSync(join(folder, file), "utf8")),
      ];
    });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  rmSync("dist", { recursive: true, force: true });
  const { metafile } = await bundle(["src/main.ts"], "dist", {
    packages: "bundle",
    external,
    define: { BUILD: JSON.stringify({ revision: revision(), root: ".." }) },
    metafile: true,
  });
  writeFileSync("dist/licenses.txt", licences(metafile).join("\n\n"));
}
