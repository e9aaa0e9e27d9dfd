// @module-tag sampled
// biome-ignore-all lint/suspicious/noTemplateCurlyInString: expressions of workflows
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { type Contents, temporaryFolder } from '../support/folder.ts';
import { preset, smallProgram } from '../support/preset.ts';
import { plainEnvironment, run } from '../support/program.ts';

/** `preset check` reads what a preset renders as its tools do, with harmless and with hostile answers. */

const { program, remove } = smallProgram();
afterAll(remove);

const TEAM = `layers: [{path: a}]
questions:
  - {name: team, message: T, type: string, maxLength: 60}
  - {name: slug, message: S, type: string, pattern: "^[a-z][a-z0-9-]*$", default: ab}`;

/** Problems as `subject: reason`. */
async function problemsOf(files: Contents, yaml = TEAM, more: readonly string[] = []): Promise<string[]> {
  const cwd = temporaryFolder(preset(yaml, files));
  const { stdout, stderr } = await run(['preset', 'check', '--format', 'json', ...more], { cwd, program });
  expect(stderr).not.toContain('INTERNAL');
  const { problems } = JSON.parse(stdout) as { problems: { subject: string; reason: string }[] };
  return problems.map(({ subject, reason }) => `${subject}: ${reason}`);
}

const workflow = (steps: string) => `on: push\njobs:\n  a:\n    runs-on: x\n    steps:\n${steps}`;

describe('an answer of any text', () => {
  it.each<[path: string, text: string, problem: RegExp]>([
    [
      '.github/workflows/x.yml',
      workflow('      - run: echo {{team}}\n'),
      /^a\/\.github\/workflows\/x\.yml\.hbs:6: \{\{team\}\} is any text.*\{\{yaml team\}\}.*\{\{shell team\}\}/,
    ],
    [
      '.github/workflows/x.yml',
      workflow('      - run: |\n          echo "{{shell team}}"\n'),
      /x\.yml:6: an answer becomes a part of a command/,
    ],
    [
      '.github/workflows/x.yml',
      workflow('      - run: |\n          cat <<END\n          {{json team}}\n          END\n'),
      /x\.yml:6: an answer becomes a part of a command/,
    ],
    ['.github/workflows/x.yml', workflow('      - run: echo {{shell team}}\n'), /x\.yml:\d+: an answer/],
    [
      '.github/workflows/x.yml',
      workflow('      - name: {{yaml team}}\n        run: x\n'),
      /an answer becomes an expression of the workflow/,
    ],
    ['x.yaml', 'a: {{team}}\n', /^a\/x\.yaml\.hbs:1: .*\{\{yaml team\}\}/],
    ['x.yaml', 'a: "{{json team}}"\n', /x\.yaml:1: is not YAML/],
    ['x.yaml', "a: 'x {{shell team}}'\n", /x\.yaml:1: an answer/],
    ['x.json', '{"a": "{{team}}"}\n', /^a\/x\.json\.hbs:1: .*\{\{json team\}\}/],
    ['x.json', '{"a": "{{md team}}"}\n', /x\.json:1: an answer breaks the file/],
    ['x.py', 'print("{{team}}")\n', /^a\/x\.py\.hbs:1: .*\{\{json team\}\}/],
    ['bin/start', '#!/usr/bin/env ruby\nputs "{{team}}"\n', /^a\/bin\/start\.hbs:2: .*\{\{json team\}\}/],
    ['src/x.ts', 'const a = "{{team}}";\n', /^a\/src\/x\.ts\.hbs:1: .*\{\{ts team\}\}/],
    ['Dockerfile', 'FROM node\nRUN echo {{team}}\n', /^a\/Dockerfile\.hbs:2: .*\{\{dockerfile team\}\}/],
    ['Dockerfile', 'FROM node\nRUN echo {{dockerfile team}}\n', /Dockerfile:2: an answer becomes a part of a command/],
    ['x.sh', 'echo "{{shell team}}"\n', /x\.sh:1: an answer becomes a part of a command/],
  ])('in %s, as %j, is found with file, line and remedy', async (path, text, problem) => {
    const found = await problemsOf({ [`a/${path}.hbs`]: text });
    expect(found).toContainEqual(expect.stringMatching(problem));
  });

  it('is fine with the helper of its place, in a comment, in plain text, and with a strict pattern', async () => {
    const files = {
      'a/.github/workflows/x.yml.hbs': workflow(
        '      # of {{team}}\n      - run: |\n          echo {{shell team}} # {{shell team}}\n          echo "$\\{{ github.sha }}" {{slug}}\n',
      ),
      'a/x.yaml.hbs': 'a: {{yaml team}}\nb: {{slug}}\n',
      'a/x.json.hbs': '{"a": {{json team}}, "b": "{{slug}}"}\n',
      'a/x.ts.hbs': 'export const a = {{ts team}}; // {{slug}}\n',
      'a/Dockerfile.hbs': 'FROM node\nLABEL team={{dockerfile team}}\nRUN echo {{shell team}}\n',
      'a/x.sh.hbs': "cat <<'END'\nit's\nEND\necho {{shell team}}\n",
      'a/k8s.yaml.hbs': 'a: {{yaml team}}\n---\nb: {{yaml team}}\n',
      'a/.gitlab-ci.yml':
        'spec: {inputs: {a: {}}}\n---\n.x: &x {script: [a]}\nb:\n  <<: *x\n  script: [!reference [.x, script], b]\n',
      'a/x.py.hbs': '# of {{team}}\nprint({{json team}}, "{{slug}}")\n',
      'a/CODEOWNERS.hbs': '* @acme/{{team}}\n',
      'a/x.md.hbs': 'Of {{md team}}, or {{team}}.\n',
    };
    const found = await problemsOf(files);
    expect(found.filter((problem) => !problem.includes('an expression of the workflow'))).toEqual([]);
  });

  it('is said once for its place, whatever the answer does there', async () => {
    const found = await problemsOf({
      'a/x.yaml.hbs': 'a: {{team}}\n',
      'a/y.yaml.hbs': "a: 'x {{shell team}}'\n",
      'a/z.sh.hbs': 'echo "{{shell team}}"\n',
    });
    expect(found.map((problem) => problem.split(':')[0]).sort()).toEqual(['a/x.yaml.hbs', 'y.yaml', 'z.sh']);
  });

  it('in a block is found where the block stands', async () => {
    const found = await problemsOf({ 'a/x.txt': 'x', 'blocks/runtime.hbs': 'RUN echo {{team}}\n' });
    expect(found).toContainEqual(expect.stringMatching(/^blocks\/runtime\.hbs:1: \{\{team\}\} is any text/));
  });

  it.each(['^[a-z"]+$', '^.*$', '^[^x]+$', '^[a-z]* x$'])(
    'with the pattern %s is still any text, or is refused',
    async (pattern) => {
      const yaml = `layers: [{path: a}]\nquestions: [{name: team, message: T, type: string, pattern: '${pattern}'}]`;
      expect(await problemsOf({ 'a/x.yaml.hbs': 'a: {{team}}\n' }, yaml)).not.toEqual([]);
    },
  );

  it.each(['(a+)+$', '^a', '^(a|b)$', '^[a-z]+[a-z]+[a-z]+$'])(
    'cannot have the pattern %s, which may be slow or loose',
    async (pattern) => {
      const yaml = `layers: [{path: a}]\nquestions: [{name: team, message: T, type: string, pattern: '${pattern}'}]`;
      expect(await problemsOf({ 'a/x.txt': 'x' }, yaml)).toEqual([expect.stringMatching(/^preset\.yaml:5: .*pattern/)]);
    },
  );
});

