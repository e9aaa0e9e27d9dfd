import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Project } from './support/compose.ts';
import {
  baseImages,
  describeWithEngine,
  docker,
  goImage,
  inspect,
  Leftovers,
  mustBuild,
  pythonImage,
  tryDocker,
  whenNobodyBuilds,
} from './support/docker.ts';
import { answers } from './support/http.ts';
import { rowsOf } from './support/rows.ts';
import { eventually, must, run } from './support/run.ts';
import { makeService, products, workFolder } from './support/service.ts';

const BUILD_MS = 240_000;
const work = workFolder();
const leftovers = new Leftovers();
const projects: Project[] = [];

/** What is of a language: the base of its image, the end of its first process, and what its tests say when they pass. */
const OTHER_STACKS = [
  { stack: 'go', base: goImage, kill: 'kill -9 $(pidof service)', passed: /^ok\s+service\b/m },
  { stack: 'python', base: pythonImage, kill: 'kill -9 $(pidof python)', passed: /\b[1-9]\d* passed\b/ },
] as const;

function project(...args: ConstructorParameters<typeof Project>): Project {
  const made = new Project(...args);
  projects.push(made);
  return made;
}

/** Makes a service and fills the layer cache: compose builds without the secrets that this machine may need. */
async function service(name: string, dir: string, database: 'postgres' | 'none', cache: 'redis' | 'none', port = 8080) {
  await makeService(name, dir, { database, cache, port });
  await mustBuild(dir, leftovers.image(`${name}:e2e`));
  return dir;
}

