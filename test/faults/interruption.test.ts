// @module-tag sampled
// @module-tag node
import { spawn } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { snapshot, temporaryFolder } from '../support/folder.ts';
import { execute, FILES_ONLY, PROGRAM, plainEnvironment, programWith, run } from '../support/program.ts';
import { callsOf, runSabotaged } from '../support/sabotage.ts';
import { CTRL_C, onTerminal, terminalProblem } from '../support/terminal.ts';

/** docs/faults.md, "Interruption": one test a row, against the built program. */

const small = programWith({ files: { 'base/README.md': '# Made\n', 'base/src/a.txt': 'made\n' } });
afterAll(() => small.remove());
const ARGS = ['orders', '--yes', ...FILES_ONLY];
const SHOW_CURSOR = '\u001b[?25h';

const noTerminal = terminalProblem();
if (noTerminal) console.warn(`skipped: ${noTerminal}`);

describe('Interruption', () => {
  it.skipIf(noTerminal)('Ctrl-C at a prompt: 130, clean, cursor restored, "nothing was written"', async () => {
    const cwd = temporaryFolder();
    for (const see of ['Name of the service', 'What it does', 'Database']) {
      const steps = [
        { see: 'Name of the service', type: 'orders\r' },
        { see: 'What it does', type: '\r' },
        { see: 'Database', type: '\r' },
      ];
      const at = steps.findIndex((step) => step.see === see);
      const session = await onTerminal(FILES_ONLY, { cwd, steps: [...steps.slice(0, at), { see, type: CTRL_C }] });
      expect(session).toMatchObject({ code: 130, timedOut: false, unseen: [], stdout: '' });
      expect(session.screen).toContain('error: interrupted; nothing was written');
      expect(session.screen.lastIndexOf('\u001b[?25l')).toBeLessThan(session.screen.lastIndexOf(SHOW_CURSOR));
      expect(Object.keys(snapshot(cwd))).toEqual(['.']);
    }
  });

  it.skipIf(noTerminal)('SIGTERM at a prompt: 143, clean, cursor restored, "nothing was written"', async () => {
    const cwd = temporaryFolder();
    const session = await onTerminal([], { cwd, steps: [{ see: 'Name of the service', signal: 15 }] });
    expect(session).toMatchObject({ code: 143, timedOut: false, stdout: '' });
    expect(session.screen).toContain('nothing was written');
    expect(session.screen).toContain(SHOW_CURSOR);
    expect(Object.keys(snapshot(cwd))).toEqual(['.']);
  });

  it('Ctrl-C while writing, SIGTERM: 130 / 143, clean, "nothing was written"', async () => {
    for (const [act, code] of [
      ['SIGINT', 130],
      ['SIGTERM', 143],
    ] as const) {
      const cwd = temporaryFolder();
      const sabotage = { zone: cwd, at: 2, act, only: ['openSync'] };
      const stopped = await runSabotaged([...ARGS, '--format', 'json'], { cwd, program: small.program }, sabotage);
      expect(stopped.code, stopped.stderr).toBe(code);
      expect(stopped.stderr).toContain('nothing was written');
      expect(JSON.parse(stopped.stdout)).toMatchObject({ ok: false, exit: code });
      expect(Object.keys(snapshot(cwd))).toEqual(['.']);
    }
  });

  it('a signal while npm ci runs: the files are complete, and 4 says that a person is needed', async () => {
    const cwd = temporaryFolder({ 'bin/npm': { run: '#!/bin/sh\ntouch "$STARTED"\nexec sleep 30\n' } });
    const started = join(cwd, 'started');
    const env = plainEnvironment({ STARTED: started });
    env.PATH = `${join(cwd, 'bin')}:${env.PATH}`;
    const child = spawn(process.execPath, [small.program, 'orders', '--yes', '--no-git'], { cwd, env, detached: true });
    const code = new Promise((resolve) => child.on('exit', resolve));
    while (!existsSync(started)) await new Promise((resolve) => setTimeout(resolve, 20));
    // Like a terminal, to every process in the foreground.
    process.kill(-(child.pid ?? 0), 'SIGINT');
    expect(await code).toBe(4);
    expect(readdirSync(join(cwd, 'orders')).sort()).toEqual(['.twelve.json', 'README.md', 'src']);
  });

  it('SIGKILL at any point: all or nothing; the next run removes stale stages', async () => {
    // laws/2-all-or-nothing.test.ts tries every point. This test checks the messages and files of the next run.
    const cwd = temporaryFolder();
    const middle = { zone: cwd, at: 2, act: 'kill', only: ['openSync'] } as const;
    const killed = await runSabotaged(ARGS, { cwd, program: small.program }, middle);
    expect([killed.signal, existsSync(join(cwd, 'orders'))]).toEqual(['SIGKILL', false]);
    const stages = readdirSync(cwd);
    expect(stages).toEqual([expect.stringMatching(/^\.orders\.twelve-stage-/)]);
    const next = await run(ARGS, { cwd, program: small.program });
    expect(next.code, next.stderr).toBe(0);
    expect(next.stderr).toContain(`${stages[0]}, left by a killed run, was removed`);
    expect(readdirSync(cwd)).toEqual(['orders']);
  });

  it('the next run removes them even if it is refused, and whichever service it is about', async () => {
    const cwd = temporaryFolder({ 'other/mine.txt': 'mine' });
    const middle = { zone: cwd, at: 2, act: 'kill', only: ['openSync'] } as const;
    await runSabotaged(ARGS, { cwd, program: small.program }, middle);
    expect(readdirSync(cwd)).toHaveLength(2);
    expect((await run([...ARGS, '--dir', 'other'], { cwd, program: small.program })).code).toBe(3);
    expect(readdirSync(cwd)).toEqual(['other']);
  });

  it('the stage of a running process is not removed', async () => {
    const cwd = temporaryFolder();
    const sabotage = { zone: cwd, at: 2, act: 'kill', only: ['openSync'] } as const;
    await runSabotaged(ARGS, { cwd, program: small.program }, sabotage);
    const [stale = ''] = readdirSync(cwd);
    // The same stage of a running process: this one.
    const alive = stale.replace(/-\d+-([0-9a-f]{8})$/, `-${process.pid}-$1`);
    await execute('mv', [stale, alive], { cwd });
    expect((await run(ARGS, { cwd, program: small.program })).code).toBe(0);
    expect(readdirSync(cwd).sort()).toEqual([alive, 'orders']);
  });

  it('killed while an existing folder is changed: the next command rolls back, and says so', async () => {
    const cwd = temporaryFolder({ 'orders/README.md': 'mine', 'orders/other': 'mine' });
    const options = { cwd, program: small.program };
    const before = snapshot(cwd);
    const args = [...ARGS, '--overwrite'];
    const other = temporaryFolder({ 'copy/README.md': 'mine', 'copy/other': 'mine' });
    const calls = await callsOf([...args, '--dir', 'copy'], { ...options, cwd: other }, other);
    const at = calls.filter((call) => /^(linkSync|renameSync) /.test(call)).length - 2;
    expect(at).toBeGreaterThan(2);
    await runSabotaged(args, options, { zone: cwd, at, act: 'kill', only: ['linkSync', 'renameSync'] });
    expect(existsSync(join(cwd, 'orders/.twelve-stage'))).toBe(true);

    const planned = await run([...args, '--plan'], options);
    expect([planned.code, planned.stderr]).toEqual([
      3,
      expect.stringContaining('has a half-done run that was interrupted'),
    ]);
    const refused = await run(ARGS, options);
    expect(refused.code).toBe(3);
    expect(snapshot(cwd)).toEqual(before);
  });

  it('the run that rolls back and goes on says both', async () => {
    const cwd = temporaryFolder({ 'orders/README.md': 'mine', 'orders/other': 'mine' });
    const options = { cwd, program: small.program };
    const args = [...ARGS, '--overwrite'];
    await runSabotaged(args, options, { zone: cwd, at: 3, act: 'kill', only: ['linkSync', 'renameSync'] });
    expect(existsSync(join(cwd, 'orders/.twelve-stage'))).toBe(true);
    const next = await run(args, options);
    expect(next.code, next.stderr).toBe(0);
    expect(next.stderr).toContain(`an interrupted run in ${join(cwd, 'orders')} was rolled back`);
  });

  it('output closed early (`| head`): quiet', async () => {
    const cwd = temporaryFolder();
    for (const args of ['--help', 'describe --format json', 'orders --plan', 'orders --plan --format json']) {
      const command = `"$0" "$1" ${args} | head -n 1 | cut -c 1-40; exit "\${PIPESTATUS[0]}"`;
      const result = await execute('bash', ['-c', command, process.execPath, PROGRAM], { cwd });
      expect([args, result.code, result.stderr]).toEqual([args, 0, '']);
      expect(result.stdout).not.toBe('');
    }
    const closed = await execute('bash', ['-c', '"$0" "$1" --help >&-', process.execPath, PROGRAM], { cwd });
    expect([closed.code, closed.stderr]).toEqual([0, '']);
  });

  it('output to a full disk: one line of error, and the code of a disk, or of a person if the files are written', async () => {
    const cwd = temporaryFolder();
    const help = await execute('sh', ['-c', '"$0" "$1" --help > /dev/full', process.execPath, PROGRAM], { cwd });
    expect([help.code, help.stderr]).toEqual([7, expect.stringMatching(/^error: .+ENOSPC\nhelp: .+\n$/)]);
    const made = await execute(
      'sh',
      ['-c', `"$0" "$1" ${ARGS.join(' ')} --format json > /dev/full`, process.execPath, small.program],
      { cwd },
    );
    expect([made.code, made.stderr]).toEqual([
      4,
      expect.stringMatching(/^error: the files are complete.+\nhelp: .+\n$/),
    ]);
    expect(existsSync(join(cwd, 'orders/README.md'))).toBe(true);
  });

  it('no terminal and answers missing: 2, all missing flags and a ready command; never a hang, never 0', async () => {
    const cwd = temporaryFolder();
    const text = await run([], { cwd });
    expect([text.code, text.stdout]).toEqual([2, '']);
    expect(text.stderr).toMatch(
      /^error: --name is missing: .+\nhelp: .+npm create twelve-service@latest -- orders --yes\n$/,
    );
    const several = await run(['--format', 'json', '--port', '0', '--database', 'mongo'], { cwd });
    expect(several.code).toBe(2);
    const { code, problems } = JSON.parse(several.stdout);
    expect([code, problems.map(({ subject }: { subject: string }) => subject)]).toEqual(
      ['INPUT_INVALID', ['--database', '--port', '--name']].map((x) =>
        Array.isArray(x) ? expect.arrayContaining(x) : x,
      ),
    );
    expect(Object.keys(snapshot(cwd))).toEqual(['.']);
  });

  it.skipIf(noTerminal).each([
    ['CI', { CI: 'true' }],
    ['an agent', { CLAUDECODE: '1' }],
    ['an agent', { AI_AGENT: 'x' }],
    ['--yes', {}],
  ])('`CI` set, or an agent, and answers missing, even on a terminal (%s): 2, never a hang', async (why, env) => {
    const cwd = temporaryFolder();
    const session = await onTerminal(why === '--yes' ? ['--yes'] : [], { cwd, env, steps: [] });
    expect(session).toMatchObject({ code: 2, timedOut: false });
    expect(session.screen).toContain('--name is missing');
    expect(Object.keys(snapshot(cwd))).toEqual(['.']);
  });
});
