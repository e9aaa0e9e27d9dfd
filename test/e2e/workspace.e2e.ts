import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { linter } from './support/linters.ts';
import { must, run } from './support/run.ts';
import { bin, commit, workFolder } from './support/service.ts';

/** A workspace with a service in each language, as its owner's tools see it. What the gateway does is in gateway.e2e.ts. */

const work = workFolder();
afterAll(work.remove);
const shop = join(work.folder, 'shop');
const workflows = join(shop, '.github/workflows');

const FILES = ['orders', 'billing', 'mail'].map((name) => `${name}/docker-compose.${name}.yaml`);

beforeAll(async () => {
  const create = (...args: string[]) =>
    must(process.execPath, [bin, ...args, '--yes'], { cwd: args[0] === 'workspace' ? work.folder : shop });
  await create('workspace', 'shop', '--no-git');
  await create('orders', '--cache', 'redis', '--no-install');
  await create('billing', '--stack', 'go', '--database', 'none', '--no-install');
  await create('mail', '--stack', 'python', '--registry', 'registry.shop.example/shop', '--no-install');
  await commit(shop);
});

describe('the pipelines in the root', () => {
  test('are clean under actionlint, shellcheck and the published schema', async () => {
    const actionlint = await linter('actionlint');
    const { code, stdout } = await run(actionlint, ['-no-color', '-shellcheck', await linter('shellcheck')], {
      cwd: shop,
    });
    expect([code, stdout]).toEqual([0, '']);
    const names = readdirSync(workflows);
    expect(names.sort()).toEqual(['billing.yml', 'mail.yml', 'orders.yml', 'workspace.yml']);
    for (const name of names) {
      const schema = ['--builtin-schema', 'vendor.github-workflows', join(workflows, name)];
      const result = await run(await linter('check-jsonschema'), schema);
      expect(result.code, result.stdout).toBe(0);
    }
  });

  test('are clean under zizmor', async () => {
    const options = ['--offline', '--no-progress', '--color', 'never', '.github'];
    const { code, stdout, stderr } = await run(await linter('zizmor'), options, { cwd: shop });
    expect(code, stdout + stderr).toBe(0);
  });
});

describe('the compose files', () => {
  test('are valid by the published schema', async () => {
    for (const file of ['docker-compose.yaml', 'services.yaml']) {
      const schema = ['--builtin-schema', 'vendor.compose-spec', join(shop, file)];
      const result = await run(await linter('check-jsonschema'), schema);
      expect(result.code, result.stdout).toBe(0);
    }
  });

  test('are one project, included or side by side, and each service is built in its own folder', async ({ skip }) => {
    const compose = async (...args: string[]) => run('docker', ['compose', ...args], { cwd: shop });
    const version = await compose('version', '--short').catch(() => undefined);
    if (version?.code !== 0 || version.stdout.startsWith('1.')) {
      console.log('skipped: docker compose is not here: see .ci/system-packages.sh');
      return skip('docker compose is not here');
    }
    const sideBySide = ['docker-compose.yaml', ...FILES].flatMap((file) => ['-f', file]);
    const forms = [
      await compose('config', '--format', 'json'),
      await compose(...sideBySide, 'config', '--format', 'json'),
    ];
    const [included, named] = forms.map(({ code, stdout, stderr }) => {
      expect(code, stderr).toBe(0);
      return JSON.parse(stdout);
    });
    expect(Object.keys(named.services).sort()).toEqual(Object.keys(included.services).sort());
    for (const { services } of [included, named]) {
      for (const name of ['orders', 'billing', 'mail']) {
        expect(services[name].build.context).toBe(join(shop, name));
        expect(services[name].environment.TRUSTED_PROXIES).toBe('1');
        expect(Object.keys(services[name].networks)).toEqual(Object.keys(services.gateway.networks));
      }
      expect(services.gateway).toMatchObject({ user: '101:101', read_only: true, cap_drop: ['ALL'] });
    }
  });
});
