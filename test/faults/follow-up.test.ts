// @module-tag sampled
// @module-tag node
import { spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createIn, gitSays, homeWith, IDENTITY, smallService } from '../support/creating.ts';
import { type Contents, withFolder } from '../support/folder.ts';
import { plainEnvironment, type RunResult, run } from '../support/program.ts';
import { commandOnTerminal, terminalProblem } from '../support/terminal.ts';

/** docs/faults.md, "Interruption" and "Target folder": what disturbs git and npm after the files of a new service are written. */

let small: ReturnType<typeof smallService>;
beforeAll(() => {
  small = smallService();
});
afterAll(() => small.remove());

const noTerminal = terminalProblem();
if (noTerminal) console.warn(`skipped: ${noTerminal}`);

/** A tool that waits for a signal at a subcommand, once it has written down its process id. The rest goes to the real one. */
const waiting = (tool: string, subcommand: string, then = 'exec sleep 60') => ({
  run: `#!/bin/sh\ncase " $* " in *" ${subcommand} "*) echo $$ > "$HOME/waits"; ${then};; esac\nPATH=$REST exec ${tool} "$@"\n`,
});

/** Makes a service, and sends a signal to the program alone when a tool waits. */
async function stopped(files: Contents, signal: NodeJS.Signals, args: string[]): Promise<RunResult & { cwd: string }> {
  const { cwd, env } = homeWith({ '.gitconfig': IDENTITY, ...files });
  const waits = join(cwd, 'waits');
  const options = { cwd, env: { ...env, REST: process.env.PATH }, detached: true };
  const child = spawn(process.execPath, [small.program, 'orders', '--yes', ...args], options);
  const text = { stdout: '', stderr: '' };
  child.stdout.on('data', (data) => {
    text.stdout += data;
  });
  child.stderr.on('data', (data) => {
    text.stderr += data;
  });
  const ended = new Promise<RunResult & { cwd: string }>((resolve) =>
    child.on('close', (code, how) => resolve({ code, signal: how, ...text, cwd })),
  );
  while (!existsSync(waits) || readFileSync(waits, 'utf8') === '') await new Promise((next) => setTimeout(next, 10));
  child.kill(signal);
  const result = await ended;
  if (signal !== 'SIGKILL') expect(isRunning(Number(readFileSync(waits, 'utf8')))).toBe(false);
  return result;
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

describe.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)('%s', (signal) => {
  it('while npm ci runs: npm is ended, and 4 says what is left to do', async () => {
    const { code, stderr, cwd } = await stopped({ 'bin/npm': waiting('npm', 'ci') }, signal, []);
    expect([code, stderr]).toEqual([
      4,
      expect.stringContaining(`dependencies are not installed: npm was stopped by ${signal}; run npm ci`),
    ]);
    expect(stderr).toMatch(/Run it: +cd orders && npm ci && npm run dev/);
    expect(await gitSays(join(cwd, 'orders'), 'status', '--porcelain')).toBe('');
  });

  it('while npm ci runs, with JSON: one object that says so', async () => {
    const args = ['--format', 'json'];
    const { code, stdout } = await stopped({ 'bin/npm': waiting('npm', 'ci') }, signal, args);
    expect([code, JSON.parse(stdout)]).toMatchObject([
      4,
      { ok: true, git: 'done', install: 'failed', next: ['npm ci'] },
    ]);
  });

  it.each(['init', 'var', 'update-index', 'commit'])(
    'while git %s runs: no repository, and the reason',
    async (step) => {
      const args = ['--format', 'json', '--no-install'];
      const { code, stdout, cwd } = await stopped({ 'bin/git': waiting('git', step) }, signal, args);
      expect([code, JSON.parse(stdout)]).toMatchObject([
        4,
        { git: 'failed', notes: [expect.stringContaining(`no git repository was made: git was stopped by ${signal}`)] },
      ]);
      expect(readdirSync(join(cwd, 'orders')).sort()).toEqual(['.gitignore', '.twelve.json', 'README.md', 'ignored']);
    },
  );
});

it('SIGTERM that npm does not heed: it is killed', async () => {
  const deaf = waiting('npm', 'ci', 'trap "" TERM; while :; do sleep 0.1; done');
  const { code, stderr } = await stopped({ 'bin/npm': deaf }, 'SIGTERM', ['--no-git']);
  expect([code, stderr]).toEqual([4, expect.stringContaining('npm was stopped by SIGTERM; run npm ci')]);
});

it('SIGKILL while git works: no repository, and the next run that writes removes the stage', async () => {
  const { cwd } = await stopped({ 'bin/git': waiting('git', 'commit', 'exec sleep 1') }, 'SIGKILL', ['--no-install']);
  const [stage = ''] = readdirSync(join(cwd, 'orders')).filter((name) => name.includes('twelve-stage'));
  expect([existsSync(join(cwd, 'orders/.git')), stage]).toEqual([
    false,
    expect.stringMatching(/^\.git\.twelve-stage-/),
  ]);
  // A person who makes the repository meanwhile does not commit it.
  await gitSays(join(cwd, 'orders'), 'init', '--quiet');
  expect(await gitSays(join(cwd, 'orders'), 'status', '--porcelain', '--untracked-files=all')).not.toContain('stage');
  const next = await run(['orders', '--yes', '--overwrite', '--no-install'], { cwd, program: small.program });
  expect([next.code, next.stderr]).toEqual([0, expect.stringContaining(`${stage}, left by a killed run, was removed`)]);
});