describe('a file that its tool cannot read', () => {
  it.each<[path: string, text: string, problem: RegExp]>([
    ['x.yaml', 'a: [1\n', /^x\.yaml:\d+: is not YAML.*\(from a\/x\.yaml\)/],
    ['x.json', '{"a": 1,\n}\n', /^x\.json:\d+: is not JSON/],
    ['Dockerfile', 'FROM node\nRUNN x\n', /^Dockerfile:2: "RUNN" is not an instruction/],
    ['Dockerfile', 'RUN x\n', /^Dockerfile:1: a Dockerfile begins with FROM/],
    ['.github/workflows/x.yml', 'on: push\n', /has no "jobs"/],
    ['.github/workflows/x.yml', 'jobs: {a: {uses: x}}\n', /has no "on"/],
    ['.github/workflows/x.yml', workflow('      - runs: x\n'), /x\.yml:6: "runs" is not a key of a step/],
    ['.github/workflows/x.yml', workflow('      - run: x\n        uses: y\n'), /a step has one text, "uses" or "run"/],
    [
      '.github/workflows/x.yml',
      'on: push\njobs:\n  a:\n    needs: b\n    uses: x\n',
      /x\.yml:4: needs "b", which is not a job/,
    ],
    ['.github/workflows/x.yml', 'on: push\njobs:\n  a:\n    steps: []\n', /the job has no "runs-on"/],
    [
      '.github/workflows/x.yml',
      workflow('      - run: echo "${{ github.sha"\n'),
      /an expression has a beginning and no end/,
    ],
    [
      '.github/workflows/x.yml',
      workflow('      - run: echo "${{ github.event.issue.title }}"\n'),
      /x\.yml:6: a script has a text of strangers/,
    ],
    [
      '.github/workflows/x.yml',
      workflow('      - run: echo "${{ github.head_ref }}"\n'),
      /a script has a text of strangers/,
    ],
    ['.github/workflows/x.yml', workflow('      - run: echo "${{ nope.x }}"\n'), /x\.yml:6: "nope" is not a context/],
    ['.github/workflows/x.yml', workflow('      - run: echo "${{ foo(1) }}"\n'), /"foo" is not a function/],
    ['.github/workflows/x.yml', workflow('      - run: echo "${{ env["A"] }}"\n'), /an expression has ", which/],
    ['.github/workflows/x.yml', workflow('      - run: echo ${{ }}\n'), /an expression is empty/],
    ['.github/workflows/x.yml', workflow('      - uses: actions/checkout\n'), /x\.yml:6: "uses" has no version/],
    [
      '.github/workflows/x.yml',
      workflow('      - if: steps.zz.outputs.x\n        run: x\n      - id: zz\n        run: x\n'),
      /x\.yml:6: steps\.zz: no step before it/,
    ],
    [
      '.github/workflows/x.yml',
      workflow('      - run: x\n        with: {a: b}\n'),
      /x\.yml:7: "with" belongs to "uses"/,
    ],
    ['.github/workflows/x.yml', workflow('      - uses: a/b@v1\n        shell: sh\n'), /"shell" belongs to "run"/],
    [
      '.github/workflows/x.yml',
      workflow("      - run: echo ${{ needs['q'].result }}\n"),
      /x\.yml:6: needs\.q: its job does not need "q"/,
    ],
    [
      '.gitlab-ci.yml',
      'a:\n  script:\n    - name: x\n      run: y\n',
      /^\.gitlab-ci\.yml:3: script has what is not a command/,
    ],
    ['.gitlab-ci.yml', 'a:\n  stage: nowhere\n  script: x\n', /"nowhere" is not a stage/],
    ['.gitlab-ci.yml', 'a:\n  runs-on: x\n', /"runs-on" is not a key of a job/],
  ])('%s with %j is found', async (path, text, problem) => {
    const found = await problemsOf({ [`a/${path}`]: text }, 'layers: [{path: a}]');
    expect(found).toContainEqual(expect.stringMatching(problem));
  });

  it('expressions and actions that GitHub takes are no problem', async () => {
    const text = `on: {workflow_call: {inputs: {a: {type: string}}}}
jobs:
  a:
    if: github.event_name == 'push' && !cancelled() || inputs.a != -1.5e3
    runs-on: \${{ matrix.os }}
    strategy: {matrix: {os: [x]}}
    outputs: {v: "\${{ steps.Two.outputs.v }}"}
    steps:
      - {id: one, uses: ./own}
      - {id: two, uses: "docker://x:1"}
      - {uses: a/b/c@v1, with: {x: "\${{ format('}} it''s {0}', steps['one'].outputs.x) }}"}}
      - if: \${{ always() && steps.two.outcome == 'failure' }}
        run: echo "\${{ toJSON(steps) }} \${{ hashFiles('**/x') }} \${{ steps.*.outcome }} \${{ github['sha'] }}"
  b:
    needs: [a]
    if: always() && contains(needs.*.result, 'failure')
    uses: ./.github/workflows/y.yml
    with: {v: "\${{ needs.A.outputs.v }}"}
`;
    expect(await problemsOf({ 'a/.github/workflows/x.yml': text }, 'layers: [{path: a}]')).toEqual([]);
  });

  it('a block in the syntax of GitHub is found in a pipeline of GitLab, and an if keeps them apart', async () => {
    const steps = '      - name: Scan\n        run: scan\n';
    const check = async (block: string) => {
      const cwd = temporaryFolder(preset('', { 'blocks/verify-steps.hbs': block }));
      const { stdout } = await run(['preset', 'check', '--format', 'json'], { cwd });
      return JSON.stringify(JSON.parse(stdout).problems);
    };
    const wrong = await check(steps);
    expect(wrong).toMatch(/\.gitlab-ci\.yml:\d+.*blocks\/verify-steps\.hbs.*for one CI.*ci=gitlab/);
    expect(wrong).not.toContain('ci=github');
    expect(JSON.parse(wrong)).toHaveLength(1);
    expect(await check(`{{#if github}}\n${steps}{{else}}\n    - scan\n{{/if}}\n`)).toBe('[]');
  });

  it('a block that is not indented is found, once, with what to do; where the CI is locked no if is asked for', async () => {
    const cwd = temporaryFolder(preset('locked: {ci: github}', { 'blocks/verify-steps.hbs': '- run: scan\n' }));
    const { stdout } = await run(['preset', 'check', '--format', 'json'], { cwd });
    const { problems } = JSON.parse(stdout) as { problems: { reason: string }[] };
    expect(problems).toEqual([
      expect.objectContaining({
        reason: expect.stringMatching(/is not YAML.*stands in a list, indent it like the lines/),
      }),
    ]);
    expect(stdout).not.toContain('for one CI');
  });

  it('workflows are read by actionlint too where it is installed, and it is said who read them', async () => {
    const files = preset('layers: [{path: a}]', { 'a/.github/workflows/x.yml': workflow('      - run: x\n') });
    const tool = '#!/bin/sh\ncat >/dev/null\necho \'[{"message": "seen", "line": 3}]\'\nexit 1\n';
    const cwd = temporaryFolder({ ...files, 'bin/actionlint': { run: tool } });
    const env = plainEnvironment();
    const alone = await run(['preset', 'check'], { cwd, program, env: { ...env, PATH: '/nonexistent' } });
    expect([alone.code, alone.stdout]).toEqual([0, expect.stringContaining('our own rules: install actionlint')]);
    const both = await run(['preset', 'check'], {
      cwd,
      program,
      env: { ...env, PATH: `${join(cwd, 'bin')}:${env.PATH}` },
    });
    expect([both.code, both.stdout]).toEqual([
      6,
      expect.stringMatching(/x\.yml:3: seen \(from .*says actionlint.*read by actionlint/s),
    ]);
  });
});

describe('what a preset names and nothing has', () => {
  it('a path with a token is removed', async () => {
    const files = { 'b/src/__name__.ts': 'x\n', 'b/y.txt': 'y' };
    const base = preset('layers: [{path: b}]', files, 'name: base\nversion: 1.0.0');
    const yaml = 'extends: ./base\nremove: [src/__name__.ts]';
    const cwd = temporaryFolder({
      ...preset(yaml),
      ...Object.fromEntries(Object.entries(base).map(([path, text]) => [`base/${path}`, text])),
    });
    const checked = await run(['preset', 'check'], { cwd, program });
    expect(checked.code, checked.stdout).toBe(0);
    const made = await run(['orders', '--preset', './', '--plan', '--yes'], { cwd, program });
    expect(made.stdout).toContain('y.txt');
    expect(made.stdout).not.toContain('src/orders.ts');
  });

  it('a path with braces is refused, with what to write', async () => {
    const yaml =
      'remove: ["src/{{name}}.ts"]\npolicy: {requiredFiles: ["{{name}}.md"]}\nmigrations: [{version: 1.0.0, delete: ["{{name}}.txt"]}]';
    const found = await problemsOf({}, yaml);
    expect(found).toEqual(
      [4, 5, 6].map((line) => expect.stringMatching(new RegExp(`^preset\\.yaml:${line}: .*written __name__`))),
    );
  });

  it('a denial of what nobody can answer, an image that no service builds on, a file that a base requires', async () => {
    const yaml = `extends: ./base
remove: [README.md]
denied: {ci: [jenkins, gitlab], port: [1]}
policy: {images: [ruby]}`;
    const base = {
      'base/preset.yaml': 'schema: 1\nname: base\nversion: 1.0.0\npolicy: {requiredFiles: [README.md]}\n',
    };
    expect(await problemsOf(base, yaml)).toEqual([
      expect.stringMatching(/^\.\/base preset\.yaml:4: no service has README\.md/),
      expect.stringMatching(/^preset\.yaml:7: Dockerfile builds on node, which the policy does not allow/),
      expect.stringMatching(
        /:7: Dockerfile builds on golang, .* \(denied: \{stack: \[go\]\} if no such service is wanted\)$/,
      ),
      expect.stringMatching(
        /:7: Dockerfile builds on python, .* \(denied: \{stack: \[python\]\} if no such service is wanted\)$/,
      ),
      expect.stringMatching(/^preset\.yaml:6: jenkins is not an answer to ci anyway/),
    ]);
  });

  it('what tools run unasked is a problem, unless the preset is trusted', async () => {
    const files = { 'a/.envrc': 'x' };
    expect(await problemsOf(files, 'layers: [{path: a}]')).toEqual([
      expect.stringMatching(/^\.envrc: a shell runs it/),
    ]);
    expect(await problemsOf(files, 'layers: [{path: a}]', ['--trust', '@acme/standard'])).toEqual([]);
  });
});
