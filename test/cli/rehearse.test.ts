// @module-tag sampled
import { execFileSync } from 'node:child_process';
import { cpSync, lstatSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { npmUser } from '../support/fetching.ts';
import {
  type Contents,
  makeFolder,
  removeFolder,
  snapshot,
  temporaryFolder,
  withFolder,
  write,
} from '../support/folder.ts';
import { create, inFolder, preset, readText, smallProgram } from '../support/preset.ts';
import { FILES_ONLY, plainEnvironment, run, writeTemplate } from '../support/program.ts';
import { registry } from '../support/registry.ts';
import { tarball } from '../support/tarball.ts';

/** `rehearse`: what an unreleased standard would do to every service. */

const { program, remove } = smallProgram();
const home = makeFolder();
afterAll(() => {
  remove();
  removeFolder(home);
});

const PAGE = 'one\ntwo\nthree\nfour\nfive\n';
const DATA = '{\n  "a": 1,\n  "b": 2\n}\n';

/** The standard, or a later version of it. */
const standard = (page: string, data = DATA, version = '1.0.0'): Contents =>
  preset(
    'layers: [{path: base}, {path: pg, when: {database: postgres}}]',
    { 'base/data.json': data, 'pg/page.md': page },
    `name: "@acme/standard"\nversion: ${version}`,
  );

const NEXT = PAGE.replace('three', 'THREE');

beforeAll(async () => {
  write(home, {
    ...inFolder('preset', standard(PAGE)),
    ...inFolder('next', standard(NEXT, DATA, '2.0.0')),
    ...inFolder('foreign', preset('', {}, 'name: other\nversion: 1.0.0')),
  });
  for (const [dir, ...args] of [['orders'], ['none', '--database', 'none']])
    expect((await create(['--dir', String(dir), ...args], { cwd: home, program })).code).toBe(0);
  const plain = await run(['orders', '--dir', 'plain', '--yes', ...FILES_ONLY], { cwd: home, program });
  const foreign = ['orders', '--dir', 'other', '--preset', './foreign', '--yes', ...FILES_ONLY];
  expect([plain.code, (await run(foreign, { cwd: home, program })).code]).toEqual([0, 0]);
});

const edit = (text: string) => ({ 'page.md': text });

/** Every kind of service that a fleet has. */
function fleet(): { cwd: string; names: string[] } {
  const cwd = temporaryFolder();
  for (const name of ['preset', 'next', 'foreign']) cpSync(join(home, name), join(cwd, name), { recursive: true });
  const service = (name: string, from: string, changes: Contents = {}) => {
    cpSync(join(home, from), join(cwd, name), { recursive: true });
    write(join(cwd, name), changes);
  };
  service('clean', 'orders');
  service('merges', 'orders', edit(PAGE.replace('one', 'ONE')));
  service('conflict', 'orders', edit(PAGE.replace('three', 'ours')));
  service('unchanged', 'none');
  service('other', 'other');
  service('plain', 'plain');
  service('broken', 'orders', { '.twelve.json': '{' });
  service('bare', 'orders');
  rmSync(join(cwd, 'bare/.twelve.json'));
  const manifest = JSON.parse(readText(home, 'orders/.twelve.json'));
  service('foreign-template', 'orders', {
    '.twelve.json': JSON.stringify({ ...manifest, template: { ...manifest.template, source: '../x' } }),
  });
  const pending = { conflicts: ['page.md'], next: manifest };
  service('pending', 'orders', { '.twelve.json': JSON.stringify({ ...manifest, pending }) });
  const names = [
    'clean',
    'merges',
    'conflict',
    'unchanged',
    'other',
    'plain',
    'broken',
    'bare',
    'foreign-template',
    'pending',
    'gone',
  ];
  write(cwd, { 'fleet.txt': `# ours\n${names.join('\r\n')}\n\n` });
  return { cwd, names };
}

/** Everything below a folder, with the time of its last change. */
function everything(folder: string): Record<string, string> {
  return Object.fromEntries(
    Object.entries(snapshot(folder)).map(([path, what]) => [path, `${lstatSync(join(folder, path)).mtimeMs} ${what}`]),
  );
}

async function rehearse(cwd: string, args: readonly string[], input = '') {
  const before = everything(cwd);
  const result = await run(['rehearse', '--format', 'json', ...args], { cwd, program, input });
  expect(everything(cwd)).toEqual(before);
  return { ...result, report: result.stdout ? JSON.parse(result.stdout) : undefined };
}

const results = (report: { services: { service: string; result: string }[] }) =>
  Object.fromEntries(report.services.map(({ service, result }) => [service, result]));

const EXPECTED = {
  clean: 'clean',
  merges: 'clean',
  conflict: 'conflict',
  unchanged: 'unchanged',
  other: 'other preset',
  plain: 'other preset',
  broken: 'unreadable',
  bare: 'unreadable',
  'foreign-template': 'unreadable',
  pending: 'unreadable',
  gone: 'unreadable',
};

/** Commits everything, because an upgrade requires that. */
function git(cwd: string): void {
  const who = ['-c', 'user.name=A', '-c', 'user.email=a@example.invalid', '-c', 'commit.gpgSign=false'];
  for (const args of [
    ['init', '--quiet'],
    ['add', '--all'],
    [...who, 'commit', '--quiet', '--message', 'All'],
  ])
    execFileSync('git', args, { cwd, env: plainEnvironment() });
}

describe('a question that the next version adds without a default', () => {
  const tier = '{ name: tier, message: How critical it is, type: choice, choices: [gold, silver] }';
  const asking = preset(
    `questions: [${tier}]\nlayers: [{path: base}, {path: pg, when: {database: postgres}}]`,
    { 'base/tier.txt.hbs': '{{tier}}\n', 'base/data.json': DATA, 'pg/page.md': PAGE },
    'name: "@acme/standard"\nversion: 2.0.0',
  );
  const prepare = () => {
    const { cwd } = fleet();
    write(cwd, {
      ...inFolder('asking', asking),
      'fleet.tsv': 'clean\tdatabase=postgres\ttier=gold\nmerges\nconflict\ttier=lead\n',
    });
    return cwd;
  };

  it('is a result of its own: answer missing, with the question; a column of the list answers it', async () => {
    const cwd = prepare();
    const { code, report } = await rehearse(cwd, ['--preset', './asking', '--fleet', 'fleet.tsv']);
    expect(code).toBe(4);
    expect(results(report)).toEqual({ clean: 'clean', merges: 'answer missing', conflict: 'answer wrong' });
    expect(report.results).toMatchObject({ clean: 1, 'answer missing': 1, 'answer wrong': 1 });
    expect(report.services[1]).toMatchObject({
      code: 'INPUT_MISSING',
      questions: [
        { name: 'tier', message: 'How critical it is', choices: ['gold', 'silver'], reason: 'has no answer' },
      ],
    });
    expect(report.services[2].reason).toContain('must be one of gold, silver, not "lead"');
  });

  it('stands in the text and in Markdown, with what to answer', async () => {
    const cwd = prepare();
    const args = ['rehearse', '--preset', './asking', 'clean', 'merges'];
    const text = await run(args, { cwd, program });
    expect(text.stdout).toContain('2 services: 2 answer missing');
    expect(text.stdout).toMatch(
      /Answers are missing \(--set NAME=VALUE, or a column of the list\):\n +2 services {2}tier has no answer: How critical it is \(gold, silver\)/,
    );
    const markdown = await run([...args, '--format', 'markdown'], { cwd, program });
    expect(markdown.stdout).toContain(
      '| merges | answer missing | tier has no answer: How critical it is (gold, silver) |',
    );
  });

  it('is answered for all services by --set, and for one by its column', async () => {
    const cwd = prepare();
    const { report } = await rehearse(cwd, ['--preset', './asking', '--set', 'tier=silver', '--fleet', 'fleet.tsv']);
    expect(results(report)).toEqual({ clean: 'clean', merges: 'clean', conflict: 'answer wrong' });
  });

  it('a wrong answer is a result of its own, with its column', async () => {
    const cwd = prepare();
    write(cwd, { 'wrong.tsv': 'clean\ttier=gold\tteir=gold\nmerges\ttier=\n' });
    const { code, report } = await rehearse(cwd, ['--preset', './asking', '--fleet', 'wrong.tsv']);
    expect([code, results(report)]).toEqual([4, { clean: 'answer wrong', merges: 'answer wrong' }]);
    expect(report.services.map(({ code, reason }: { code: string; reason: string }) => [code, reason])).toEqual([
      ['INPUT_INVALID', 'the answer teir belongs to no question; did you mean tier?'],
      ['INPUT_INVALID', 'the answer tier must be one of gold, silver, not ""'],
    ]);
  });

  it.each([['--preset', './asking'], []])('an answer of --set that no service has (%j): 2', async (...preset) => {
    const cwd = prepare();
    const refused = await rehearse(cwd, [...preset, '--set', 'teir=gold', '--set', 'port=1', 'clean', 'merges']);
    expect([refused.code, refused.stderr]).toEqual([
      2,
      expect.stringContaining('--set: the answer teir belongs to no question'),
    ]);
  });

  it('a column that is no NAME=VALUE: 2, with its line', async () => {
    const cwd = prepare();
    write(cwd, { 'bad.tsv': '# ours\nclean\ttier\n' });
    const refused = await run(['rehearse', '--preset', './asking', '--fleet', 'bad.tsv'], { cwd, program });
    expect([refused.code, refused.stderr]).toEqual([
      2,
      expect.stringContaining('bad.tsv:2: must be NAME=VALUE, not "tier"'),
    ]);
    const audited = await run(['audit', '--from', 'fleet.tsv', '--format', 'json'], { cwd, program });
    expect(JSON.parse(audited.stdout).services.map(({ folder }: { folder: string }) => folder)).toEqual([
      'clean',
      'merges',
      'conflict',
    ]);
  });
});

describe('rehearse', () => {
  it('says of each service of a fleet what an upgrade would do, and writes nothing', async () => {
    const { cwd } = fleet();
    const { code, report } = await rehearse(cwd, ['--preset', './next', '--fleet', 'fleet.txt']);
    expect(code).toBe(4);
    expect(results(report)).toEqual(EXPECTED);
    expect(report.results).toEqual({
      clean: 2,
      unchanged: 1,
      conflict: 1,
      'answer missing': 0,
      'answer wrong': 0,
      unreadable: 5,
      'other preset': 2,
    });
    expect(report.worst).toEqual([{ path: 'page.md', conflicts: 1, merged: 1 }]);
    const codes = report.services.flatMap((one: { code?: string }) => (one.code ? [one.code] : []));
    expect(codes).toEqual([
      'OTHER_PRESET',
      'OTHER_PRESET',
      'MANIFEST_BROKEN',
      'SERVICE_NOT_FOUND',
      'NOT_POSSIBLE',
      'UPGRADE_PENDING',
      'SERVICE_NOT_FOUND',
    ]);
  });

  it('refuses a version that has other content than before, like the upgrade', async () => {
    const { cwd } = fleet();
    write(cwd, inFolder('again', standard(NEXT)));
    const { code, report } = await rehearse(cwd, ['--preset', './again', 'clean']);
    expect([code, report.services[0].code]).toEqual([4, 'SOURCE_CHANGED']);
    git(join(cwd, 'clean'));
    const upgraded = await run(['upgrade', '--preset', '../again'], { cwd: join(cwd, 'clean'), program });
    expect(upgraded.code).toBe(6);
  });

  it('says the same of folders that are named, and of a list on standard input', async () => {
    const { cwd, names } = fleet();
    expect(results((await rehearse(cwd, ['--preset', './next', ...names])).report)).toEqual(EXPECTED);
    const listed = await rehearse(cwd, ['--preset', './next', '--fleet', '-'], `${names.join('\n')}\n`);
    expect(results(listed.report)).toEqual(EXPECTED);
  });

  it('says what is in the place of a manifest', async () => {
    const { cwd } = fleet();
    rmSync(join(cwd, 'clean/.twelve.json'));
    write(cwd, { 'clean/.twelve.json/x': 'x' });
    const { code, report } = await rehearse(cwd, ['--preset', './next', 'clean']);
    expect([code, report.services]).toMatchObject([
      4,
      [{ result: 'unreadable', code: 'MANIFEST_UNSAFE', reason: '.twelve.json is a folder' }],
    ]);
  });

  it('says it to people', async () => {
    const { cwd } = fleet();
    const args = ['rehearse', '--preset', './next', '--fleet', 'fleet.txt'];
    const text = await run(args, { cwd, program });
    expect(text.stdout).toMatch(
      /^11 services: 2 clean, 1 unchanged, 1 conflict, 5 unreadable, 2 other preset; worst file page\.md\n/,
    );
    expect(text.stdout).toMatch(/conflict: page\.md\n/);
    expect(text.stdout).toMatch(/\n +1 conflict +1 merged +page\.md\n/);
    const one = await run(['rehearse', '--preset', './next', 'clean'], { cwd, program });
    expect(one.stdout).toMatch(/^1 service: 1 clean\n/);
    const markdown = await run([...args, '--format', 'markdown'], { cwd, program });
    expect(markdown.stdout).toContain('| `page.md` | 1 | 1 |');
    expect(markdown.stdout).toContain('| conflict | conflict | page.md |');
  });

  it('ends with 0 if no person is needed', async () => {
    const { cwd } = fleet();
    const { code, report } = await rehearse(cwd, ['--preset', './next', 'clean', 'merges', 'unchanged']);
    expect([code, report.results.clean]).toEqual([0, 2]);
    const here = await run(['rehearse', '--preset', '../next'], { cwd: join(cwd, 'clean'), program });
    expect([here.code, here.stdout]).toEqual([0, expect.stringContaining('1 service: 1 clean')]);
  });

  it('tries other answers', async () => {
    const { cwd } = fleet();
    const { code, report } = await rehearse(cwd, ['--set', 'database=none', 'clean', 'unchanged']);
    expect([code, results(report)]).toEqual([0, { clean: 'clean', unchanged: 'unchanged' }]);
    const { report: bad } = await rehearse(cwd, ['--set', 'database=mysql', 'clean']);
    expect(bad.services).toMatchObject([{ result: 'answer wrong', code: 'INPUT_INVALID' }]);
  });

  it('tries a template folder that is not released', async () => {
    const { cwd } = fleet();
    writeTemplate(join(cwd, 'template'), { files: { 'base/README.md.hbs': '# {{name}}, anew\n' } });
    const { code, report } = await rehearse(cwd, ['--template', 'template', 'plain', 'clean']);
    expect([code, results(report)]).toEqual([0, { plain: 'clean', clean: 'clean' }]);
    const [{ files }] = report.services;
    expect(files).toContainEqual(expect.objectContaining({ path: 'README.md', outcome: 'updated' }));
  });

  it.each([[[]], [['clean']], [['--fleet', 'fleet.txt']]])('of nothing (%j): 2', async (args) => {
    const { cwd } = fleet();
    const { code, stderr } = await rehearse(cwd, args);
    expect([code, stderr]).toEqual([2, expect.stringContaining('nothing to rehearse was named')]);
  });

  it.each([
    [['--preset', './nowhere', 'clean'], 2],
    [['--preset', './clean', 'clean'], 6],
    [['--preset', './next', '--fleet', 'nowhere.txt'], 2],
    [['--template', 'nowhere', 'clean'], 2],
    [['--template', 'clean', 'clean'], 6],
    [['--preset', './next', '--set', 'name=x', 'clean'], 2],
  ])('with %j: %d', async (args, code) => {
    expect((await rehearse(fleet().cwd, args)).code).toBe(code);
  });

  it('runs nothing of any service', async () => {
    const { cwd } = fleet();
    const touch = 'touch "$HOME/ran"';
    const hook = { run: `#!/bin/sh\n${touch}\n` };
    write(join(cwd, 'conflict'), {
      '.git/config': `[core]\n\tfsmonitor = ${touch}\n\thooksPath = hooks\n[merge "x"]\n\tdriver = ${touch}\n[filter "x"]\n\tclean = ${touch}\n`,
      '.git/HEAD': 'ref: refs/heads/main\n',
      '.git/objects/': '',
      '.git/refs/': '',
      '.gitattributes': '* merge=x filter=x\n',
      'hooks/post-index-change': hook,
      '.npmrc': 'script-shell=./run.sh\n',
      'run.sh': hook,
      'package.json': JSON.stringify({ scripts: { prepare: touch, postinstall: touch } }),
    });
    const env = plainEnvironment({ HOME: cwd });
    const args = ['rehearse', '--preset', join(cwd, 'next'), '.', '--format', 'json'];
    const { code, stdout } = await run(args, { cwd: join(cwd, 'conflict'), program, env });
    expect([code, results(JSON.parse(stdout))]).toEqual([4, { '.': 'conflict' }]);
    expect(() => readFileSync(join(cwd, 'ran'))).toThrow();
  });

  it.each([
    ['its preset is a package', 'npm:@acme/standard@1.0.0', ['rehearse', '--set', 'description=Anew']],
    ['its preset is a folder on top of one', './own', ['rehearse', '--set', 'description=Anew']],
    ['its preset is a folder on top of one', './own', ['audit']],
  ])('asks no registry that a service names, though %s (%s, %j)', async (_what, source, command) => {
    const [ours, theirs] = [await registry(), await registry()];
    const all = { ...standard(PAGE), 'package.json': '{"name": "@acme/standard", "version": "1.0.0"}' };
    const packed = tarball(
      Object.entries(all).map(([path, text]) => ({ path: `package/${path}`, content: `${text}` })),
    );
    for (const { publish } of [ours, theirs]) publish('@acme/standard', '1.0.0', packed);
    const settings = `registry=${theirs.url}\n`;
    const { home: cwd, env } = npmUser(ours);
    const own = preset('extends: npm:@acme/standard@1.0.0', { '.npmrc': settings }, 'name: own\nversion: 1.0.0');
    write(cwd, inFolder('own', own));
    const make = ['orders', '--preset', source, '--yes', ...FILES_ONLY];
    expect((await run(make, { cwd, env, program })).code).toBe(0);
    write(cwd, { 'orders/.npmrc': settings });
    for (const cache of ['.cache', '.npm']) rmSync(join(cwd, cache), { recursive: true, force: true });
    const before = ours.requests.length;
    const { code, stderr } = await run([...command, 'orders'], { cwd, env, program });
    expect(code, stderr).toBe(0);
    expect([theirs.requests, ours.requests.length > before]).toEqual([[], true]);
  });

  it('says conflict exactly where an upgrade ends with 4', { tags: ['long'] }, async () => {
    const line = fc.constantFrom('', 'x\n', 'y\n', 'one\n', 'three\n');
    const page = fc.array(line, { maxLength: 6 }).map((lines) => lines.join(''));
    const text = fc.oneof(fc.constant(PAGE), fc.constant(NEXT), page, fc.constant(PAGE.replace('five', 'x')));
    const data = fc.constantFrom(DATA, '{ "a": 2, "b": 2 }\n', '{\n  "a": 3,\n  "b": 2,\n  "c": 1\n}\n', 'no JSON\n');
    const seen = new Set<string>();
    await fc.assert(
      fc.asyncProperty(text, text, data, data, (ours, theirs, ourData, theirData) =>
        withFolder({}, async (cwd) => {
          for (const name of ['preset', 'orders']) cpSync(join(home, name), join(cwd, name), { recursive: true });
          write(cwd, inFolder('next', standard(theirs, theirData.startsWith('no') ? DATA : theirData, '2.0.0')));
          writeFileSync(join(cwd, 'orders/page.md'), ours);
          writeFileSync(join(cwd, 'orders/data.json'), ourData);
          const rehearsal = await run(['rehearse', '--preset', './next', 'orders', '--format', 'json'], {
            cwd,
            program,
          });
          const [{ result }] = JSON.parse(rehearsal.stdout).services;
          git(join(cwd, 'orders'));
          const upgraded = await run(['upgrade', '--preset', '../next'], { cwd: join(cwd, 'orders'), program });
          expect([result, upgraded.code, upgraded.stderr]).toEqual([
            result,
            result === 'conflict' ? 4 : 0,
            expect.any(String),
          ]);
          seen.add(result);
        }),
      ),
      { numRuns: 24, seed: 7 },
    );
    expect(seen).toContain('conflict');
    expect(seen).toContain('clean');
  });
});