it('signals at random times: a whole repository or none, no stage, and an exit code that says so', async () => {
  for (let round = 0; round < 24; round += 1) {
    await withFolder({ '.gitconfig': IDENTITY, 'bin/npm': { run: '#!/bin/sh\nsleep 0.2\n' } }, async (cwd) => {
      const env = plainEnvironment({ HOME: cwd, GIT_CONFIG_NOSYSTEM: '1' });
      env.PATH = `${join(cwd, 'bin')}:${env.PATH}`;
      const args = [small.program, 'orders', '--yes', '--format', 'json'];
      const child = spawn(process.execPath, args, { cwd, env, stdio: ['ignore', 'pipe', 'ignore'], detached: true });
      let stdout = '';
      child.stdout.on('data', (data) => {
        stdout += data;
      });
      const ended = new Promise((resolve) => child.on('close', (code, signal) => resolve(code ?? signal)));
      await new Promise((next) => setTimeout(next, 60 + Math.random() * 500));
      // A terminal sends it to the whole group, a supervisor to the program alone.
      const pid = child.pid ?? 0;
      if (child.exitCode === null) process.kill(round % 2 === 0 ? -pid : pid, round % 3 === 0 ? 'SIGINT' : 'SIGTERM');
      const code = await ended;
      const at = join(cwd, 'orders');
      const names = [...readdirSync(cwd), ...(existsSync(at) ? readdirSync(at) : [])];
      expect(names.filter((name) => name.includes('twelve-stage'))).toEqual([]);
      if (!existsSync(at)) return expect([130, 143, 'SIGINT', 'SIGTERM']).toContain(code);
      if (!existsSync(join(at, '.git'))) expect(code).toBe(4);
      else {
        expect(await gitSays(at, 'rev-list', '--count', 'HEAD')).toBe('1');
        expect(await gitSays(at, 'status', '--porcelain')).toBe('');
      }
      if (code === 0) expect(JSON.parse(stdout)).toMatchObject({ git: 'done', install: 'done' });
    });
  }
});

describe('a full disk', () => {
  it('npm ends with 0 and has not written every file: 4, with what npm said', async () => {
    const says = [
      'npm warn deprecated left-pad@1.0.0: no more',
      ...Array(3).fill('npm warn tar TAR_ENTRY_ERROR ENOSPC: no space left on device, write'),
    ].join('\\n');
    const { code, stdout, stderr } = await createIn(small.program, ['orders', '--no-git'], {}, { NPM_SAYS: says });
    expect([code, JSON.parse(stdout)]).toMatchObject([
      4,
      {
        install: 'failed',
        notes: [
          'dependencies are not installed: npm could not write every file: ENOSPC: no space left on device, write; run npm ci',
        ],
        next: ['npm ci'],
      },
    ]);
    expect(stderr).not.toContain('deprecated');
  });

  it('npm fails: its reason, and all of what it said', async () => {
    const extra = { NPM_SAYS: 'npm error code E404\\nnpm error 404 no such package\\n', NPM_EXIT: '1' };
    const { code, stdout, stderr } = await createIn(small.program, ['orders', '--no-git'], {}, extra);
    expect([code, JSON.parse(stdout).notes]).toEqual([
      4,
      ['dependencies are not installed: 404 no such package; run npm ci'],
    ]);
    expect(stderr).toContain('npm error code E404');
  });
});

describe('what is waited for', () => {
  const slow = { 'bin/npm': { run: '#!/bin/sh\nsleep 3\n' } };

  it('is a line where no terminal is, and nothing with JSON', async () => {
    const { cwd, env } = homeWith(slow);
    const options = { cwd, env, program: small.program };
    const text = await run(['orders', '--yes', '--no-git'], options);
    expect([text.code, text.waited]).toEqual([0, ['installing the dependencies (npm ci) ...\n']]);
    expect(text.stderr).not.toContain('\u001b');
    const json = await run(['other', '--yes', '--no-git', '--format', 'json'], options);
    expect([json.code, json.stderr, json.waited]).toEqual([0, '', []]);
  });

  it.skipIf(noTerminal)('is a spinner on a terminal, which is gone at the end', async () => {
    const { cwd, env } = homeWith(slow);
    const command = [process.execPath, small.program, 'orders', '--yes', '--no-git'];
    const { code, screen } = await commandOnTerminal(command, { cwd, env, steps: [] });
    expect(code).toBe(0);
    expect(screen).toMatch(/[|/\\-] installing the dependencies \(npm ci\) \(\d+ s\)/);
    expect(screen).toContain('\r\u001b[Korders is in orders');
  });

  it.skipIf(noTerminal)('is a line on a terminal that can do nothing else', async () => {
    const { cwd, env } = homeWith(slow);
    const command = [process.execPath, small.program, 'orders', '--yes', '--no-git'];
    const { screen } = await commandOnTerminal(command, { cwd, env: { ...env, TERM: 'dumb' }, steps: [] });
    expect(screen).toContain('installing the dependencies (npm ci) ...');
    expect(screen).not.toContain('\u001b');
  });

  it('is a source that is fetched, too', async () => {
    const { cwd, env } = homeWith({ 'bin/npm': { run: '#!/bin/sh\nsleep 3\nexit 1\n' } });
    const args = ['orders', '--yes', '--preset', 'npm:@acme/preset@1.0.0'];
    const { waited } = await run(args, { cwd, env, program: small.program });
    expect(waited).toEqual(['fetching npm:@acme/preset@1.0.0 with npm ...\n']);
  });
});
