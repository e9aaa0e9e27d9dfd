import { randomUUID } from 'node:crypto';
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  baseImages,
  build,
  describeWithEngine,
  docker,
  goImage,
  inspect,
  kindOf,
  Leftovers,
  mustBuild,
  pythonImage,
  tryDocker,
} from './support/docker.ts';
import { answers } from './support/http.ts';
import { rowsOf } from './support/rows.ts';
import { eventually, must, run } from './support/run.ts';
import { commit, makeService, products, workFolder } from './support/service.ts';

/** Cold builds leave out the layer cache; npm's cache mount stays, as it does between builds of one machine. */
const BUILD_MS = 240_000;
const hardened = ['--read-only', '--tmpfs', '/tmp', '--cap-drop', 'ALL', '--security-opt', 'no-new-privileges'];

const work = workFolder();
const leftovers = new Leftovers();
const net = leftovers.network('twelve-e2e-dockerfile');
const postgres = 'twelve-e2e-dockerfile-postgres';
const redis = 'twelve-e2e-dockerfile-redis';

/** Of other languages: what a build does, and how it refuses a manifest that was edited alone. */
const OTHERS = [
  {
    stack: 'go',
    base: goImage,
    source: { file: 'main.go', comment: '//' },
    // One step does both, and takes modules from a cache.
    installs: undefined,
    builds: 'go build',
    manifest: 'go.mod',
    edit: (text: string) => `${text}\nrequire golang.org/x/exp v0.0.0-20240719175910-8a7402abbf56\n`,
    refused: /diff current\/go\.mod/,
    passed: /^ok\s+service\b/m,
  },
  {
    stack: 'python',
    base: pythonImage,
    source: { file: 'src/service/__main__.py', comment: '#' },
    installs: 'pip install',
    builds: 'compileall -q --invalidation-mode unchecked-hash src',
    manifest: 'pyproject.toml',
    edit: (text: string) => text.replace('dependencies = [', 'dependencies = ["tomli-w==1.2.0",'),
    refused: /No matching distribution found for tomli-w==1\.2\.0/,
    passed: /\b[1-9]\d* passed\b/,
  },
] as const;

