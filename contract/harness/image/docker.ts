import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { findProgram } from '../process/programs.ts';
import { HarnessFailure } from '../wait.ts';

const exec = promisify(execFile);
/** Names of variables that the client or its loader reads. Values that are meant for a service must not reach it. */
const OF_THE_CLIENT = /^(PATH|HOME|TMPDIR|DOCKER_\w*|XDG_\w*|LD_\w*|GO\w*|SSH_\w*)$/;
/** Those of this process's variables that tell the client where the engine is and how to log in. */
const PASSED_ON = /^(PATH|HOME|DOCKER_\w*|XDG_\w*|SSH_AUTH_SOCK)$/;

/** What the client says when no engine answers, or the engine is on another machine. */
const NO_ENGINE = /cannot connect to the docker daemon|error during connect|mounts denied/i;

/** Whether the engine failed, and not what it was asked to do. */
export const isEngineFailure = (said: string): boolean => NO_ENGINE.test(said);

/** The Docker client. @throws HarnessFailure when it is not installed */
export function dockerProgram(): string {
  const found = findProgram('docker');
  if (found === undefined) throw new HarnessFailure('docker is not installed');
  return found;
}

/** The part of this process's environment that the client needs. */
export function clientEnvironment(from: NodeJS.ProcessEnv = process.env): Record<string, string> {
  const entries = Object.entries(from).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return Object.fromEntries(entries.filter(([name]) => PASSED_ON.test(name)));
}

/**
 * How a container is given its environment: arguments for the client, and the client's own environment. Values are in the
 * environment, since every user of the machine can see arguments. Only variables that the client itself would read are
 * given as arguments with their values.
 */
export function giveVariables(env: Readonly<Record<string, string>>): {
  readonly args: string[];
  readonly env: Record<string, string>;
} {
  const given = Object.entries(env);
  const quiet = given.filter(([name]) => !OF_THE_CLIENT.test(name));
  return {
    args: given.flatMap(([name, value]) => ['-e', OF_THE_CLIENT.test(name) ? `${name}=${value}` : name]),
    env: { ...Object.fromEntries(quiet), ...clientEnvironment() },
  };
}

/**
 * Runs the client and waits for its end.
 * @param options.env replaces its environment
 * @param options.timeout milliseconds
 * @returns what it printed
 * @throws with what it said when it fails or takes longer; HarnessFailure where no engine answers
 */
export async function docker(
  args: readonly string[],
  { env = clientEnvironment(), timeout = 30_000 }: { env?: Readonly<Record<string, string>>; timeout?: number } = {},
): Promise<string> {
  try {
    return (await exec(dockerProgram(), [...args], { env, timeout, maxBuffer: 16 * 1024 * 1024 })).stdout;
  } catch (error) {
    if (error instanceof Error && isEngineFailure(error.message))
      throw new HarnessFailure(error.message, { cause: error });
    throw error;
  }
}

/** Ends a container and removes its anonymous volumes. It is no error if the container is gone already. */
export async function removeContainer(name: string): Promise<void> {
  await docker(['rm', '--force', '--volumes', name], { timeout: 60_000 }).catch(unlessGone);
}

/**
 * Runs a command in a running container.
 * @param ms how long it may take
 * @returns its exit code, or a sentence if it has not ended in time
 */
export async function runInside(
  container: string,
  command: readonly string[],
  { env = {}, ms }: { env?: Readonly<Record<string, string>>; ms: number },
): Promise<number | string> {
  const given = giveVariables(env);
  try {
    await docker(['exec', ...given.args, container, ...command], { env: given.env, timeout: ms });
    return 0;
  } catch (error) {
    const { code, killed } = error as { code?: unknown; killed?: boolean };
    if (killed) return `no end within ${ms} ms`;
    if (typeof code !== 'number') throw error;
    return code;
  }
}

/** For `catch`: it is no error that a container has ended or is not there. */
export function unlessGone(error: Error): undefined {
  if (!/no such (container|object)|is not running|already in progress/i.test(error.message)) throw error;
}

/** The part of an image's configuration that rules ask for. */
export interface ImageConfig {
  readonly Env?: readonly string[] | null;
  readonly WorkingDir?: string;
  readonly User?: string;
  readonly Labels?: Readonly<Record<string, string>> | null;
  readonly Shell?: readonly string[] | null;
  /** Such as `8080/tcp`. */
  readonly ExposedPorts?: Readonly<Record<string, unknown>> | null;
  readonly StopSignal?: string;
  readonly Healthcheck?: { readonly Test?: readonly string[] | null } | null;
}

export async function imageConfig(image: string): Promise<ImageConfig> {
  return JSON.parse(await docker(['image', 'inspect', '--format', '{{json .Config}}', image])) as ImageConfig;
}
