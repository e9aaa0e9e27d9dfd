// @module-tag sampled
import { mkdirSync, readdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { type Contents, filesIn, snapshot, temporaryFolder } from '../support/folder.ts';
import { preset, readText, smallProgram } from '../support/preset.ts';
import { execute, PROGRAM, plainEnvironment, run } from '../support/program.ts';
import { callsOf, runSabotaged } from '../support/sabotage.ts';

/** `preset init` and `preset check`. */

const { program, remove } = smallProgram();
afterAll(remove);

const init = (...args: string[]) => ['preset', 'init', ...args];

describe('preset init', () => {
  it('writes a preset that passes the check and its own tests', async () => {
    const cwd = temporaryFolder();
    const made = await run(init('standard', '--name', '@acme/service-preset'), { cwd });
    expect(made.code, made.stderr).toBe(0);
    const folder = join(cwd, 'standard');
    expect(JSON.parse(readText(folder, 'package.json')).name).toBe('@acme/service-preset');
    const checked = await run(['preset', 'check', 'standard'], { cwd });
    expect([checked.code, checked.stdout]).toEqual([0, expect.stringMatching(/^@acme\/service-preset 1\.0\.0: good/)]);
    mkdirSync(join(folder, 'node_modules/.bin'), { recursive: true });
    symlinkSync(PROGRAM, join(folder, 'node_modules/.bin/create-twelve-service'));
    const tested = await execute('npm', ['test'], { cwd: folder, env: plainEnvironment({ HOME: cwd }) });
    expect(tested.code, tested.stdout + tested.stderr).toBe(0);
    expect(tested.stdout).toMatch(/pass 2/);
  });

  it('is named after its folder, and says so in JSON', async () => {
    const cwd = temporaryFolder({ 'our-standard/.git/': '' });
    const { code, stdout } = await run(init('our-standard', '--format', 'json'), { cwd });
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ ok: true, command: 'preset init', name: 'our-standard', files: 7 });
  });

  it('refuses a folder with content: 3', async () => {
    const cwd = temporaryFolder({ 'standard/preset.yaml': 'mine' });
    const before = snapshot(cwd);
    expect((await run(init('standard'), { cwd })).code).toBe(3);
    expect(snapshot(cwd)).toEqual(before);
  });

  it.each(['../x', 'Upper', '@a/../b', 'a b', '\u202ex', '$(touch x)', '@/x', 'node_modules'])(
    'refuses the name %j: 2',
    async (name) => {
      const cwd = temporaryFolder();
      const { code, stderr } = await run(init('x', '--name', name), { cwd });
      expect([code, stderr]).toEqual([2, expect.stringContaining('--name')]);
      expect(stderr).not.toContain('\u202e');
      expect(readdirSync(cwd)).toEqual([]);
    },
  );

  it.each([
    [['preset']],
    [['preset', 'make']],
    [['preset', 'check', '.', '--name', 'x']],
    [['preset', 'init', 'a', 'b']],
  ])('%j: 2', async (args) => {
    const cwd = temporaryFolder();
    expect((await run(args, { cwd })).code).toBe(2);
    expect(readdirSync(cwd)).toEqual([]);
  });

  it('leaves everything or nothing when it is killed', async () => {
    const whole = temporaryFolder();
    const calls = await callsOf(init('standard'), { cwd: whole }, whole);
    const all = filesIn(join(whole, 'standard'));
    for (let at = 1; at <= calls.length; at += Math.ceil(calls.length / 12)) {
      const cwd = temporaryFolder();
      await runSabotaged(init('standard'), { cwd }, { zone: cwd, at, act: 'kill' });
      const left = filesIn(cwd).filter((path) => path.startsWith('standard/') && !path.includes('.twelve-'));
      expect(left.length === 0 || left.length === all.length, `${at}: ${left.join(' ')}`).toBe(true);
      expect((await run(init('standard'), { cwd })).code).toBe(left.length === 0 ? 0 : 3);
      expect(filesIn(cwd)).toEqual(all.map((path) => `standard/${path}`));
    }
  });
});

