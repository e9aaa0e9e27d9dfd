import { spawn } from 'node:child_process';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, test } from 'vitest';
import { freePort } from '../../contract/harness/http/ports.ts';
import { startContainer } from '../../contract/harness/image/container.ts';
import { docker, removeContainer } from '../../contract/harness/image/docker.ts';
import { launch } from '../../contract/harness/launch.ts';
import { Child } from '../../contract/harness/process/child.ts';
import { hasProcfs } from '../../contract/harness/process/procfs.ts';
import { findProgram } from '../../contract/harness/process/programs.ts';
import { Service } from '../../contract/harness/service.ts';
import { HarnessFailure, until } from '../../contract/harness/wait.ts';
import type { ImageTarget } from '../../contract/target.ts';
import { type FakeDocker, fakeDocker } from './fake-docker.ts';

/** What is done with a container, seen from the side of its client: no engine is needed. */

const target: ImageTarget = { kind: 'image', name: 'orders', image: 'orders:1' };
const paths = { live: '/', ready: '/' };
const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

function fake(body: string): FakeDocker {
  const docker = fakeDocker(body);
  ends.push(docker.remove);
  return docker;
}

function launched(env: Record<string, string> = {}) {
  const temp = tmpdir();
  return launch(target, { args: ['web'], env, cwd: temp, temp });
}

async function run(): Promise<Service> {
  const child = new Child(launched());
  ends.push(() => child.dispose());
  return new Service(child, await freePort(), paths);
}

describe('what a container is given', () => {
  test('is in the environment of the client, where no other user sees it', () => {
    fake('');
    const { args, env } = launched({ PATH: '/x', PORT: '80', DATABASE_URL: 'postgres://u:s3cret@db/x', EMPTY: '' });
    expect(args.join(' ')).toContain('-e PORT -e DATABASE_URL -e EMPTY orders:1 web');
    expect(args.join(' ')).not.toContain('s3cret');
    expect(env).toMatchObject({ PORT: '80', DATABASE_URL: 'postgres://u:s3cret@db/x', EMPTY: '' });
  });

  test('does not move the client to another engine', () => {
    fake('');
    const { args, env } = launched({ HOME: '/home/service', DOCKER_HOST: 'tcp://elsewhere' });
    expect(args.join(' ')).toContain('-e HOME=/home/service -e DOCKER_HOST=tcp://elsewhere orders:1');
    expect(env.HOME).toBe(process.env.HOME);
    expect(env.DOCKER_HOST).toBe(process.env.DOCKER_HOST);
  });

  test('comes with the variables that say where the engine is, and with no others of ours', () => {
    fake('');
    process.env.DOCKER_CONTEXT = 'rootless';
    process.env.OF_OURS = 'x';
    ends.push(() => {
      delete process.env.DOCKER_CONTEXT;
      delete process.env.OF_OURS;
    });
    const { env } = launched();
    expect(env).toMatchObject({ DOCKER_CONTEXT: 'rootless', HOME: process.env.HOME, PATH: process.env.PATH });
    expect(Object.keys(env)).not.toContain('OF_OURS');
  });

  test('a password of a backing service is on no command line', async () => {
    const docker = fake('case $1 in run) test "$POSTGRES_PASSWORD" = s3cret ;; esac');
    const { stop } = await startContainer('postgres:18', 5432, { env: { POSTGRES_PASSWORD: 's3cret' } });
    await stop();
    expect(docker.calls().join('\n')).toMatch(/^run .* -e POSTGRES_PASSWORD postgres:18\nrm --force --volumes /);
    expect(docker.calls().join('\n')).not.toContain('s3cret');
  });
});

test('a container that its engine takes away already is gone', async () => {
  fake('echo "Error response from daemon: removal of container x is already in progress" >&2; exit 1');
  await expect(removeContainer('x')).resolves.toBeUndefined();
  fake('echo "Error response from daemon: it is stuck" >&2; exit 1');
  await expect(removeContainer('x')).rejects.toThrow('it is stuck');
});

