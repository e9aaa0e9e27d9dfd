import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type Registry, serveTarballs } from '../../bench/registry.ts';

let folder: string;
let registry: Registry;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'bench-test-'));
  mkdirSync(join(folder, 'package'));
  writeFileSync(
    join(folder, 'package/package.json'),
    JSON.stringify({ name: '@acme/tool', version: '1.2.3', bin: 'x' }),
  );
  execFileSync('tar', ['-czf', join(folder, 'acme-tool-1.2.3.tgz'), '-C', folder, 'package']);
  registry = await serveTarballs([join(folder, 'acme-tool-1.2.3.tgz')]);
});
afterEach(() => {
  registry.close();
  rmSync(folder, { recursive: true, force: true });
});

it('answers for a package with its manifest, and with a tarball of the integrity it names', async () => {
  const packument = (await (await fetch(`${registry.url}@acme%2ftool`)).json()) as {
    'dist-tags': { latest: string };
    versions: Record<string, { bin: string; dist: { tarball: string; integrity: string } }>;
  };
  expect(packument['dist-tags'].latest).toBe('1.2.3');
  const version = packument.versions['1.2.3'];
  expect(version?.bin).toBe('x');
  const bytes = Buffer.from(await (await fetch(version?.dist.tarball ?? '')).arrayBuffer());
  expect(bytes.equals(readFileSync(join(folder, 'acme-tool-1.2.3.tgz')))).toBe(true);
  expect(version?.dist.integrity).toBe(`sha512-${createHash('sha512').update(bytes).digest('base64')}`);
});

it('listens on this machine alone, and knows nothing else', async () => {
  expect(new URL(registry.url).hostname).toBe('127.0.0.1');
  expect((await fetch(`${registry.url}other`)).status).toBe(404);
});
