import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe } from 'vitest';
import { eventually, must, type Result, run } from './run.ts';
import { root } from './service.ts';

/** Why nothing can run in containers here; undefined where an engine answers. */
export const noEngine = whyNoEngine();

function whyNoEngine(): string | undefined {
  try {
    execFileSync('docker', ['info'], { stdio: 'ignore', timeout: 20_000 });
    return undefined;
  } catch {
    return 'no Docker engine answers; .ci/docker-engine.sh start gives one to root on Debian';
  }
}

/** A suite that needs an engine. Without one it is skipped, and the reason is part of its name and of the output. */
export function describeWithEngine(name: string, suite: () => void): void {
  if (noEngine === undefined) return void describe(name, suite);
  console.warn(`skipped: ${name}: ${noEngine}`);
  describe.skip(`${name} (${noEngine})`, suite);
}

export function docker(...args: string[]): Promise<string> {
  return must('docker', args);
}

export function tryDocker(...args: string[]): Promise<Result> {
  return run('docker', args);
}

/** What `docker inspect` says of a container or an image. */
// biome-ignore lint/suspicious/noExplicitAny: the engine's JSON, of which each test asserts the part it reads
export async function inspect(name: string): Promise<any> {
  return JSON.parse(await docker('inspect', name))[0];
}

/** Base images that the templates name, from the templates themselves. */
export function baseImages(): { node: string; postgres: string; redis: string } {
  const read = (path: string) => readFileSync(join(root, 'templates', path), 'utf8');
  const compose = read('common/base/docker-compose.__name__.yaml.hbs');
  return {
    node: find(read('typescript/base/Dockerfile.hbs'), /^ARG NODE_IMAGE=(\S+)$/m),
    postgres: find(compose, /image: (postgres:\S+)/),
    redis: find(compose, /image: (redis:\S+)/),
  };
}

/** The image that a service in Go is built on. */
export function goImage(): string {
  return find(readFileSync(join(root, 'templates/go/base/Dockerfile.hbs'), 'utf8'), /^ARG GO_IMAGE=(\S+)$/m);
}

/** The image that a service in Python is built on. */
export function pythonImage(): string {
  return find(readFileSync(join(root, 'templates/python/base/Dockerfile.hbs'), 'utf8'), /^ARG PYTHON_IMAGE=(\S+)$/m);
}

function find(text: string, pattern: RegExp): string {
  const found = pattern.exec(text)?.[1];
  if (found === undefined) throw new Error(`no ${pattern} in the templates`);
  return found;
}

/** Whether this image is a stand-in of .ci/stand-in-images.sh, for what a suite prints. */
export async function kindOf(image: string): Promise<string> {
  const { Config } = await inspect(image);
  return Config.Labels?.['twelve.stand-in'] === 'true' ? 'a stand-in' : 'the real one';
}

/** Where a proxy opens TLS, Node is told so by NODE_EXTRA_CA_CERTS; an image build gets that file as its secret. */
export function buildSecrets(): string[] {
  const file = process.env.NODE_EXTRA_CA_CERTS;
  return file === undefined ? [] : ['--secret', `id=extra_ca,src=${file}`];
}

/** On every image that a suite builds, so that those which lost their tag to a later build are found again. */
const mark = 'twelve.e2e=true';

const BUILD_LOCK = join(tmpdir(), 'twelve-e2e-build.lock');

/**
 * A command line that waits until no other suite builds. Two builds at once that share steps can crash Docker 26: it
 * reads a nil pointer in BuildKit's `walkProvenance`.
 * @param args of `docker`
 */
export function whenNobodyBuilds(args: readonly string[]): [command: string, args: string[]] {
  const hasFlock = spawnSync('flock', ['--version'], { stdio: 'ignore' }).status === 0;
  return hasFlock ? ['flock', [BUILD_LOCK, 'docker', ...args]] : ['docker', [...args]];
}

/** Builds `dir` as `tag`; extra arguments go to `docker build`. The build's log is in stderr. */
export function build(dir: string, tag: string, ...args: string[]): Promise<Result> {
  const options = ['--progress', 'plain', '--tag', tag, '--label', mark, ...buildSecrets(), ...args];
  return run(...whenNobodyBuilds(['build', ...options, dir]));
}

/** As `build`, but the build has to succeed. */
export async function mustBuild(dir: string, tag: string, ...args: string[]): Promise<string> {
  const { code, stderr } = await build(dir, tag, ...args);
  if (code !== 0) throw new Error(`docker build of ${dir} failed\n${stderr.slice(-8000)}`);
  return stderr;
}

/** Things of the engine that a suite has made, removed in the reverse order. */
export class Leftovers {
  #commands: string[][] = [];

  container(name: string): string {
    this.#commands.push(['rm', '--force', '--volumes', name]);
    return name;
  }

  image(tag: string): string {
    this.#commands.push(['image', 'rm', '--force', tag]);
    return tag;
  }

  network(name: string): string {
    this.#commands.push(['network', 'rm', name]);
    return name;
  }

  async remove(): Promise<void> {
    for (const command of this.#commands.reverse()) {
      // Whoever is asked to go may still be going: an engine answers that with an error.
      await eventually(`docker ${command.join(' ')}`, async () => {
        const { code, stderr } = await run('docker', command);
        return code === 0 || /no such|not found/i.test(stderr) ? true : undefined;
      });
    }
    this.#commands = [];
    await docker('image', 'prune', '--force', '--filter', `label=${mark}`);
  }
}