describe('its volumes go with it', () => {
  test('when a probe has ended', async () => {
    const docker = fake('case $1 in run) exec sleep 60 ;; esac');
    const { child } = await run();
    await until('it to run', 5000, () => (docker.calls().length > 0 ? true : undefined));
    await child.dispose();
    expect(docker.calls().at(-1)).toBe(`rm --force --volumes ${child.remote?.name}`);
  });

  test('when the verifier was killed', async () => {
    const docker = fake('');
    const source = fileURLToPath(new URL('../../contract/harness/process/reaper.ts', import.meta.url));
    const script = `import { reap } from ${JSON.stringify(source)};
      reap({ kind: 'container', id: 'of-a-killed-one' });
      console.log('up');
      setInterval(() => {}, 1000);`;
    const cwd = fileURLToPath(new URL('../..', import.meta.url));
    const harness = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script], { cwd });
    await new Promise((resolve) => harness.stdout.once('data', resolve));
    harness.kill('SIGKILL');
    await until('it to be removed', 10_000, () => (docker.calls().length > 0 ? true : undefined));
    expect(docker.calls()[0]).toBe('rm --force --volumes of-a-killed-one');
  });
});

/** The process that the engine would start: the first one of a namespace of process ids. */
const user = process.getuid?.() === 0 ? '' : '--user --map-root-user';
const CONTAINER = `case $1 in
  run) echo $$ > "$DOCKER_FAKE/pid"; exec unshare ${user} --pid --fork --kill-child sleep 60 ;;
  inspect) cat /proc/$(cat "$DOCKER_FAKE/pid")/task/*/children ;;
esac`;

const refusing = (why: string) => `case $1 in run) echo "docker: ${why}" >&2; exit 125 ;; esac`;

describe.skipIf(!hasProcfs())('the port of a container', () => {
  test.skipIf(findProgram('unshare') === undefined)('is not another process that answers on it', async () => {
    fake(CONTAINER);
    const service = await run();
    const other = createServer((_, response) => response.end('ok'));
    await new Promise<void>((resolve) => other.listen(service.port, '127.0.0.1', resolve));
    ends.push(() => other.close());
    await expect(service.ready(1500)).rejects.toThrow(/gave 200, but from another process/);
  });

  test.skipIf(findProgram('unshare') === undefined)('is not open, which is said of the service', async () => {
    fake(CONTAINER);
    const error = await (await run()).ready(1500).catch((cause: Error) => cause);
    expect(error).toMatchObject({ message: expect.stringMatching(/gave ECONNREFUSED; it listens on no port/) });
    expect(error).not.toBeInstanceOf(HarnessFailure);
  });

  test('is out of reach if the engine is on another machine, which is not the fault of the service', async () => {
    fake('case $1 in run) exec sleep 60 ;; inspect) echo 4194305 ;; esac');
    const error = await (await run()).ready(1500).catch((cause: Error) => cause);
    expect(error).toBeInstanceOf(HarnessFailure);
    expect(error).toMatchObject({ message: expect.stringContaining("Docker's engine has to be here") });
  });

  test('is not asked for if no engine answers, which is not the fault of the service', async () => {
    fake(refusing('Cannot connect to the Docker daemon at tcp://1.2.3.4:2375.'));
    await expect((await run()).ready(1500)).rejects.toBeInstanceOf(HarnessFailure);
  });

  test('cannot be removed once the engine has gone, which is not the fault of the service', async () => {
    fake('echo "Cannot connect to the Docker daemon at unix:///x." >&2; exit 1');
    await expect(docker(['rm', 'x'])).rejects.toBeInstanceOf(HarnessFailure);
  });

  test('is not open if the container cannot be started, which is the fault of the service', async () => {
    fake(refusing('Error response from daemon: unable to find user nobody-here'));
    const error = await (await run()).ready(1500).catch((cause: Error) => cause);
    expect(error).toMatchObject({ message: expect.stringContaining('web ended with exit 125') });
    expect(error).not.toBeInstanceOf(HarnessFailure);
  });
});
