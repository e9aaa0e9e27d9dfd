// @module-tag sampled
import { spawnSync } from 'node:child_process';
import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { snapshot, temporaryFolder, write } from '../support/folder.ts';
import { inFolder, preset } from '../support/preset.ts';
import { execute, plainEnvironment, ROOT, type RunResult } from '../support/program.ts';

/** docs/faults.md, "Names and input", the last row: a real npm, and this package where npm would install it. */

const noNpm = spawnSync('npm', ['--version'], { stdio: 'ignore' }).status === 0 ? undefined : 'there is no npm here';
if (noNpm) console.warn(`skipped: ${noNpm}`);

/** `npm create twelve-service ...` in a folder of its own, without a network. */
async function npmCreate(...args: string[]): Promise<RunResult & { cwd: string }> {
  const cwd = temporaryFolder({
    'package.json': '{"private": true}',
    'node_modules/.bin/': '',
    'home/': '',
    ...inFolder('preset', preset('questions: [{name: team, message: Team, type: string, default: none}]')),
  });
  symlinkSync(ROOT, join(cwd, 'node_modules/create-twelve-service'));
  symlinkSync('../create-twelve-service/dist/bin.cjs', join(cwd, 'node_modules/.bin/create-twelve-service'));
  write(cwd, { 'home/.npmrc': 'offline=true\nupdate-notifier=false\n' });
  const env = plainEnvironment({ HOME: join(cwd, 'home'), CI: 'true' });
  return { ...(await execute('npm', ['create', 'twelve-service', ...args], { cwd, env })), cwd };
}

const answersOf = ({ cwd }: { cwd: string }, name = 'orders') =>
  JSON.parse((snapshot(cwd)[`${name}/.twelve.json`] ?? '').replace(/^file \d+ /, '') || '{}').answers;

describe.skipIf(noNpm)('Names and input: npm takes flags for itself (`npm create x --template y` without `--`)', () => {
  const rest = ['--no-git', '--no-install'];

  it('recovered from `npm_config_*` with a warning', async () => {
    const cases: [string[], object][] = [
      [['--database', 'none'], { database: 'none' }],
      [['--database=none', '--port=9090', '--author=Bob'], { database: 'none', port: 9090, author: 'Bob' }],
      [['--cache', 'redis'], { cache: 'redis' }],
      [['--registry', 'ghcr.io/acme'], { registry: 'ghcr.io/acme' }],
      [['--registry=ghcr.io/acme', '--database', 'none'], { registry: 'ghcr.io/acme', database: 'none' }],
      [['--ci', 'gitlab'], { ci: 'gitlab' }],
      [['--ci=none', '--database', 'none', '--cache=redis'], { ci: 'none', database: 'none', cache: 'redis' }],
    ];
    for (const [flags, answers] of cases) {
      const result = await npmCreate('orders', ...flags, ...rest);
      expect(result.code, `${flags}: ${result.stderr}`).toBe(0);
      expect(result.stderr).toMatch(/warning: npm took --.+ for itself; it is used all the same/);
      expect(answersOf(result)).toMatchObject(answers);
      expect(Object.keys(snapshot(result.cwd)).filter((path) => /^orders\/(\.git|node_modules)\//.test(path))).toEqual(
        [],
      );
    }
  });

  it('the folder that npm makes of `--cache redis` is named', async () => {
    const { code, stderr, cwd } = await npmCreate('orders', '--cache', 'redis', ...rest);
    expect([code, stderr]).toEqual([
      0,
      expect.stringContaining(`npm made the folder ${join(cwd, 'redis')} for its own cache: remove it.`),
    ]);
  });

  it("a registry of npm is npm's own, and a prefix that is none is refused", async () => {
    const made = await npmCreate('orders', '--registry', 'http://127.0.0.1:9/', ...rest);
    expect([made.code, answersOf(made).registry], made.stderr).toEqual([0, '']);
    const wrong = await npmCreate('orders', '--registry', 'GHCR.io/Acme', ...rest);
    expect([wrong.code, wrong.stderr]).toEqual([2, expect.stringMatching(/--registry .*lower case/)]);
    // The log of an earlier run says nothing about this one.
    const next = await npmCreate('orders', ...rest);
    expect([next.code, answersOf(next).registry], next.stderr).toEqual([0, '']);
  });

  it('a preset and the answers to its own questions too', async () => {
    const cases: [string[], object][] = [
      [['--preset', './preset'], { team: 'none' }],
      [['--preset=./preset', '--team=pay', '--ci=none'], { team: 'pay', ci: 'none' }],
      [['--preset=./preset', '--team', 'pay'], { team: 'pay' }],
    ];
    for (const [flags, answers] of cases) {
      const result = await npmCreate('orders', ...flags, ...rest);
      expect(result.code, `${flags}: ${result.stderr}`).toBe(0);
      expect(result.stderr).toMatch(/warning: npm took --.+ for itself; it is used all the same/);
      expect(answersOf(result)).toMatchObject(answers);
    }
    const both = await npmCreate('orders', '--preset', './preset', '--team', 'pay', ...rest);
    expect([both.code, both.stderr]).toEqual([2, expect.stringMatching(/"--"/)]);
    expect(answersOf(both)).toBeUndefined();
  });

  it('a value that is also the name is taken once', async () => {
    const result = await npmCreate('none', '--database', 'none', ...rest);
    expect(result.code, result.stderr).toBe(0);
    expect(answersOf(result, 'none')).toMatchObject({ name: 'none', database: 'none' });
  });

  it('or 2 with the right command, if it is ambiguous', async () => {
    for (const flags of [
      ['--database', 'none', '--stack', 'typescript'],
      ['--description', 'x'],
      ['--format', 'json'],
      ['--port', '9090', '--author', 'Bob'],
    ]) {
      const result = await npmCreate('orders', ...flags, ...rest);
      expect(result.code, `${flags}: ${result.stderr}`).toBe(2);
      expect(result.stderr).toMatch(/"--"/);
      expect(answersOf(result)).toBeUndefined();
    }
  });

  it("npm's own `--force`, `--yes`, `--json` never reach us, and `--dry-run` and `--plan` write nothing", async () => {
    const made = await npmCreate('orders', '--force', '--yes', '--json', ...rest);
    expect(made.code, made.stderr).toBe(0);
    expect(answersOf(made)).toMatchObject({ name: 'orders' });
    for (const flag of ['--plan', '--dry-run']) {
      const planned = await npmCreate('orders', flag);
      expect(planned.code, planned.stderr).toBe(0);
      expect(planned.stdout).toContain('Plan for orders');
      expect(Object.keys(snapshot(planned.cwd)).filter((path) => path.startsWith('orders'))).toEqual([]);
    }
  });

  it('after `--` npm takes no flag, and there is no warning', async () => {
    const result = await npmCreate('orders', '--', '--database', 'none', '--format', 'json', ...rest);
    expect(result.code, result.stderr).toBe(0);
    expect(result.stderr).not.toContain('warning: npm took');
    expect(JSON.parse(result.stdout.slice(result.stdout.indexOf('{"schema"')))).toMatchObject({
      ok: true,
      answers: { database: 'none' },
    });
  });
});