describeWithEngine('Dockerfile', () => {
  beforeAll(async () => {
    const images = baseImages();
    for (const image of Object.values(images)) console.info(`${image} is ${await kindOf(image)}`);
    await tryDocker('network', 'create', net);
    const detached = ['run', '--detach', '--network', net];
    leftovers.container(postgres);
    leftovers.container(redis);
    await docker(...detached, '--name', postgres, '--env', 'POSTGRES_PASSWORD=e2e', images.postgres);
    await docker(...detached, '--name', redis, images.redis);
    await eventually('PostgreSQL to answer', async () => {
      const { code } = await tryDocker('exec', postgres, 'pg_isready', '-q', '-h', '127.0.0.1', '-U', 'postgres');
      return code === 0 ? true : undefined;
    });
  });

  afterAll(async () => {
    await leftovers.remove();
    work.remove();
  });

  describe.each(rowsOf(products, 'Dockerfiles', 2))('with %s', (_title, { database, cache }) => {
    const key = `${database}-${cache}`;
    const dir = join(work.folder, key);
    const image = leftovers.image(`twelve-e2e-dockerfile:${key}`);
    const backing: string[] = [];
    if (database === 'postgres')
      backing.push('--env', `DATABASE_URL=postgres://postgres:e2e@${postgres}:5432/${cache}`);
    if (cache === 'redis') backing.push('--env', `REDIS_URL=redis://${redis}:6379`);
    let revision: string;

    /** Starts the image under `name`; resolves with the address of its published port. */
    async function start(name: string, ...options: string[]): Promise<string> {
      leftovers.container(name);
      await docker('run', '--detach', '--name', name, '--network', net, ...backing, ...hardened, ...options, image);
      return address(name);
    }

    async function address(name: string): Promise<string> {
      return `http://${(await docker('port', name)).split(' -> ')[1]?.split('\n')[0]}`;
    }

    function verb(...args: string[]) {
      return tryDocker('run', '--rm', '--network', net, ...backing, ...hardened, image, ...args);
    }

    beforeAll(async () => {
      await makeService('orders', dir, { database, cache });
      revision = await commit(dir);
      if (database === 'postgres')
        await docker('exec', postgres, 'psql', '-U', 'postgres', '-c', `CREATE DATABASE ${cache}`);
    });

    test('cold build', { timeout: BUILD_MS }, async () => {
      const before = Date.now();
      const args = ['REVISION', revision, 'VERSION', '0.1.0', 'SOURCE', 'https://example.org/orders'];
      const buildArgs = [0, 2, 4].flatMap((at) => ['--build-arg', `${args[at]}=${args[at + 1]}`]);
      await mustBuild(dir, image, '--no-cache', ...buildArgs);
      const size = (await inspect(image)).Size;
      const base = (await inspect(baseImages().node)).Size;
      const mb = (bytes: number) => (bytes / 1e6).toFixed(1);
      console.info(
        `${key}: cold build ${Date.now() - before} ms, ${mb(size)} MB, ${mb(size - base)} MB over the base's ${mb(base)} MB`,
      );
      expect(size - base).toBeLessThan(80e6);
    });

    test('a source-only change reuses the dependency layer', { timeout: BUILD_MS }, async () => {
      const source = join(dir, 'src/main.ts');
      const before = readFileSync(source);
      appendFileSync(source, `\n// changed ${randomUUID()}\n`); // An engine remembers what it built in other runs.
      const log = await mustBuild(dir, leftovers.image(`${image}-changed`));
      writeFileSync(source, before);
      expect(stepOf(log, 'npm ci')).toBe('cached');
      expect(stepOf(log, 'npm run build')).toBe('run');
    });

    test('a manifest edited alone fails the build', { timeout: BUILD_MS }, async () => {
      const manifest = join(dir, 'package.json');
      const before = readFileSync(manifest, 'utf8');
      const edited = JSON.parse(before);
      edited.dependencies['is-number'] = '7.0.0';
      writeFileSync(manifest, JSON.stringify(edited));
      const { code, stderr } = await build(dir, `${image}-edited`);
      writeFileSync(manifest, before);
      expect(code).not.toBe(0);
      expect(stderr).toMatch(/npm ci[\s\S]*Missing: is-number@7\.0\.0 from lock file/);
    });

    test('the labels say what /version says', async () => {
      const { Labels } = (await inspect(image)).Config;
      const printed = JSON.parse((await verb('version')).stdout);
      expect(Labels).toMatchObject({
        'org.opencontainers.image.title': 'orders',
        'org.opencontainers.image.revision': revision,
        'org.opencontainers.image.version': printed.version,
        'org.opencontainers.image.source': 'https://example.org/orders',
      });
      const url = await start(`twelve-e2e-${key}-version`, '--publish', '127.0.0.1::8080');
      const { body } = await answers(`${url}/version`);
      expect(JSON.parse(body)).toMatchObject({ name: 'orders', version: printed.version, revision });
    });

    test('read-only root, all capabilities dropped, a numeric user that is not root', async () => {
      const name = `twelve-e2e-${key}-hardened`;
      const url = await start(name, '--publish', '127.0.0.1::8080');
      await answers(`${url}/readyz`);
      expect((await inspect(image)).Config.User).toMatch(/^[1-9]\d*:[1-9]\d*$/);
      const status = await docker('exec', name, 'cat', '/proc/1/status');
      expect(status).toMatch(/^Uid:\t1000\t1000\t1000\t1000$/m);
      expect(status).toMatch(/^CapEff:\t0+$/m);
      expect(status).toMatch(/^CapBnd:\t0+$/m);
      expect((await tryDocker('exec', name, 'touch', '/app/written')).stderr).toMatch(/read-only/i);
    });

    test.each([
      ['without an init', [], /^node\0dist\/main\.js\0web/],
      ['with an init', ['--init'], /docker-init/],
    ])('as PID 1 %s, docker stop exits 0', async (how, options, first) => {
      const name = `twelve-e2e-${key}-${how.replaceAll(' ', '-')}`;
      const url = await start(name, '--publish', '127.0.0.1::8080', ...options);
      await answers(`${url}/readyz`);
      expect(await docker('exec', name, 'cat', '/proc/1/cmdline')).toMatch(first);
      const before = Date.now();
      await docker('stop', name);
      expect((await inspect(name)).State.ExitCode).toBe(0);
      expect(Date.now() - before).toBeLessThan(9000);
    });

    test.each([
      ['PORT', ['--env', 'PORT=3456'], 3456],
      ['PORT_FILE', ['--env', 'PORT_FILE=/run/port'], 4567],
    ])('HEALTHCHECK turns healthy where %s says, and fails where nothing listens', async (how, options, port) => {
      const name = `twelve-e2e-${key}-${how.toLowerCase()}`;
      const file = join(work.folder, `port-${key}`);
      writeFileSync(file, `${port}\n`, { mode: 0o644 });
      const mount = ['--volume', `${file}:/run/port:ro`];
      const before = Date.now();
      const url = await start(name, '--publish', `127.0.0.1::${port}`, ...mount, ...options);
      await healthOf(name, 'healthy');
      console.info(`${key}: healthy ${Date.now() - before} ms after docker run`);
      await answers(`${url}/livez`);
      const { Test } = (await inspect(name)).Config.Healthcheck;
      const alone = ['run', '--rm', ...mount, ...options, '--entrypoint', '/bin/sh', image];
      expect((await tryDocker(...alone, '-c', '/bin/sh -c "$0"; [ $? -eq 1 ]', Test[1])).code).toBe(0);
    });

    if (database === 'postgres') {
      test('docker run IMAGE migrate, and migrate --status', async () => {
        const pending = await verb('migrate', '--status');
        expect(pending.code).toBe(3);
        expect((await verb('migrate')).code).toBe(0);
        expect((await verb('migrate', '--status')).code).toBe(0);
        expect((await verb('migrate', '--down')).code).toBe(0);
        expect((await verb('migrate', '--status')).code).toBe(3);
        expect((await verb('migrate')).code).toBe(0);
      });
    } else {
      test('there is no migration to run and no folder for one', async () => {
        expect((await tryDocker('run', '--rm', '--entrypoint', 'ls', image, 'migrations')).code).not.toBe(0);
      });
    }

    test('holds no package manager, no compiler and no development dependency', async () => {
      const tools = 'npm npx yarn yarnpkg pnpm corepack tsc gcc cc c++ make python3 curl bash git';
      const look = ['run', '--rm', '--entrypoint', '/bin/sh', image, '-c'];
      const found = await docker(...look, `for tool in ${tools}; do command -v $tool; done; true`);
      expect(found).toBe('');
      const bundled = await docker(...look, 'cat dist/licenses.txt');
      const { dependencies, devDependencies } = JSON.parse(readFileSync(join(dir, 'package.json'), 'utf8'));
      const named = (name: string) => new RegExp(`^# ${name} \\d`, 'm').test(bundled);
      expect(Object.keys(dependencies)).toContain('fastify');
      expect(Object.keys(dependencies).filter((name) => !named(name))).toEqual([]);
      expect(Object.keys(devDependencies).filter(named)).toEqual([]);
      expect(await docker(...look, 'find dist -name "*test*"')).toBe('');
      expect(await docker(...look, 'ls -A')).toBe(
        ['dist', ...(database === 'postgres' ? ['migrations'] : []), 'package.json'].join('\n'),
      );
    });
  });

  describe('once, with database none, cache none', () => {
    const dir = join(work.folder, 'once');
    const image = 'twelve-e2e-dockerfile:once';

    beforeAll(async () => {
      await makeService('orders', dir, { database: 'none', cache: 'none' });
      await mustBuild(dir, leftovers.image(image));
    }, BUILD_MS);

    test('HEALTHCHECK turns unhealthy when the service hangs', async () => {
      const name = leftovers.container('twelve-e2e-hangs');
      await docker('run', '--detach', '--name', name, '--health-interval', '1s', image);
      await healthOf(name, 'healthy');
      await docker('kill', '--signal', 'STOP', name);
      await healthOf(name, 'unhealthy');
    });

    const umasks = [
      ['077', 'u=rwX,go='],
      ['000', 'a=rwX'],
    ] as const;
    test.each(rowsOf(umasks, 'umasks of a checkout', 2))(
      'the umask %s of a checkout does not matter',
      { timeout: 2 * BUILD_MS },
      async (umask, mode) => {
        const copy = join(work.folder, `umask-${umask}`);
        await makeService('orders', copy, { database: 'postgres', cache: 'none' });
        await must('chmod', ['-R', mode, copy]);
        const tag = leftovers.image(`twelve-e2e-dockerfile:umask-${umask}`);
        await mustBuild(copy, tag);
        const look = ['run', '--rm', '--entrypoint', '/bin/sh', tag, '-c'];
        expect(
          await docker(...look, 'cat package.json migrations/*.sql >/dev/null && node dist/main.js version'),
        ).toMatch(/"name":"orders"/);
        expect(await docker(...look, 'find /app ! -type l -perm -002')).toBe('');
        await mustBuild(copy, leftovers.image(`${tag}-test`), '--target', 'test');
        const { code, stdout, stderr } = await tryDocker('run', '--rm', '--tmpfs', '/tmp', `${tag}-test`);
        expect(code, stdout + stderr).toBe(0);
      },
    );

    test('secrets of the build are in no layer', { timeout: BUILD_MS }, async () => {
      const npmrc = join(work.folder, 'npmrc');
      writeFileSync(npmrc, '//registry.example.org/:_authToken=e2e-token-of-nobody\n');
      const tag = leftovers.image('twelve-e2e-dockerfile:secret');
      const log = await mustBuild(
        dir,
        tag,
        '--no-cache',
        '--target',
        'dependencies',
        '--secret',
        `id=npmrc,src=${npmrc}`,
      );
      expect(stepOf(log, 'npm ci')).toBe('run');
      const archive = join(work.folder, 'image.tar');
      await docker('save', '--output', archive, tag);
      expect((await run('grep', ['-c', 'npm-shrinkwrap', archive])).code, 'the search finds what is there').toBe(0);
      expect((await run('grep', ['-c', 'e2e-token-of-nobody', archive])).code).toBe(1);
    });

    test('the tests run on the base image and the dependencies of production', { timeout: BUILD_MS }, async () => {
      const tag = leftovers.image('twelve-e2e-dockerfile:test');
      await mustBuild(dir, tag, '--target', 'test');
      const { code, stdout, stderr } = await tryDocker('run', '--rm', '--tmpfs', '/tmp', tag);
      expect(code, stdout + stderr).toBe(0);
      expect(stdout).toMatch(/pass [1-9]/);
    });
  });

  // Whether an image keeps the contract is asked by contract-image. A build takes a minute: one in two commits has one.
  test.for(rowsOf(OTHERS, 'Dockerfiles of other languages', 2 * OTHERS.length))(
    'in $stack: what is locked decides, whatever the umask, and the tests run on the base image',
    { timeout: 3 * BUILD_MS },
    async ({ stack, base, source, installs, builds, manifest, edit, refused, passed }, context) => {
      if ((await tryDocker('image', 'inspect', base())).code !== 0)
        return context.skip(`there is no image ${base()}: see .ci/stand-in-images.sh`);
      const dir = join(work.folder, stack);
      const image = leftovers.image(`twelve-e2e-dockerfile:${stack}`);
      await makeService('orders', dir, { database: 'none', cache: 'none', stack });
      await must('chmod', ['-R', 'u=rwX,go=', dir]);
      const before = Date.now();
      await mustBuild(dir, image, '--no-cache');
      const size = ((await inspect(image)).Size / 1e6).toFixed(1);
      console.info(`${stack}: cold build ${Date.now() - before} ms, ${size} MB`);
      expect((await docker('run', '--rm', ...hardened, image, 'version')).trim()).toMatch(/"name":"orders"/);
      const look = ['run', '--rm', '--entrypoint', '/bin/sh', image, '-c'];
      expect(await docker(...look, 'find /app ! -type l -perm -002')).toBe('');

      appendFileSync(join(dir, source.file), `\n${source.comment} changed ${randomUUID()}\n`);
      const log = await mustBuild(dir, leftovers.image(`${image}-changed`));
      if (installs !== undefined) expect(stepOf(log, installs)).toBe('cached');
      expect(stepOf(log, builds)).toBe('run');

      await mustBuild(dir, leftovers.image(`${image}-test`), '--target', 'test');
      const tests = await tryDocker('run', '--rm', '--tmpfs', '/tmp', `${image}-test`);
      expect(tests.code, tests.stdout + tests.stderr).toBe(0);
      expect(tests.stdout).toMatch(passed);

      const locked = readFileSync(join(dir, manifest), 'utf8');
      writeFileSync(join(dir, manifest), edit(locked));
      const { code, stderr } = await build(dir, `${image}-edited`);
      expect(code).not.toBe(0);
      expect(stderr).toMatch(refused);
    },
  );
});

async function healthOf(name: string, status: string): Promise<void> {
  await eventually(`${name} to be ${status}`, async () => {
    const { Health } = (await inspect(name)).State;
    return Health.Status === status ? true : undefined;
  });
}

/** Whether a step of a plain build log ran or came from the cache; undefined where there is no such step. */
function stepOf(log: string, command: string): 'run' | 'cached' | undefined {
  const heading = log.split('\n').find((line) => /^#\d+ \[/.test(line) && line.includes(command));
  const number = heading?.split(' ')[0];
  if (number === undefined) return undefined;
  return log.includes(`${number} CACHED`) ? 'cached' : 'run';
}
