import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Environment } from "../platform/config.ts";
import { root } from "../platform/process/identity.ts";

const main = join(root, "dist", "test", "main.js");

type Line = Record<string, unknown>;

export interface Run {
  process: ChildProcess;
  /** Every line of stdout so far, each of which has to be a JSON object. */
  lines: Line[];
  /** Resolves with the first line that has this `event.name`. */
  event(name: string): Promise<Line>;
  /** Resolves with the exit code. */
  exit: Promise<number | null>;
}

/** Starts the built service as a process of its own, with this environment and no other. */
export function start(args: string[], env: Environment): Run {
  const child = spawn(process.execPath, [main, ...args], {
    env: env as NodeJS.ProcessEnv,
    stdio: ["ignore", "pipe", "inherit"],
  });
  const lines: Line[] = [];
  const output = createInterface({ input: child.stdout });
  output.on("line", (line) => lines.push(JSON.parse(line)));
  return {
    process: child,
    lines,
    async event(name) {
      const closed = once(child, "close").then(() => undefined);
      for (let next = 0; ; ) {
        const line = lines.slice(next).find((each) => each["event.name"] === name);
        if (line !== undefined) return line;
        if (child.exitCode !== null) throw new Error(`exited without ${name}`);
        next = lines.length;
        await Promise.race([once(output, "line"), closed]);
      }
    },
    exit: once(child, "close").then(([code]) => code),
  };
}

/** Runs a verb to its end. */
export async function run(
  args: string[],
  env: Environment,
): Promise<{ code: number | null; lines: Line[] }> {
  const { lines, exit } = start(args, env);
  return { code: await exit, lines };
}
