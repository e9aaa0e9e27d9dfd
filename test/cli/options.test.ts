// @module-tag sampled
// @module-tag node
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { COMMON_OPTIONS } from '../../bin/command-line/command.ts';
import { CREATE_OPTIONS } from '../../bin/command-line/options.ts';
import { flagOf } from '../../engine/core/question.ts';
import { CREATE_QUESTIONS } from '../../generators/create/questions.ts';
import { filesIn, snapshot, temporaryFolder } from '../support/folder.ts';
import { FILES_ONLY, PROGRAM, type RunResult, run } from '../support/program.ts';

/** Every option of the command line, by what it does to the built program. */

const make = (cwd: string, ...args: string[]): Promise<RunResult> => run([...args, '--yes', ...FILES_ONLY], { cwd });

function manifest(cwd: string, folder = 'orders'): Record<string, never> {
  return JSON.parse(readFileSync(join(cwd, folder, '.twelve.json'), 'utf8'));
}

describe('the questions as flags', () => {
  it.each([
    ['--description', 'What it is', 'description'],
    ['--author', 'Jo <jo@example.com>', 'author'],
    ['--license', 'MIT OR Apache-2.0', 'license'],
    ['--registry', 'ghcr.io/acme', 'registry'],
    ['--database', 'none', 'database'],
    ['--cache', 'redis', 'cache'],
    ['--ci', 'gitlab', 'ci'],
    ['--deploy', 'kubernetes', 'deploy'],
    ['--stack', 'typescript', 'stack'],
  ])('%s %s is an answer', async (flag, value, name) => {
    const cwd = temporaryFolder();
    const result = await make(cwd, 'orders', flag, value);
    expect(result.code, result.stderr).toBe(0);
    expect(manifest(cwd).answers).toMatchObject({ [name]: value });
  });

  it('--port 9000 is a number, and --name may stand for the positional', async () => {
    const cwd = temporaryFolder();
    expect((await make(cwd, '--name', 'orders', '--port=9000')).code).toBe(0);
    expect(manifest(cwd).answers).toMatchObject({ name: 'orders', port: 9000 });
  });

  it('a name that leaves no room for the Job of Kubernetes is refused with 2', async () => {
    const kubernetes = ['--deploy', 'kubernetes'];
    for (const [name, code, ...more] of [
      ['a'.repeat(55), 0],
      ['b'.repeat(56), 2],
      ['c'.repeat(56), 0, '--database', 'none'],
    ] as const) {
      const result = await make(temporaryFolder(), name, ...kubernetes, ...more);
      expect([name, result.code], result.stderr).toEqual([name, code]);
    }
  });

  it.each([
    ['--database', 'mysql'],
    ['--cache', 'memcached'],
    ['--ci', 'jenkins'],
    ['--stack', 'cobol'],
    ['--port', '0'],
    ['--port', '65536'],
    ['--port', '8e3'],
    ['--port', '-1'],
    ['--registry', 'https://x'],
    ['--registry', 'UPPER/x'],
    ['--license', ''],
    ['--description', 'x'.repeat(301)],
  ])('%s %s is refused with 2, and nothing is written', async (flag, value) => {
    const cwd = temporaryFolder();
    const result = await make(cwd, 'orders', `${flag}=${value}`);
    expect([result.code, result.stdout]).toEqual([2, '']);
    expect(result.stderr).toContain(`error: ${flag} `);
    expect(Object.keys(snapshot(cwd))).toEqual(['.']);
  });

  it('a flag does not use the next flag as its value', async () => {
    const cwd = temporaryFolder();
    const result = await run(['orders', '--database', '--no-git'], { cwd });
    expect([result.code, result.stderr]).toEqual([2, expect.stringContaining('--database needs a value')]);
  });

  it('a pattern is explained in words', async () => {
    const { stderr } = await make(temporaryFolder(), 'orders', '--registry', 'https://ghcr.io/acme/');
    expect(stderr).toContain('--registry must be a registry host and path in lower case');
  });

  it.each([
    ['github', 'ghcr.io/acme', '.github/workflows/ci.yml', "vars.IMAGE == '' && github.token"],
    ['github', 'registry.acme.com:5000', '.github/workflows/ci.yml', '{{ secrets.REGISTRY_TOKEN }}'],
    ['gitlab', 'ghcr.io/acme', '.gitlab-ci.yml', 'echo "$REGISTRY_TOKEN"'],
  ])('the %s pipeline pushes to --registry %s', async (ci, registry, path, line) => {
    const cwd = temporaryFolder();
    expect((await make(cwd, 'orders', '--ci', ci, '--registry', registry)).code).toBe(0);
    const pipeline = readFileSync(join(cwd, 'orders', path), 'utf8');
    expect(pipeline).toContain(line);
    expect(pipeline).toMatch(new RegExp(`IMAGE: .*${registry}/orders`));
    expect(readFileSync(join(cwd, 'orders/README.md'), 'utf8')).toContain(`\`${registry}/orders:COMMIT\``);
  });

  it('every question has a flag, and at most five are asked', () => {
    const help = CREATE_QUESTIONS.map(({ name }) => name).sort();
    expect(help).toEqual([
      'author',
      'cache',
      'ci',
      'database',
      'deploy',
      'description',
      'license',
      'name',
      'packageManager',
      'port',
      'registry',
      'stack',
    ]);
    expect(CREATE_QUESTIONS.filter(({ asked }) => asked).length).toBeLessThanOrEqual(5);
    expect(CREATE_QUESTIONS.filter((question) => question.default === undefined).map(({ name }) => name)).toEqual([
      'name',
    ]);
  });
});

