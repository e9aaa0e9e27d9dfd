// @module-tag sampled
import { cpSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeFolder, removeFolder, snapshot, temporaryFolder, write } from '../support/folder.ts';
import { create, inFolder, manifestOf, preset, readText, smallProgram } from '../support/preset.ts';
import { FILES_ONLY, plainEnvironment, programWith, run } from '../support/program.ts';

/** `explain FILE`: the origin of each part of a file. */

const { program, remove } = smallProgram();
const home = makeFolder();
afterAll(() => {
  remove();
  removeFolder(home);
});

beforeAll(async () => {
  const files = {
    'layers/base/README.md.hbs': '# ours\n{{name}}\n',
    'layers/base/package.json': '{ "author": "acme", "dependencies": { "a": "1", "b": "2" } }',
    'layers/base/ci.yml': 'jobs:\n  scan:\n    run: scan\n',
    'blocks/runtime.hbs': 'USER {{name}}\nENV A=1\n',
  };
  write(home, inFolder('preset', preset('layers: [{path: layers/base}]', files)));
  const { code, stderr } = await create([], { cwd: home, program });
  expect(code, stderr).toBe(0);
});

/** A copy of the service and its preset, with changes of a person. */
async function explained(file: string, change: (orders: string) => void = () => undefined, args: string[] = []) {
  const cwd = temporaryFolder();
  cpSync(home, cwd, { recursive: true });
  const orders = join(cwd, 'orders');
  change(orders);
  const before = snapshot(cwd);
  const result = await run(['explain', file, '--format', 'json', ...args], { cwd: orders, program });
  expect(snapshot(cwd)).toEqual(before);
  return { ...result, report: result.stdout ? JSON.parse(result.stdout) : undefined };
}

interface Part {
  readonly from: number;
  readonly to: number;
  readonly origin: { readonly source: string; readonly from: string };
}
const parts = (lines: Part[]) => lines.map(({ from, to, origin }) => `${from}-${to} ${origin.source} (${origin.from})`);
const append = (file: string, text: string) => (orders: string) =>
  writeFileSync(join(orders, file), readText(orders, file) + text);

const DOCKERFILE = [
  '1-1 base/Dockerfile.hbs (create-twelve-service 0.0.1)',
  '2-3 blocks/runtime.hbs (@acme/standard 1.0.0)',
  '4-4 base/Dockerfile.hbs (create-twelve-service 0.0.1)',
];

