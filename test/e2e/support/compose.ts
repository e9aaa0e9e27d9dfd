import { docker, whenNobodyBuilds } from './docker.ts';
import { must, type Result, type RunOptions, run } from './run.ts';

type Settings = {
  /** Where the commands are run, as a person would: relative paths and PWD come from here. */
  cwd: string;
  /** The -f arguments; none means the default file of `cwd`. */
  files?: string[];
  env?: Record<string, string>;
};

/** One compose project of a suite: commands in one place with one name, and one way to take everything down. */
export class Project {
  readonly #name: string;
  readonly #args: string[];
  readonly #options: RunOptions;

  constructor(name: string, { cwd, files = [], env = {} }: Settings) {
    this.#name = name;
    this.#args = ['compose', ...files.flatMap((file) => ['-f', file])];
    this.#options = { cwd, env: { PWD: cwd, COMPOSE_PROJECT_NAME: name, COMPOSE_FILE: undefined, ...env } };
  }

  /** Environment and folder of this project's commands, for other programs that drive compose. */
  get options(): RunOptions {
    return this.#options;
  }

  run(...args: string[]): Promise<Result> {
    return run('docker', [...this.#args, ...args], this.#options);
  }

  must(...args: string[]): Promise<string> {
    return must('docker', [...this.#args, ...args], this.#options);
  }

  /** `up --build --wait`, while no other suite builds. */
  async buildAndStart(): Promise<void> {
    await must(...whenNobodyBuilds([...this.#args, 'up', '--build', '--wait']), this.#options);
  }

  /** The merged configuration, as compose sees it. */
  // biome-ignore lint/suspicious/noExplicitAny: compose's JSON, of which each test asserts the part it reads
  async config(): Promise<any> {
    return JSON.parse(await this.must('--profile', 'tools', 'config', '--format', 'json'));
  }

  /** Container ids of a service, those that have stopped included. */
  async containers(service: string): Promise<string[]> {
    return lines(await this.must('ps', '--all', '--quiet', service));
  }

  /** Container id of a service that has at least one. */
  async container(service: string): Promise<string> {
    const [first] = await this.containers(service);
    if (first === undefined) throw new Error(`${service} has no container`);
    return first;
  }

  /** Addresses of the running instances of a service on this machine. */
  async addresses(service: string): Promise<string[]> {
    const ids = lines(await this.must('ps', '--quiet', service));
    const published = await Promise.all(ids.map((id) => docker('port', id)));
    return published.flatMap(lines).map((line) => `http://${line.split(' -> ')[1]}`);
  }

  /** Takes down whatever this project has, volumes and profiles included; images stay. */
  async down(): Promise<void> {
    const { code, stderr } = await run(
      'docker',
      ['compose', '--project-name', this.#name, 'down', '--volumes', '--remove-orphans', '--timeout', '2'],
      { cwd: '/' },
    );
    if (code !== 0) throw new Error(stderr);
    const volumes = lines(
      await docker('volume', 'ls', '--quiet', '--filter', `label=com.docker.compose.project=${this.#name}`),
    );
    if (volumes.length > 0) await docker('volume', 'rm', ...volumes);
  }
}

function lines(text: string): string[] {
  return text.split('\n').filter((line) => line !== '');
}
