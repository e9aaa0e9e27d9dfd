// @module-tag sampled
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { type Contents, filesIn, temporaryFolder, write } from '../support/folder.ts';
import { create, inFolder, preset, readText, smallProgram } from '../support/preset.ts';
import { run } from '../support/program.ts';

/** What presets require of services, and paths of presets with answers in them. */

const { program, remove } = smallProgram();
afterAll(remove);

const named = (name: string, yaml: string, files: Contents = {}, version = '1.0.0') =>
  inFolder(name, preset(yaml, files, `name: ${name}\nversion: ${version}`));

/** A service of `preset`, in a git repository with it. */
async function serviceOf(contents: Contents) {
  const cwd = temporaryFolder(contents);
  const made = await create([], { cwd, program });
  expect(made.code, made.stderr).toBe(0);
  const commit = () =>
    execFileSync('sh', ['-c', 'git add -A && git -c user.name=x -c user.email=x@x commit -qm x'], { cwd });
  execFileSync('git', ['init', '-q'], { cwd });
  commit();
  return { cwd, orders: join(cwd, 'orders'), commit };
}

describe('a policy', () => {
  it('only gets narrower: an image has to be allowed by a preset and by its base', async () => {
    const base = named('base', 'policy: {images: [node, "ghcr.io/acme/**"]}');
    const own = named('preset', 'extends: ../base\npolicy: {images: ["**"]}');
    const { cwd, orders } = await serviceOf({ ...base, ...own });
    write(orders, { Dockerfile: 'FROM python\n' });
    const { stdout } = await run(['audit', 'orders', '--format', 'json'], { cwd, program });
    expect(stdout).toContain('policy/base-image');
    expect(stdout).toContain('allowed are node, ghcr.io/acme/**; and of these only **');
  });

  it('of two presets that allow no image in common is refused, with both: 6', async () => {
    const base = named('base', 'policy: {images: [node]}');
    const own = named('preset', 'extends: ../base\npolicy:\n  images: ["ghcr.io/acme/**"]');
    const { code, stderr } = await create([], { cwd: temporaryFolder({ ...base, ...own }), program });
    expect([code, stderr]).toEqual([
      6,
      expect.stringMatching(/preset preset\.yaml:6: allows no image that base 1\.0\.0 allows too \(node\)/),
    ]);
  });
});

describe('a path with an answer in it', () => {
  const OLD = { 'a/src/__name__.ts': 'one\n', 'a/docs/__name__.md': 'docs\n', 'a/old-__name__.txt': 'old\n' };

  it('is required of each service under its own name', async () => {
    const yaml = 'layers: [{path: a}]\npolicy: {requiredFiles: [docs/__name__.md, "__name__.txt"]}';
    const { cwd } = await serviceOf(named('preset', yaml, { ...OLD, 'a/__name__.txt': 'x' }));
    const { stdout } = await run(['audit', 'orders', '--format', 'json'], { cwd, program });
    expect(stdout).not.toContain('policy/required-file');
  });

  it('is moved and set by a migration', async () => {
    const { cwd, orders, commit } = await serviceOf(
      named('preset', 'layers: [{path: a}]', { ...OLD, 'a/__name__.json': '{"a": 1}\n' }),
    );
    write(orders, { 'src/orders.ts': 'one\nmine\n', 'orders.json': '{"a": 1, "mine": 2}\n' });
    write(
      cwd,
      named(
        'preset',
        `layers: [{path: b}]
migrations:
  - version: 2.0.0
    move: {src/__name__.ts: lib/__name__.ts}
    set: [{file: __name__.json, key: [a], value: 3}]`,
        { 'b/lib/__name__.ts': 'one\n', 'b/__name__.json': '{"a": 1}\n' },
        '2.0.0',
      ),
    );
    commit();
    const { code, stderr } = await run(['upgrade', '--dir', 'orders'], { cwd, program });
    expect(code, stderr).toBe(0);
    expect(readText(orders, 'lib/orders.ts')).toBe('one\nmine\n');
    expect(filesIn(orders)).not.toContain('src/orders.ts');
    expect(JSON.parse(readText(orders, 'orders.json'))).toEqual({ a: 3, mine: 2 });
  });
});
