import { execFileSync } from "node:child_process";
import { rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

const tsc = join(
  dirname(createRequire(import.meta.url).resolve("typescript/package.json")),
  "bin",
  "tsc",
);

/** The commit that is built: given by an image build, which has no .git, else asked of git. */
function revision() {
  if (process.env.REVISION) return process.env.REVISION;
  try {
    return execFileSync("git", ["rev-parse", "HEAD"], { encoding: "utf8", stdio: "pipe" }).trim();
  } catch {
    return "unknown";
  }
}

// Routes are found by looking into the folder: what was deleted from src must not stay in dist.
rmSync("dist", { recursive: true, force: true });
try {
  execFileSync(process.execPath, [tsc], { stdio: "inherit" });
} catch (error) {
  process.exit(error.status ?? 1);
}
writeFileSync("dist/build-info.json", `${JSON.stringify({ revision: revision() })}\n`);
