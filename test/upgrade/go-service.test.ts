import { execFileSync } from 'node:child_process';
import { appendFileSync, existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeFolder, removeFolder, write } from '../support/folder.ts';
import { create, inFolder, preset, readText } from '../support/preset.ts';
import { plainEnvironment, run } from '../support/program.ts';

/** A service in Go that was edited is upgraded to a standard with changes to a file of each kind. */

const OPTIONS = ['--stack', 'go', '--database', 'postgres', '--cache', 'none', '--ci', 'none'];
const MANAGED = 'internal/platform/etag/etag.go';
const SEEDED = 'internal/features/products.go';
const MERGED = 'Makefile';
const SUMS = 'go.sum';
const NEW_SUM = 'example.org/new v1.0.0 h1:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=';
const OUR_SUM = 'example.org/ours v1.0.0 h1:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=';

const parent = makeFolder();
const folder = join(parent, 'orders');
afterAll(() => removeFolder(parent));

function git(...args: string[]): string {
  const who = ['-c', 'user.name=t', '-c', 'user.email=t@example.org'];
  return execFileSync('git', [...who, ...args], { cwd: folder, encoding: 'utf8', env: plainEnvironment() });
}

/** The standard, with these files in its one layer. */
function publish(version: string, files: Record<string, string>): void {
  rmSync(join(parent, 'preset'), { recursive: true, force: true });
  const head = `name: "@acme/standard"\nversion: ${version}`;
  const content = preset('layers: [{ path: files }]', inFolder('files', files), head);
  write(parent, inFolder('preset', content));
}

describe('an upgrade of an edited service in Go', () => {
  let first = '';
  beforeAll(async () => {
    publish('1.0.0', { 'docs/house.md': 'The first rule.\n' });
    const made = await create(OPTIONS, { cwd: parent });
    expect(made.code, made.stderr).toBe(0);
    first = readText(folder, MANAGED);
    const files = [MANAGED, MERGED].map((path) => [path, readText(folder, path)] as const);
    git('init', '--quiet');
    appendFileSync(join(folder, SEEDED), '\n// Ours.\n');
    appendFileSync(join(folder, MERGED), '\n.PHONY: ours\nours:\n\techo ours\n');
    const sums = readText(folder, SUMS).split('\n');
    writeFileSync(join(folder, SUMS), [OUR_SUM, ...sums].join('\n'));
    write(folder, { 'internal/features/ours.go': 'package features\n' });
    git('add', '--all');
    git('commit', '--quiet', '--message', 'ours');
    const changed = files.map(([path, text]) => [
      path,
      text.replace(/^/, `${path === MERGED ? '#' : '//'} The second edition.\n`),
    ]);
    publish('2.0.0', {
      'docs/house.md': 'The second rule.\n',
      ...Object.fromEntries(changed),
      [SUMS]: [NEW_SUM, ...sums].join('\n'),
    });
    const upgraded = await run(['upgrade'], { cwd: folder });
    expect(upgraded.code, upgraded.stdout + upgraded.stderr).toBe(0);
  });

  it('brings what is managed', () => {
    expect(readText(folder, MANAGED)).toBe(`// The second edition.\n${first}`);
    expect(readText(folder, 'docs/house.md')).toBe('The second rule.\n');
  });

  it('leaves features to the team', () => {
    expect(readText(folder, SEEDED)).toMatch(/\n\/\/ Ours\.\n$/);
    expect(existsSync(join(folder, 'internal/features/ours.go'))).toBe(true);
  });

  it('joins what both changed', () => {
    expect(readText(folder, MERGED)).toMatch(/^# The second edition\.\n/);
    expect(readText(folder, MERGED)).toContain('\nours:\n\techo ours\n');
  });

  it('unites the sums of modules', () => {
    const lines = readText(folder, SUMS).split('\n');
    expect(lines).toEqual(expect.arrayContaining([OUR_SUM, NEW_SUM]));
    expect(new Set(lines).size).toBe(lines.length);
  });
});