describe('the options of a run', () => {
  it('--dir chooses the folder, and does not change the name', async () => {
    const cwd = temporaryFolder();
    expect((await make(cwd, 'orders', '--dir', 'services/o')).code).toBe(0);
    expect(manifest(cwd, 'services/o').answers).toMatchObject({ name: 'orders' });
    expect(Object.keys(snapshot(cwd)).filter((path) => !path.includes('/'))).toEqual(['.', 'services']);
  });

  it('`.` is this folder, named after it; with --dir it is that folder', async () => {
    const cwd = temporaryFolder({ 'shop/': '', 'bad name/': '' });
    expect((await make(join(cwd, 'shop'), '.')).code).toBe(0);
    expect(manifest(cwd, 'shop').answers).toMatchObject({ name: 'shop' });
    const bad = await make(join(cwd, 'bad name'), '.');
    expect([bad.code, bad.stderr]).toEqual([2, expect.stringContaining('; try "bad-name"')]);
    expect((await make(cwd, '.', '--dir', 'billing')).code).toBe(0);
    expect(manifest(cwd, 'billing').answers).toMatchObject({ name: 'billing' });
  });

  it.each(['--plan', '--dry-run'])('%s prints the changes with diffs on stdout, and writes nothing', async (flag) => {
    const cwd = temporaryFolder();
    const result = await make(cwd, 'orders', flag);
    expect([result.code, result.stderr]).toEqual([0, '']);
    expect(result.stdout).toMatch(/^Plan for orders: \d+ to create\. Nothing was written\.\n/);
    expect(result.stdout).toContain('\n--- /dev/null\n+++ b/package.json\n@@ ');
    expect(Object.keys(snapshot(cwd))).toEqual(['.']);
  });

  it.each(['--yes', '--defaults'])('%s asks nothing, and uses every default', async (flag) => {
    const cwd = temporaryFolder();
    const result = await run(['orders', flag, ...FILES_ONLY], { cwd });
    expect(result.code, result.stderr).toBe(0);
  });

  it('--answers FILE: the file answers, flags win, the positional wins', async () => {
    const cwd = temporaryFolder({
      'a.json': '{"name": "billing", "database": "none", "cache": "redis", "port": 7000}',
    });
    expect((await make(cwd, '--answers', 'a.json')).code).toBe(0);
    expect(manifest(cwd, 'billing').answers).toMatchObject({ database: 'none', cache: 'redis', port: 7000 });
    expect((await make(cwd, 'orders', '--answers', join(cwd, 'a.json'), '--cache', 'none')).code).toBe(0);
    expect(manifest(cwd).answers).toMatchObject({ name: 'orders', database: 'none', cache: 'none' });
  });

  it('--answers - reads standard input', async () => {
    const cwd = temporaryFolder();
    const result = await run(['--answers', '-', ...FILES_ONLY], { cwd, input: '{"name": "orders", "ci": "none"}' });
    expect(result.code, result.stderr).toBe(0);
    expect(manifest(cwd).answers).toMatchObject({ ci: 'none' });
  });

  it.each([
    ['not JSON', '{'],
    ['empty', ''],
    ['an array', '["orders"]'],
    ['null', 'null'],
    ['an unknown question', '{"name": "orders", "databse": "none"}'],
    ['a wrong type', '{"name": "orders", "port": "many"}'],
    ['a number for a text', '{"name": 7}'],
    ['an object for a text', '{"name": {"toString": 1}}'],
    ['__proto__', '{"name": "orders", "__proto__": {"database": "none"}}'],
  ])('--answers with %s: 2', async (_what, input) => {
    const cwd = temporaryFolder();
    const result = await run(['--answers', '-', ...FILES_ONLY], { cwd, input });
    expect([result.code, result.stdout]).toEqual([2, '']);
    expect(result.stderr).toMatch(/^error: .+\nhelp: .+\n$/);
    expect(Object.keys(snapshot(cwd))).toEqual(['.']);
  });

  it('--answers with a missing file or a folder: 2', async () => {
    const cwd = temporaryFolder();
    for (const file of ['nowhere.json', '.']) {
      const result = await run(['orders', '--answers', file], { cwd });
      expect([result.code, result.stderr]).toEqual([2, expect.stringContaining('cannot be read')]);
    }
  });

  it('--answers with a byte order mark is read', async () => {
    const cwd = temporaryFolder({ 'a.json': '\ufeff{"name": "orders", "database": "none"}' });
    expect((await make(cwd, '--answers', 'a.json')).code).toBe(0);
    expect(manifest(cwd).answers).toMatchObject({ name: 'orders', database: 'none' });
  });

  it.each([
    ['nested 100,000 deep', `{"name": ${'['.repeat(1e5)}${']'.repeat(1e5)}}`, 'is nested too deep'],
    [
      'with 200,000 members',
      JSON.stringify(Object.fromEntries(Array.from({ length: 2e5 }, (_, i) => [`k${i}`, i]))),
      'has 200000 members',
    ],
    ['of 5 MB', JSON.stringify({ name: 'x'.repeat(5e6) }), 'is larger than'],
  ])('--answers %s: 2, in one line', async (_what, content, reason) => {
    const cwd = temporaryFolder({ 'a.json': content });
    for (const [file, input] of [
      ['a.json', ''],
      ['-', content],
    ] as const) {
      const result = await run(['--answers', file, '--yes', ...FILES_ONLY], { cwd, input });
      expect([result.code, result.stderr]).toEqual([2, expect.stringContaining(reason)]);
      expect(result.stderr.length).toBeLessThan(500);
    }
  });

  it('--answers, --from or --since of a pipe that nobody writes to: 2, and it is not waited for', async () => {
    const cwd = temporaryFolder();
    execFileSync('mkfifo', [join(cwd, 'pipe')]);
    for (const args of [
      ['orders', '--answers', 'pipe'],
      ['audit', '--from', 'pipe'],
      ['audit', '.', '--since', 'pipe'],
      ['apply', 'pipe'],
    ]) {
      const result = await run(args, { cwd });
      expect([result.code, result.stderr], args.join(' ')).toEqual([2, expect.stringContaining('a pipe or a device')]);
    }
  });

  it.each([
    ['a colon', 'a:b', '":"'],
    ['a backslash', 'a\\b', '"\\"'],
  ])('--dir with %s: 3, for nothing can be built there', async (_what, dir, shown) => {
    const cwd = temporaryFolder();
    const result = await make(cwd, 'orders', '--dir', dir);
    expect([result.code, result.stderr]).toEqual([3, expect.stringContaining(`has a ${shown}`)]);
    expect(Object.keys(snapshot(cwd))).toEqual(['.']);
  });

  it('--description of spaces: 2', async () => {
    const result = await make(temporaryFolder(), 'orders', '--description', '   ');
    expect([result.code, result.stderr]).toEqual([2, expect.stringContaining('--description has only spaces')]);
  });

  it('--format json prints one object on stdout, for success, plan and failure', async () => {
    const cwd = temporaryFolder();
    const made = await make(cwd, 'orders', '--format', 'json');
    expect(JSON.parse(made.stdout)).toMatchObject({
      schema: 1,
      ok: true,
      command: 'create',
      applied: true,
      target: join(cwd, 'orders'),
    });
    expect(JSON.parse((await make(cwd, 'other', '--format=json', '--plan')).stdout)).toMatchObject({
      schema: 1,
      ok: true,
      applied: false,
    });
    const refused = await make(cwd, 'orders', '--format', 'json');
    expect([refused.code, JSON.parse(refused.stdout)]).toEqual([
      3,
      {
        schema: 1,
        ok: false,
        code: 'TARGET_NOT_EMPTY',
        exit: 3,
        message: expect.any(String),
        remedy: expect.any(String),
        problems: [],
      },
    ]);
    const broken = await run(['--format', 'json', '--nonsense'], { cwd });
    expect([broken.code, JSON.parse(broken.stdout).code]).toEqual([2, 'FLAG_UNKNOWN']);
    expect((await run(['orders', '--format', 'xml'], { cwd })).code).toBe(2);
  });

  it('--debug adds the stack of an error', async () => {
    const cwd = temporaryFolder();
    expect((await make(cwd, 'Bad', '--debug')).stderr).toMatch(/\n {4}at /);
    expect((await make(cwd, 'Bad')).stderr).not.toMatch(/\n {4}at /);
  });

  it.each(['--help', '-h'])('%s names every option, on stdout', async (flag) => {
    const cwd = temporaryFolder();
    const result = await run([flag], { cwd });
    expect([result.code, result.stderr]).toEqual([0, '']);
    for (const question of CREATE_QUESTIONS)
      if (question.name !== 'name') expect(result.stdout).toContain(`${flagOf(question)} `);
    for (const flag of Object.keys({ ...CREATE_OPTIONS, ...COMMON_OPTIONS }))
      expect(result.stdout).toContain(`--${flag}`);
    for (const line of result.stdout.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
  });

  it('--version is the package version', async () => {
    const { version } = JSON.parse(readFileSync(join(PROGRAM, '../../package.json'), 'utf8'));
    const { code, stdout, stderr } = await run(['--version'], { cwd: '/' });
    expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: `${version}\n`, stderr: '' });
  });

  it.each([
    [['orders', 'billing'], 'one argument too many'],
    [['add', 'nothing'], 'add what? endpoint, '],
    [['orders', '--overwrite=yes'], 'takes no value'],
    [['orders', '--dir'], 'needs a value'],
    [['orders', '--database'], 'needs a value'],
    [['orders', '--ci', 'none', '--ci', 'github'], 'given twice'],
    [['orders', '--dry-run', '--plan'], 'given twice'],
    [['orders', '--name', 'billing'], 'given twice'],
    [['orders', '--dir', ''], '--dir needs a value'],
    [['describe', 'orders'], 'one argument too many'],
  ])('%j: 2, "%s"', async (args, reason) => {
    const cwd = temporaryFolder();
    const result = await run(args, { cwd });
    expect([result.code, result.stderr]).toEqual([2, expect.stringContaining(reason)]);
    expect(filesIn(cwd)).toEqual([]);
  });

  it('a current folder that was deleted: 7 and one line, no stack trace', async () => {
    const cwd = temporaryFolder({ 'gone/': '' });
    mkdirSync(join(cwd, 'gone/x'));
    const { execute } = await import('../support/program.ts');
    const command = `rm -r ../x && "$0" "$1" orders --yes`;
    const result = await execute('sh', ['-c', command, process.execPath, PROGRAM], { cwd: join(cwd, 'gone/x') });
    expect([result.code, result.stderr]).toEqual([7, expect.stringMatching(/^error: .+\nhelp: .+\n$/)]);
  });
});
