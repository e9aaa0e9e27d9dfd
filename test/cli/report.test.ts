// @module-tag sampled
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Ajv2020 from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EXIT_BY_CODE } from '../../engine/core/errors.ts';
import { filesIn, snapshot, temporaryFolder, withFolder } from '../support/folder.ts';
import { execute, FILES_ONLY, PROGRAM, plainEnvironment, programWith, ROOT, run } from '../support/program.ts';

/** The last output of the program, for people and for programs. */

describe('describe', () => {
  it('--format json: every question with a valid JSON Schema that accepts the same values as the program', async () => {
    const result = await run(['describe', '--format', 'json'], { cwd: '/' });
    expect([result.code, result.stderr]).toEqual([0, '']);
    const described = JSON.parse(result.stdout);
    expect(described).toMatchObject({ schema: 1, program: 'create-twelve-service', version: expect.any(String) });
    const [create] = described.generators;
    const validate = new Ajv2020.default({ strict: true }).compile(create.answers);
    const cases: [object, boolean][] = [
      [{ name: 'orders' }, true],
      [
        {
          name: 'orders',
          database: 'none',
          cache: 'redis',
          ci: 'none',
          port: 80,
          registry: 'ghcr.io/acme',
          license: 'MIT',
        },
        true,
      ],
      [{}, false],
      [{ name: 'orders', database: 'mysql' }, false],
      [{ name: 'orders', port: 0 }, false],
      [{ name: 'orders', port: 80.5 }, false],
      [{ name: 'orders', registry: 'https://x' }, false],
      [{ name: 'orders', databse: 'none' }, false],
    ];
    for (const [answers, valid] of cases) {
      expect(validate(answers), JSON.stringify(answers)).toBe(valid);
      const ran = await run(['--answers', '-', '--plan', '--format', 'json'], {
        cwd: '/',
        input: JSON.stringify(answers),
      });
      expect(ran.code === 0, ran.stderr).toBe(valid);
    }
    const ajv = new Ajv2020.default({ strict: true });
    for (const question of create.questions) expect(ajv.validateSchema(question.schema), question.name).toBe(true);
    expect(create.questions.map(({ flag }: { flag: string }) => flag)).toContain('--database');
    expect(described.options.map(({ flag }: { flag: string }) => flag)).toContain('--answers');
  });

  it('as text: one line a question', async () => {
    const result = await run(['describe'], { cwd: '/' });
    expect([result.code, result.stderr]).toEqual([0, '']);
    expect(result.stdout).toMatch(/--database +Database \[postgres \| none\]/);
  });
});

describe('the last lines', () => {
  it('at most eight, on stderr: where it is, the commands to run, the command that repeats this', async () => {
    const cwd = temporaryFolder({ 'repo/.git/HEAD': 'x', 'repo/package.json': '{"workspaces": ["*"]}' });
    for (const [from, install] of [
      ['.', 'ci'],
      // A workspace has one lockfile, which does not know the new member.
      ['repo', 'install'],
    ] as const) {
      const result = await run(['orders', '--yes', ...FILES_ONLY], { cwd: join(cwd, from) });
      expect([result.code, result.stdout]).toEqual([0, '']);
      const lines = result.stderr.trimEnd().split('\n');
      expect(lines.length).toBeLessThanOrEqual(8);
      expect(lines[0]).toMatch(/^orders is in orders \(\d+ files\)\.$/);
      expect(result.stderr).toMatch(new RegExp(`\nRun it: +cd orders && npm ${install} && npm run dev\n`));
      expect(result.stderr).toMatch(/\nRepeat it: +npm create twelve-service@latest -- orders .+ --yes\n$/);
    }
  });

  it('the command that repeats the run makes the same tree, whatever was answered', async () => {
    const answers = fc.record({
      name: fc.constantFrom('orders', '@acme/orders'),
      database: fc.constantFrom('postgres', 'none'),
      cache: fc.constantFrom('redis', 'none'),
      ci: fc.constantFrom('github', 'gitlab', 'none'),
      description: fc.constantFrom('plain', 'it\'s "q" $HOME `x` \\ {{x}}', '-starts with a dash', '', '--yes'),
      author: fc.constantFrom('', 'Jo <jo@x.org>', '-x'),
      port: fc.constantFrom(8080, 9000),
      registry: fc.constantFrom('', 'ghcr.io/acme'),
    });
    await fc.assert(
      fc.asyncProperty(answers, fc.constantFrom([], ["--dir=o'rders; x"], ['--dir=-o']), (given, where) =>
        withFolder({ 'bin/npm': { run: NPM } }, async (cwd) => {
          const first = await run(['--answers', '-', '--format', 'json', ...where, '--yes', ...FILES_ONLY], {
            cwd,
            input: JSON.stringify(given),
          });
          expect(first.code, first.stderr).toBe(0);
          const { repeat, target } = JSON.parse(first.stdout);
          const made = snapshot(target);
          await execute('rm', ['-rf', target], { cwd });
          const env = plainEnvironment({ PROGRAM, NODE: process.execPath });
          env.PATH = `${join(cwd, 'bin')}:${env.PATH}`;
          const again = await execute('sh', ['-c', repeat], { cwd, env });
          expect(again.code, `${repeat}: ${again.stderr}`).toBe(0);
          expect(snapshot(target)).toEqual(made);
        }),
      ),
      { numRuns: 12 },
    );
  });
});