describe('explain', () => {
  it('shows who filled a block', async () => {
    const { code, report } = await explained('Dockerfile');
    expect(code).toBe(0);
    expect(report).toMatchObject({ ok: true, path: 'Dockerfile', owner: 'managed', state: 'as generated' });
    expect(parts(report.lines)).toEqual(DOCKERFILE);
  });

  it('shows whose text replaced a file', async () => {
    const { report } = await explained('README.md');
    expect(report).toMatchObject({ owner: 'merged', state: 'as generated' });
    expect(parts(report.lines)).toEqual(['1-2 layers/base/README.md.hbs (@acme/standard 1.0.0)']);
  });

  it.each([
    ['package.json', { name: 'base', author: 'layers', 'dependencies.a': 'layers', 'dependencies.b': 'layers' }],
    ['ci.yml', { on: 'base', 'jobs.test': 'base', 'jobs.scan': 'layers' }],
  ])('shows who set each key of %s', async (file, expected) => {
    const { report } = await explained(file);
    const keys = Object.fromEntries(
      report.keys.map(({ key, origin }: { key: string; origin: Part['origin'] }) => [key, origin.source.split('/')[0]]),
    );
    const whole = Object.fromEntries(Object.entries(expected).filter(([key]) => !key.startsWith('dependencies.')));
    expect(keys).toMatchObject(whole);
    if ('dependencies.a' in expected) expect(keys.dependencies).toBe('layers');
    expect([report.state, report.lines]).toEqual(['as generated', []]);
  });

  it('shows who filled a block of a file that several layers merge by key', async () => {
    const text =
      'on: push\njobs:\n  test:\n    image: x\n    steps:\n      - run: a\n{{#> steps}}\n{{/steps}}\n      - run: b\n';
    const small = programWith({ files: { 'base/ci.yml.hbs': text } });
    const cwd = temporaryFolder();
    const base = preset('', { 'blocks/steps.hbs': '      - run: base\n' }, 'name: base\nversion: 3.0.0');
    const child = {
      'blocks/steps.hbs': '      - run: scan\n        with: y\n      - run: more\n',
      'layers/x/ci.yml': 'jobs:\n  scan: { image: z }\n',
    };
    write(cwd, {
      ...inFolder('base', base),
      ...inFolder('preset', preset('extends: ../base\nlayers: [{path: layers/x}]', child)),
    });
    try {
      expect((await create([], { cwd, program: small.program })).code).toBe(0);
      const { stdout } = await run(['explain', 'ci.yml', '--format', 'json'], {
        cwd: join(cwd, 'orders'),
        program: small.program,
      });
      const { keys, state } = JSON.parse(stdout) as { keys: { key: string; origin: Part['origin'] }[]; state: string };
      expect(state).toBe('as generated');
      expect(keys.map(({ key, origin }) => `${key} ${origin.source} (${origin.from})`)).toEqual([
        'on base/ci.yml.hbs (create-twelve-service 0.0.1)',
        'jobs.test.image base/ci.yml.hbs (create-twelve-service 0.0.1)',
        'jobs.test.steps base/ci.yml.hbs (create-twelve-service 0.0.1)',
        'jobs.test.steps.1 blocks/steps.hbs (@acme/standard 1.0.0)',
        'jobs.test.steps.2 blocks/steps.hbs (@acme/standard 1.0.0)',
        'jobs.scan layers/x/ci.yml (@acme/standard 1.0.0)',
      ]);
    } finally {
      small.remove();
    }
  });

  it('shows which lines the team wrote', async () => {
    const { report } = await explained('Dockerfile', append('Dockerfile', 'LABEL x=y\n'));
    expect(report.state).toBe('edited');
    expect(parts(report.lines)).toEqual([...DOCKERFILE, '5-5 edited here (your team)']);
    const merged = await explained('package.json', (orders) =>
      writeFileSync(join(orders, 'package.json'), readText(orders, 'package.json').replace('{', '{\n  "x": 1,')),
    );
    expect(merged.report.state).toBe('edited');
    expect(parts(merged.report.lines)).toEqual(['2-2 edited here (your team)']);
  });

  it('of a file whose line was removed is edited', async () => {
    const cut = (orders: string) =>
      writeFileSync(join(orders, 'Dockerfile'), readText(orders, 'Dockerfile').replace('ENV A=1\n', ''));
    const { report } = await explained('Dockerfile', cut);
    expect(report.state).toBe('edited');
    expect(parts(report.lines)).not.toContainEqual(expect.stringContaining('your team'));
  });

  it('reads CRLF as the same lines', async () => {
    const { report } = await explained('Dockerfile', (orders) =>
      writeFileSync(join(orders, 'Dockerfile'), readText(orders, 'Dockerfile').replaceAll('\n', '\r\n')),
    );
    expect([report.state, parts(report.lines)]).toEqual(['as generated', DOCKERFILE]);
  });

  it('of a deleted file, and of a file that was not generated', async () => {
    const deleted = await explained('Dockerfile', (orders) => rmSync(join(orders, 'Dockerfile')));
    expect([deleted.code, deleted.report.state, deleted.report.lines]).toEqual([0, 'deleted', []]);
    const own = await explained('own.txt', (orders) => write(orders, { 'own.txt': 'a\nb\n' }));
    expect([own.report.state, parts(own.report.lines)]).toEqual(['not generated', ['1-2 edited here (your team)']]);
  });

  it.each(['../preset/preset.yaml', '/etc/passwd', '.git/config', 'nothing.txt', ''])('of %j: 2', async (file) => {
    const { code } = await explained(file);
    expect(code).toBe(2);
  });

  it('of a folder says that it is a folder, and of the manifest that the program wrote it', async () => {
    const folder = await explained('src', (orders) => write(orders, { 'src/x.ts': 'x' }));
    expect([folder.code, folder.stderr]).toEqual([2, expect.stringContaining('src is a folder')]);
    const { code, report } = await explained('.twelve.json');
    expect([code, report.state]).toEqual([0, 'kept by this program']);
    expect(parts(report.lines)).toEqual([
      expect.stringMatching(/^1-\d+ the record \(create-twelve-service 0\.0\.1\)$/),
    ]);
  });

  it.each(['description', 'database'])('of a manifest without the answer for %s: 3, about it', async (name) => {
    const { code, stderr } = await explained('README.md', (orders) => {
      const { answers, ...manifest } = manifestOf(orders);
      delete answers[name];
      write(orders, { '.twelve.json': JSON.stringify({ ...manifest, answers }) });
    });
    expect([code, stderr]).toEqual([
      3,
      `error: .twelve.json has no answer for ${name}\nhelp:  Restore .twelve.json from git.\n`,
    ]);
  });

  it('invents no name if the answer is missing: 3', async () => {
    const cwd = temporaryFolder();
    expect((await run(['orders', '--yes', ...FILES_ONLY], { cwd })).code).toBe(0);
    const { answers, ...manifest } = manifestOf(join(cwd, 'orders'));
    delete answers.registry;
    write(cwd, { 'orders/.twelve.json': JSON.stringify({ ...manifest, answers }) });
    const { code, stderr } = await run(['explain', 'Dockerfile', '--dir', 'orders'], { cwd });
    expect([code, stderr]).toEqual([3, expect.stringContaining('has no answer for registry')]);
  });

  it('follows no link', async () => {
    const { code, stdout } = await explained('x', (orders) => write(orders, { x: { link: '/etc/passwd' } }));
    expect(code).toBe(2);
    expect(stdout).not.toContain('root:');
  });

  it('outside a service: 3; with --dir the file is one of that folder', async () => {
    const cwd = temporaryFolder();
    expect((await run(['explain', 'Dockerfile'], { cwd, program })).code).toBe(3);
    const args = ['explain', 'Dockerfile', '--dir', 'orders'];
    const { code, stdout } = await run(args, { cwd: home, program });
    expect([code, stdout]).toEqual([0, expect.stringMatching(/^Dockerfile: managed, as generated\n {2}line 1 /)]);
    expect(stdout).toMatch(/2-3 +blocks\/runtime\.hbs +@acme\/standard 1\.0\.0/);
  });

  it('of a preset that has changed since, and is not in the cache: 6, never a guess', async () => {
    const cwd = temporaryFolder();
    cpSync(home, cwd, { recursive: true });
    write(cwd, { 'preset/blocks/runtime.hbs': 'USER other\n' });
    const env = plainEnvironment({ XDG_CACHE_HOME: join(cwd, 'cache') });
    const { code, stdout, stderr } = await run(['explain', 'Dockerfile', '--dir', 'orders'], { cwd, program, env });
    expect([code, stdout, stderr]).toEqual([6, '', expect.stringContaining('../preset')]);
  });
});