async function check(contents: Contents) {
  const cwd = temporaryFolder(contents);
  const before = snapshot(cwd);
  const { code, stdout, stderr } = await run(['preset', 'check', '--format', 'json'], { cwd, program });
  expect(snapshot(cwd)).toEqual(before);
  return { code, stderr, report: JSON.parse(stdout) };
}

const BASE = 'layers: [{path: layers/base}]';

describe('preset check', () => {
  it('renders every option set', async () => {
    const questions = `questions:
  - {name: metrics, message: M, type: boolean, default: true}
  - {name: tier, message: T, type: choice, choices: [a, b, c]}
  - {name: code, message: C, type: string, maxLength: 2}`;
    const { code, report } = await check(preset(`${questions}\nlocked: {ci: github}\ndenied: {cache: [none]}`));
    expect(code).toBe(0);
    expect(report).toMatchObject({
      ok: true,
      command: 'preset check',
      name: '@acme/standard',
      // Of TypeScript with either package manager, and of Go and Python, which have no such choice.
      rendered: (2 + 1 + 1) * 2 * 2 * 3 * 2,
    });
  });

  it('renders them for each stack that the preset allows, and names the one in which alone there is a problem', async () => {
    const found = async (yaml: string) => {
      const { report } = await check(preset(yaml, { 'a/__author__/x.txt': 'x' }));
      return [report.rendered, report.problems.map(({ reason }: { reason: string }) => reason)];
    };
    const layers = 'layers: [{path: a, when: {stack: go, database: none}}]';
    const alone = expect.stringMatching(
      /unknown token __author__ \(with database=none cache=redis ci=github deploy=kubernetes stack=go\)/,
    );
    expect(await found(layers)).toEqual([(2 + 1 + 1) * 2 * 2 * 3 * 2, [alone]]);
    expect(await found(`locked: {stack: go}\n${layers}`)).toEqual([2 * 2 * 3 * 2, [alone]]);
    const none = 'no answers select the layer a';
    expect(await found(`denied: {stack: [go]}\n${layers}`)).toEqual([(2 + 1) * 2 * 2 * 3 * 2, [none]]);
  });

  it('holds what a policy wants against the services of each stack', async () => {
    const policy = 'policy: {images: [node]}';
    const one = preset(`denied: {stack: [go, python]}\n${policy}`);
    const [alone, several] = await Promise.all([check(one), check(preset(policy))]);
    expect(alone.report.problems).toEqual([]);
    expect(several.report.problems.map(({ reason }: { reason: string }) => reason)).toEqual([
      'Dockerfile builds on golang, which the policy does not allow (denied: {stack: [go]} if no such service is wanted)',
      'Dockerfile builds on python, which the policy does not allow (denied: {stack: [python]} if no such service is wanted)',
    ]);
  });

  it('names the option set under which alone there is a problem: 6', async () => {
    const yaml = 'layers: [{path: a, when: {cache: redis, database: none}}]';
    const { code, report } = await check(preset(yaml, { 'a/__author__/x.txt': 'x' }));
    expect(code).toBe(6);
    expect(report).toMatchObject({ ok: false });
    expect(report.problems.map(({ reason }: { reason: string }) => reason)).toEqual([
      expect.stringMatching(/unknown token __author__ .*database=none cache=redis/),
    ]);
  });

  it('finds a layer that never applies, and a path that nothing writes', async () => {
    const yaml = `denied: {ci: [gitlab]}
locked: {cache: none}
layers:
  - {path: a, when: {ci: gitlab}}
  - {path: a, when: {cache: redis}}
  - {path: a, when: {database: none}}
remove:
  - database.txt
  - nothing.txt`;
    const { code, report } = await check(preset(yaml, { 'a/x.txt': 'x' }));
    expect(code).toBe(6);
    expect(report.problems).toEqual([
      { subject: 'preset.yaml:7', reason: 'no answers select the layer a' },
      { subject: 'preset.yaml:8', reason: 'no answers select the layer a' },
      { subject: 'preset.yaml:12', reason: 'no layer writes nothing.txt' },
    ]);
  });

  it('finds what no service can keep, each with its line', async () => {
    const yaml = `layers: [{path: a}]
remove: [database.txt]
ownership:
  - ["docs/**", managed]
  - ["x.txt", managed]
groups: [[x.txt, "db/**"]]
policy:
  images:
    - "["
    - node:22
    - node
    - "registry.acme.example:5000/**"
    - golang
    - python
  requiredFiles:
    - x.txt
    - LICENSE
    - database.txt
    - Dockerfile
  must:
    - H-99
    - H-5`;
    const packed = '{\n  "author": { "name": "x" },\n  "name": "@acme/other",\n  "version": "1.0.1"\n}\n';
    const { code, report } = await check(preset(yaml, { 'a/x.txt': 'x', 'package.json': packed }));
    expect(code).toBe(6);
    const found = report.problems.map(({ subject, reason }: { subject: string; reason: string }) => [subject, reason]);
    expect(found).toEqual([
      ['preset.yaml:7', '"docs/**" matches no file of the layers'],
      ['preset.yaml:9', '"db/**" matches no file of a service'],
      ['preset.yaml:12', expect.stringContaining('"[" matches no image')],
      ['preset.yaml:13', expect.stringContaining('"node:22" matches no image')],
      ['preset.yaml:20', 'no service has LICENSE: no layer writes it'],
      ['preset.yaml:21', 'no service has database.txt: no layer writes it'],
      ['preset.yaml:24', expect.stringContaining('the contract has no rule H-99; it has I-1, ')],
      ['package.json:3', 'the name is @acme/other, and @acme/standard in preset.yaml:2'],
      ['package.json:4', 'the version is 1.0.1, and 1.0.0 in preset.yaml:3'],
    ]);
  });

  it('accepts a file that only one option set has, and a package without name and version', async () => {
    const yaml = `layers: [{path: a, when: {ci: gitlab, cache: redis, license: MIT}}]
ownership: [["*.txt", managed]]
policy: {images: [node, golang, python, "*/node", "ghcr.io/acme/**"], requiredFiles: [x.txt], must: [S-1, XII-3]}`;
    const { code, report } = await check(preset(yaml, { 'a/x.txt': 'x', 'package.json': '{"private": true}' }));
    expect([code, report.problems]).toEqual([0, []]);
  });

  it('renders a layer for one value of a text or a number', async () => {
    const yaml = 'layers: [{path: a, when: {license: MIT, port: 9000}}]';
    expect((await check(preset(yaml, { 'a/x.txt': 'x' }))).report.problems).toEqual([]);
    const broken = await check(preset(yaml, { 'a/__author__.txt': 'x' }));
    expect([broken.code, broken.report.problems.length]).toEqual([6, 1]);
  });

  it('renders a layer for a choice that looks like a number', async () => {
    const yaml = `questions: [{name: tier, message: T, type: choice, choices: ["1", "2"], default: "1"}]
layers: [{path: a, when: {tier: 2}}]`;
    const { code, report } = await check(preset(yaml, { 'a/__author__.txt': 'x' }));
    expect(code).toBe(6);
    expect(JSON.stringify(report.problems)).toContain('tier=2');
  });

  it('lists the problems that make rendering impossible, each with its line', async () => {
    const { code, report } = await check(preset('foo: 1\nremove: [../x]'));
    expect([code, report.ok]).toEqual([6, false]);
    expect(JSON.stringify(report)).toMatch(/preset\.yaml:4.*preset\.yaml:5/);
  });

  it('says the same in text', async () => {
    const cwd = temporaryFolder({ 'x/': '', ...preset(`${BASE}\nremove: [nothing]`, { 'layers/base/a': '' }) });
    const { code, stdout } = await run(['preset', 'check'], { cwd, program });
    expect([code, stdout]).toEqual([6, expect.stringMatching(/: 1 problem, \d+ option sets.*\n {2}preset\.yaml:5: /)]);
  });
});