describeWithEngine('compose', () => {
  afterAll(async () => {
    for (const each of projects) await each.down();
    await leftovers.remove();
    work.remove();
  });

  describe('alone, in the folder of the service', () => {
    let dir: string;
    let alone: Project;

    beforeAll(async () => {
      dir = await service('orders', join(work.folder, 'alone'), 'postgres', 'redis');
      alone = project('twelve-e2e-alone', {
        cwd: dir,
        files: ['docker-compose.orders.yaml'],
        env: { ORDERS_TAG: 'e2e' },
      });
    }, BUILD_MS);

    test('up --wait builds, migrates, and then starts web', { timeout: BUILD_MS }, async () => {
      await alone.buildAndStart();
      const migrate = await alone.container('orders-migrate');
      const web = await alone.container('orders');
      const { ExitCode, FinishedAt } = (await inspect(migrate)).State;
      expect(ExitCode).toBe(0);
      const { StartedAt, Health } = (await inspect(web)).State;
      expect(Health.Status).toBe('healthy');
      expect(Date.parse(FinishedAt)).toBeLessThanOrEqual(Date.parse(StartedAt));
      for (const backing of ['orders-postgres', 'orders-redis']) {
        const id = await alone.container(backing);
        expect((await inspect(id)).State.Health.Status, backing).toBe('healthy');
      }
    });

    test('web is confined: read-only root and tmpfs, no capability, no new privilege, init, limits, a log of a bounded size', async () => {
      const web = await alone.container('orders');
      const { HostConfig } = await inspect(web);
      expect(HostConfig).toMatchObject({
        ReadonlyRootfs: true,
        CapDrop: ['ALL'],
        SecurityOpt: ['no-new-privileges:true'],
        Init: true,
        RestartPolicy: { Name: 'unless-stopped' },
        LogConfig: { Type: 'json-file', Config: { 'max-size': '10m', 'max-file': '3' } },
        Memory: 512 * 1024 * 1024,
        NanoCpus: 1e9,
        PidsLimit: 128,
      });
      expect(Object.keys(HostConfig.Tmpfs)).toEqual(['/tmp']);
    });

    test.each(['orders-postgres', 'orders-redis'])(
      '%s runs without a capability, and its log is bounded',
      async (name) => {
        const id = await alone.container(name);
        expect((await inspect(id)).HostConfig).toMatchObject({
          CapDrop: ['ALL'],
          CapAdd: null,
          SecurityOpt: ['no-new-privileges:true'],
          RestartPolicy: { Name: 'unless-stopped' },
          LogConfig: { Type: 'json-file', Config: { 'max-size': '10m', 'max-file': '3' } },
        });
        const status = await docker('exec', id, 'cat', '/proc/1/status');
        expect(status).toMatch(/^Uid:\t[1-9]/m);
        expect(status).toMatch(/^CapEff:\t0+$/m);
      },
    );

    test('scales to 3: each replica has a port of its own, and what one wrote another reads', async () => {
      await alone.must('up', '--wait', '--scale', 'orders=3', '--no-recreate');
      const addresses = await alone.addresses('orders');
      expect(new Set(addresses).size).toBe(3);
      for (const address of addresses) expect(address).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
      for (const address of addresses) await answers(`${address}/readyz`);
      const created = await fetch(`${addresses[0]}/products`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ sku: 'E2E-1', name: 'Kettle', priceCents: 4900 }),
      });
      expect(created.status).toBe(201);
      for (const address of addresses) {
        const { body } = await answers(`${address}${created.headers.get('location')}`);
        expect(JSON.parse(body)).toMatchObject({ sku: 'E2E-1', name: 'Kettle' });
      }
    });

    test('a cache that is down stops neither web nor a start of it', async () => {
      const [address] = await alone.addresses('orders');
      await alone.must('stop', 'orders-redis');
      await answers(`${address}/readyz`);
      await answers(`${address}/products`);
      const web = await alone.container('orders');
      await docker('restart', web);
      const again = `http://${(await docker('port', web)).split(' -> ')[1]}`;
      await answers(`${again}/readyz`);
    });

    test('a crash is restarted, a stop is not', async () => {
      const web = await alone.container('orders');
      const before = (await inspect(web)).State.StartedAt;
      await docker('exec', web, 'sh', '-c', 'kill -9 $(pidof node)');
      await eventually('a restart', async () => {
        const { RestartCount, State } = await inspect(web);
        const again = RestartCount === 1 && State.StartedAt !== before && State.Health.Status === 'healthy';
        return again ? true : undefined;
      });
      await docker('stop', web);
      expect((await inspect(web)).State).toMatchObject({ Running: false, ExitCode: 0 });
    });

    test('the tools profile stays down until it is named; its tests run on the PostgreSQL of this file', {
      timeout: BUILD_MS,
    }, async () => {
      expect(await alone.containers('orders-test')).toEqual([]);
      await alone.must('start', 'orders-redis');
      await mustBuild(dir, leftovers.image('orders:test'), '--target', 'test');
      const { code, stdout, stderr } = await alone.run('run', '--rm', 'orders-test');
      expect(code, stdout + stderr).toBe(0);
      expect(stdout).toMatch(/pass [1-9]/);
      const psql = await alone.must('run', '--rm', '--no-TTY', 'orders-psql', '-Atc', 'SELECT count(*) FROM products');
      expect(psql).toBe('1');
    });

    test('a backup restores what was lost since, and a torn one changes nothing', async () => {
      const sql = (text: string) => alone.must('run', '--rm', '--no-TTY', 'orders-psql', '-Atc', text);
      const restore = (dump: string) =>
        run('sh', ['-c', `docker compose -f docker-compose.orders.yaml run --rm --no-TTY orders-restore <${dump}`], {
          ...alone.options,
          cwd: dir,
        });
      const before = await sql('SELECT * FROM products');
      expect(before).toContain('E2E-1');
      const backup = 'docker compose -f docker-compose.orders.yaml run --rm --no-TTY orders-backup >orders.dump';
      await must('sh', ['-c', `${backup} && head -c 2000 orders.dump >torn.dump`], alone.options);
      await sql("UPDATE products SET name = 'changed'");
      expect((await restore('torn.dump')).code).not.toBe(0);
      expect(await sql('SELECT DISTINCT name FROM products')).toBe('changed');
      const { code, stderr } = await restore('orders.dump');
      expect(code, stderr).toBe(0);
      expect(await sql('SELECT * FROM products')).toBe(before);
    });

    test('the content of NPMRC is a secret of the build', { timeout: BUILD_MS }, async () => {
      const options = { ...alone.options, env: { ...alone.options.env, NPMRC: 'global=true' } };
      const args = ['compose', '-f', 'docker-compose.orders.yaml', 'build', '--no-cache', 'orders'];
      const { code, stdout, stderr } = await run(...whenNobodyBuilds(args), options);
      expect(code).not.toBe(0);
      expect(stdout + stderr).toContain('does not work for global packages');
    });

    test('watch rebuilds web when its source changes', { timeout: BUILD_MS }, async () => {
      await alone.must('up', '--wait', '--no-recreate', '--scale', 'orders=1');
      const before = await alone.container('orders');
      const watch = spawn('docker', ['compose', '-f', 'docker-compose.orders.yaml', 'watch', '--no-up', 'orders'], {
        cwd: dir,
        env: { ...process.env, ...alone.options.env },
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      const said: string[] = [];
      for (const stream of [watch.stdout, watch.stderr]) stream.on('data', (chunk) => said.push(String(chunk)));
      try {
        await eventually('watch to start', async () => {
          if (watch.exitCode !== null) throw new Error(`watch ended with ${watch.exitCode}: ${said.join('')}`);
          return /watch/i.test(said.join('')) ? true : undefined;
        });
        appendFileSync(join(dir, 'src/main.ts'), '\n// changed while it is watched\n');
        await eventually(
          'another, healthy container',
          async () => {
            const [now, ...others] = await alone.containers('orders');
            if (now === undefined || now === before || others.length > 0) return undefined;
            const { stdout } = await tryDocker('inspect', '--format', '{{.State.Health.Status}}', now);
            return stdout.trim() === 'healthy' ? true : undefined;
          },
          { timeout: 120_000, every: 500 },
        );
      } finally {
        watch.kill('SIGINT');
        if (watch.exitCode === null && watch.signalCode === null) await once(watch, 'exit');
      }
      const [address] = await alone.addresses('orders');
      await answers(`${address}/livez`);
    });
  });

  // The file is the same. The image is another, and takes a minute: one in two commits has one.
  describe.each(rowsOf(OTHER_STACKS, 'services in other languages with compose', 2 * OTHER_STACKS.length))(
    'in $stack',
    ({ stack, base, kill, passed }) => {
      const dir = join(work.folder, stack);
      const other = project(`twelve-e2e-${stack}`, {
        cwd: dir,
        files: ['docker-compose.orders.yaml'],
        env: { ORDERS_TAG: `e2e-${stack}` },
      });

      test('up --wait migrates and serves, a killed process comes back, a stop ends with 0, and its tests pass', {
        timeout: 3 * BUILD_MS,
      }, async (context) => {
        if ((await tryDocker('image', 'inspect', base())).code !== 0)
          return context.skip(`there is no image ${base()}: see .ci/stand-in-images.sh`);
        await makeService('orders', dir, { database: 'postgres', cache: 'redis', stack });
        await mustBuild(dir, leftovers.image(`orders:e2e-${stack}`));
        await other.buildAndStart();
        expect((await inspect(await other.container('orders-migrate'))).State.ExitCode).toBe(0);
        const web = await other.container('orders');
        const { State } = await inspect(web);
        expect(State.Health.Status).toBe('healthy');
        const [address] = await other.addresses('orders');
        const created = await fetch(`${address}/products`, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ sku: 'E2E-1', name: 'Kettle', priceCents: 4900 }),
        });
        expect(created.status).toBe(201);
        await docker('exec', web, 'sh', '-c', kill);
        await eventually('a restart', async () => {
          const { RestartCount, State: now } = await inspect(web);
          return RestartCount === 1 && now.StartedAt !== State.StartedAt && now.Health.Status === 'healthy'
            ? true
            : undefined;
        });
        const [again] = await other.addresses('orders');
        expect(JSON.parse((await answers(`${again}${created.headers.get('location')}`)).body).sku).toBe('E2E-1');
        await docker('stop', web);
        expect((await inspect(web)).State).toMatchObject({ Running: false, ExitCode: 0 });
        await mustBuild(dir, leftovers.image('orders:test'), '--target', 'test');
        const { code, stdout, stderr } = await other.run('run', '--rm', 'orders-test');
        expect(code, stdout + stderr).toBe(0);
        expect(stdout).toMatch(passed);
        await other.down();
      });
    },
  );

  describe('a failing migrate', () => {
    test('blocks web, and up fails', { timeout: BUILD_MS }, async () => {
      const dir = join(work.folder, 'failing');
      await makeService('orders', dir, { database: 'postgres', cache: 'none' });
      writeFileSync(
        join(dir, 'migrations/9999_broken.up.sql'),
        'CREATE TABLE half (id int);\nSELECT no_such_column;\n',
      );
      writeFileSync(join(dir, 'migrations/9999_broken.down.sql'), 'DROP TABLE half;\n');
      await mustBuild(dir, leftovers.image('orders:e2e-failing'));
      const failing = project('twelve-e2e-failing', {
        cwd: dir,
        files: ['docker-compose.orders.yaml'],
        env: { ORDERS_TAG: 'e2e-failing' },
      });
      const { code, stderr } = await failing.run('up', '--wait');
      expect(code).not.toBe(0);
      expect(stderr).toMatch(/service "orders-migrate" didn't complete successfully: exit 1/);
      const web = await failing.container('orders');
      expect((await inspect(web)).State.Status).toBe('created');
    });
  });

  describe('from a workspace root', () => {
    const orders = 'orders/docker-compose.orders.yaml';
    const billing = 'billing/docker-compose.billing.yaml';
    const workspace = join(work.folder, 'workspace');
    const included = join(work.folder, 'included');
    const probe = { image: baseImages().node, command: ['sleep', 'infinity'], init: true };
    const env = { ORDERS_TAG: 'e2e', BILLING_TAG: 'e2e' };

    beforeAll(async () => {
      for (const root of [workspace, included]) {
        mkdirSync(root);
        await service('orders', join(root, 'orders'), 'postgres', 'redis');
        await service('billing', join(root, 'billing'), 'none', 'none', 9090);
      }
      writeFileSync(join(workspace, 'docker-compose.yaml'), JSON.stringify({ services: { probe } }));
      // biome-ignore lint/suspicious/noTemplateCurlyInString: compose's interpolation
      writeFileSync(join(workspace, '.env'), 'ORDERS_DIR=${PWD}/orders\nBILLING_DIR=${PWD}/billing\n');
      writeFileSync(
        join(included, 'docker-compose.yaml'),
        JSON.stringify({ include: [orders, billing], services: { probe } }),
      );
    }, BUILD_MS);

    /** Both services answer from a third container by their names: they share a network. */
    async function areNeighbours(both: Project): Promise<void> {
      for (const url of ['http://orders:8080/version', 'http://billing:9090/version']) {
        const version = await both.must('exec', '--no-TTY', 'probe', 'wget', '-q', '-O', '-', url);
        expect(JSON.parse(version).name).toBe(new URL(url).hostname);
      }
      const networks = await docker(
        'network',
        'ls',
        '--quiet',
        '--filter',
        `label=com.docker.compose.network=default`,
        '--filter',
        `label=com.docker.compose.project=${both.options.env?.COMPOSE_PROJECT_NAME}`,
      );
      expect(networks.split('\n')).toHaveLength(1);
    }

    async function hasOwnPaths(both: Project, root: string): Promise<void> {
      const { services } = await both.config();
      for (const name of ['orders', 'billing']) {
        expect(services[name].build.context).toBe(join(root, name));
        expect(services[`${name}-test`].build.context).toBe(join(root, name));
        for (const { path } of services[name].develop.watch) expect(path).toMatch(new RegExp(`^${join(root, name)}/`));
      }
      expect(services['orders-migrate'].build.context).toBe(join(root, 'orders'));
    }

    test('-f -f: two services side by side share one network', { timeout: BUILD_MS }, async () => {
      const files = ['docker-compose.yaml', orders, billing];
      const both = project('twelve-e2e-side-by-side', { cwd: workspace, files, env });
      await hasOwnPaths(both, workspace);
      await both.buildAndStart();
      await areNeighbours(both);
      await both.down();
    });

    test.for(['docker-compose.yaml', billing])(
      '-f %s -f of a service whose folder is not said builds nothing',
      async (first) => {
        const lost = project('twelve-e2e-lost', { cwd: workspace, files: [first, orders], env: { ORDERS_DIR: '' } });
        const { code, stderr } = await lost.run('build', 'orders');
        expect(code).not.toBe(0);
        expect(stderr).toContain('docker-compose.orders.yaml: no such file');
      },
    );

    test('include: two services side by side share one network', { timeout: BUILD_MS }, async () => {
      const both = project('twelve-e2e-include', { cwd: included, env });
      await hasOwnPaths(both, included);
      await both.buildAndStart();
      await areNeighbours(both);
      await both.down();
    });

    test('include works with the .env that -f -f needs', async () => {
      writeFileSync(join(included, '.env'), readFileSync(join(workspace, '.env')));
      await hasOwnPaths(project('twelve-e2e-include', { cwd: included, env }), included);
    });
  });

  describe.each(products)('the fragment with %s', (title, { database, cache }) => {
    test('names no service, volume or variable of an option that was not chosen', async () => {
      const dir = join(work.folder, title.replaceAll(/\W+/g, '-'));
      await makeService('orders', dir, { database, cache });
      const { services, volumes } = await project('twelve-e2e-config', {
        cwd: dir,
        files: ['docker-compose.orders.yaml'],
      }).config();
      const expected = ['orders', 'orders-test'];
      if (database === 'postgres')
        expected.push('orders-migrate', 'orders-postgres', 'orders-psql', 'orders-backup', 'orders-restore');
      if (cache === 'redis') expected.push('orders-redis');
      expect(Object.keys(services).sort()).toEqual(expected.sort());
      expect(Object.keys(volumes ?? {})).toEqual(database === 'postgres' ? ['orders-postgres'] : []);
      const text = readFileSync(join(dir, 'docker-compose.orders.yaml'), 'utf8');
      expect(/postgres|DATABASE|migrat|psql/i.test(text)).toBe(database === 'postgres');
      expect(/redis|cache/i.test(text)).toBe(cache === 'redis');
      for (const each of Object.values<{ container_name?: string }>(services))
        expect(each.container_name).toBeUndefined();
      expect(services.orders.deploy.update_config).toMatchObject({ parallelism: 1, order: 'start-first' });
    });
  });
});