/** The command that `npm create twelve-service@latest -- ...` runs. */
const NPM = '#!/bin/sh\nshift 3\nexec "$NODE" "$PROGRAM" "$@"\n';

describe('streams and codes', () => {
  it('stdout gets only JSON, whatever npm and git print', async () => {
    const cwd = temporaryFolder({
      'bin/npm': { run: '#!/bin/sh\necho npm says hello\necho npm warns >&2\n' },
    });
    const env = plainEnvironment({ HOME: cwd });
    env.PATH = `${join(cwd, 'bin')}:${env.PATH}`;
    const result = await run(['orders', '--format', 'json', '--yes'], { cwd, env });
    expect(result.code, result.stderr).toBe(0);
    expect(result.stdout).toMatch(/^\{.*\}\n$/);
    expect(JSON.parse(result.stdout)).toMatchObject({ ok: true, install: 'done' });
    expect(result.stderr).not.toContain('npm says hello');
  });

  it('the codes are stable: a script may depend on each', () => {
    expect(EXIT_BY_CODE).toEqual({
      INTERNAL: 1,
      INPUT_INVALID: 2,
      INPUT_MISSING: 2,
      FLAG_UNKNOWN: 2,
      TARGET_NOT_EMPTY: 3,
      TARGET_BUSY: 3,
      TARGET_CHANGED: 3,
      TARGET_UNUSABLE: 3,
      SERVICE_NOT_FOUND: 3,
      MANIFEST_BROKEN: 3,
      MANIFEST_NEWER: 3,
      ADDITION_DIFFERS: 3,
      NAME_TAKEN: 3,
      NOT_POSSIBLE: 3,
      PLAN_OUTDATED: 3,
      NOTHING_TO_UNDO: 3,
      EDITED_SINCE: 3,
      NOT_CLEAN: 3,
      UPGRADE_PENDING: 3,
      NOTHING_PENDING: 3,
      CONFLICTS_LEFT: 3,
      FOLLOW_UP_FAILED: 4,
      SOURCE_UNREACHABLE: 5,
      SOURCE_DENIED: 5,
      SOURCE_NOT_FOUND: 5,
      SOURCE_CHANGED: 6,
      TEMPLATE_BROKEN: 6,
      TEMPLATE_UNSAFE: 6,
      MANIFEST_UNSAFE: 6,
      DISK_FULL: 7,
      DISK_READ_ONLY: 7,
      DISK_FAILED: 7,
      OUTPUT_FAILED: 7,
      INTERRUPTED: 130,
      TERMINATED: 143,
    });
  });

  it('a bug of ours has code 1, says where to report it, and writes nothing', async () => {
    const broken = programWith({ files: { 'base/a': '' } });
    try {
      const folder = join(broken.program, '../templates/typescript');
      for (const name of filesIn(folder)) writeFileSync(join(folder, name), 'null');
      const cwd = temporaryFolder();
      const { code, stderr } = await run(['orders', '--yes'], { cwd, program: broken.program });
      expect([code, stderr]).toEqual([1, expect.stringContaining('bug of create-twelve-service')]);
      expect(Object.keys(snapshot(cwd))).toEqual(['.']);
    } finally {
      broken.remove();
    }
  });

  it('no secret of the environment is in any file, or in the JSON', async () => {
    const secret = 'npm_s3cr3tT0kenOfMine';
    const cwd = temporaryFolder();
    const env = plainEnvironment({ NPM_TOKEN: secret, GITHUB_TOKEN: secret, npm_config__authToken: secret });
    const result = await run(['orders', '--format', 'json', '--yes', ...FILES_ONLY], { cwd, env });
    expect(result.code).toBe(0);
    expect(JSON.stringify([result, snapshot(cwd)])).not.toContain(secret);
  });

  it('the README and the help text give the same exit codes', async () => {
    const { stdout } = await run(['--help'], { cwd: '/' });
    const readme = readFileSync(join(ROOT, 'README.md'), 'utf8');
    for (const code of new Set(Object.values(EXIT_BY_CODE))) {
      expect(stdout).toMatch(new RegExp(`\\b${code} |\\b${code}\\b`));
      expect(readme).toMatch(new RegExp(`\\b${code}\\b`));
    }
  });
});
