import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { STACKS } from '../../stacks/index.ts';
import { linter } from './support/linters.ts';
import { run } from './support/run.ts';
import { makeService, products, workFolder } from './support/service.ts';

const work = workFolder();
afterAll(work.remove);

const cases = STACKS.flatMap(({ id, title }) =>
  products.map(([what, product]) => [`${title}, ${what}`, { ...product, stack: id }] as const),
);

describe.each(cases)('container files with %s', (_title, options) => {
  const dir = join(work.folder, `${options.stack}-${options.database}-${options.cache}`);

  beforeAll(() => makeService('orders', dir, options));

  test('the Dockerfile is clean under hadolint, and each rule that is ignored says why', async () => {
    const hadolint = await linter('hadolint');
    const { code, stdout } = await run(hadolint, ['--no-color', join(dir, 'Dockerfile')]);
    expect(stdout).toBe('');
    expect(code).toBe(0);
    const dockerfile = readFileSync(join(dir, 'Dockerfile'), 'utf8');
    const ignored = [...dockerfile.matchAll(/hadolint ignore=(\S+)/g)].flatMap(([, rules]) => rules?.split(',') ?? []);
    const strict = await run(hadolint, ['-'], { input: dockerfile.replaceAll(/^# hadolint.*$/gm, '') });
    expect([...new Set(strict.stdout.match(/(?:DL|SC)\d+/g))].sort()).toEqual(ignored.sort());
    for (const rule of ignored) expect(dockerfile).toMatch(new RegExp(`^# .*${rule} \\w+`, 'm'));
  });

  test('the rolling restart is clean under shellcheck', async () => {
    const { code, stdout } = await run(await linter('shellcheck'), [join(dir, 'scripts/rolling-restart.sh')]);
    expect(stdout).toBe('');
    expect(code).toBe(0);
  });

  test('the compose fragment is valid by the published schema', async () => {
    const schema = ['--builtin-schema', 'vendor.compose-spec'];
    const { code, stdout } = await run(await linter('check-jsonschema'), [
      ...schema,
      join(dir, 'docker-compose.orders.yaml'),
    ]);
    expect(code, stdout).toBe(0);
  });
});
