import { spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { freePort } from '../http/ports.ts';
import { findProgram } from '../process/programs.ts';
import { forget, reap } from '../process/reaper.ts';
import { docker, giveVariables, removeContainer } from './docker.ts';

/** The image may have to be fetched first. */
const START_MS = 300_000;

let engine: boolean | undefined;

/** Whether a Docker engine answers; asked once. */
export function hasEngine(): boolean {
  const program = findProgram('docker');
  engine ??= program !== undefined && spawnSync(program, ['version'], { stdio: 'ignore', timeout: 5000 }).status === 0;
  return engine;
}

/** A backing service in a container, on a port of 127.0.0.1. */
interface Container {
  readonly port: number;
  stop(): Promise<void>;
}

/**
 * Starts an image and does not wait until it serves.
 * @param inner the port that it listens on
 * @param args of its own program
 * @throws when the engine refuses, or does not have it within START_MS
 */
export async function startContainer(
  image: string,
  inner: number,
  { env = {}, args = [] }: { env?: Readonly<Record<string, string>>; args?: readonly string[] } = {},
): Promise<Container> {
  const name = `twelve-backing-${randomUUID().slice(0, 12)}`;
  const port = await freePort();
  const given = giveVariables(env);
  const flags = ['run', '--detach', '--rm', '--name', name, '-p', `127.0.0.1:${port}:${inner}`, ...given.args];
  reap({ kind: 'container', id: name });
  await docker([...flags, image, ...args], { env: given.env, timeout: START_MS });
  const stop = async () => {
    await removeContainer(name);
    forget({ kind: 'container', id: name });
  };
  return { port, stop };
}
