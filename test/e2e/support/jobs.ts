import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { docker, inspect, Leftovers } from './docker.ts';
import { eventually, type Result, run } from './run.ts';

export type Service = {
  image: string;
  /** The host name by which the job finds it. */
  alias: string;
  env: Record<string, string>;
  /** Further arguments of `docker create`, as a workflow gives them in `options`. */
  options: string[];
};

/** The name of the machine of the suite inside a job. */
export const HOST = 'machine';

/** Where the tools of all languages keep what they downloaded or built. */
const CACHES = { npm: '/root/.npm', cache: '/root/.cache', go: '/go/pkg/mod' };

/**
 * A container in which the commands of a pipeline's job run, with its services beside it, as a runner provides them: one
 * network, services by their aliases, the sources mounted as the working folder.
 */
export class Job {
  readonly #leftovers = new Leftovers();
  readonly #name: string;

  constructor(name: string) {
    this.#name = name;
  }

  /** `cache` is where downloads are kept between jobs, as runners do. */
  async start(image: string, folder: string, services: readonly Service[], cache: string): Promise<void> {
    const network = this.#leftovers.network(this.#name);
    await docker('network', 'create', network);
    for (const { alias, env, options, image: serviceImage } of services) {
      const name = this.#leftovers.container(`${this.#name}-${alias}`);
      const variables = Object.entries(env).flatMap(([key, value]) => ['--env', `${key}=${value}`]);
      const place = ['--name', name, '--network', network, '--network-alias', alias];
      await docker('run', '--detach', ...place, ...variables, ...options, serviceImage);
    }
    const place = ['--name', this.#leftovers.container(this.#name), '--network', network, '--init'];
    const sources = ['--volume', `${folder}:/builds/orders`, '--workdir', '/builds/orders'];
    const caches = Object.entries(CACHES).flatMap(([name, path]) => ['--volume', `${join(cache, name)}:${path}`]);
    const mounts = [...sources, ...caches, ...companyCa()];
    // A server of the suite is found by this name.
    const host = ['--add-host', `${HOST}:host-gateway`];
    await docker('run', '--detach', ...place, ...host, ...mounts, '--entrypoint', 'sleep', image, 'infinity');
    for (const service of services) await eventually(`${service.alias} to be ready`, () => this.#isReady(service));
  }

  /** By its health where a workflow says how to ask, as GitHub waits; else by its exposed ports, as GitLab does. */
  async #isReady({ alias, image, options }: Service): Promise<true | undefined> {
    if (options.length > 0) {
      const { Health } = (await inspect(`${this.#name}-${alias}`)).State;
      return Health.Status === 'healthy' ? true : undefined;
    }
    const ports = Object.keys((await inspect(image)).Config.ExposedPorts).map((port) => Number.parseInt(port, 10));
    const knock = ports.map(
      (port) => `node -e 'require("net").connect(${port}, "${alias}").on("connect", process.exit)'`,
    );
    const { code } = await this.sh(knock.join('\n'));
    return code === 0 ? true : undefined;
  }

  /** Runs a script as a runner's shell without bash does: `sh -e`. It may compile all that a service needs. */
  sh(script: string, env: Record<string, string> = {}): Promise<Result> {
    const variables = Object.entries(env).flatMap(([key, value]) => ['--env', `${key}=${value}`]);
    const command = ['exec', '--interactive', ...variables, this.#name, 'sh', '-e'];
    return run('docker', command, { input: script, timeout: 900_000 });
  }

  remove(): Promise<void> {
    return this.#leftovers.remove();
  }
}

/** Where this machine trusts another certificate, the tools of a job have to as well. */
function companyCa(): string[] {
  const file = process.env.NODE_EXTRA_CA_CERTS;
  if (file === undefined || !existsSync(file)) return [];
  const names = ['NODE_EXTRA_CA_CERTS', 'PIP_CERT', 'SSL_CERT_FILE'];
  const variables = names.flatMap((name) => ['--env', `${name}=/company-ca.crt`]);
  return ['--volume', `${file}:/company-ca.crt:ro`, ...variables];
}
