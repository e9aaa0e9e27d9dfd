// @module-tag node
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { user } from '../support/fetching.ts';
import { write } from '../support/folder.ts';
import { execute, ROOT } from '../support/program.ts';

/** git and npm as programs: they may be missing, hang, print without end, or print secrets. */

describe('a tool', () => {
  it('that is missing is named', async () => {
    const error = await user({}, { PATH: '/nonexistent' }).refused('github:acme/preset');
    expect(error).toMatchObject({ code: 'NOT_POSSIBLE', exit: 3 });
    expect(error.message).toContain('git is not installed');
  });

  it('is npm where the source is a package', async () => {
    const error = await user({}, { PATH: '/nonexistent' }).refused('npm:preset');
    expect(error).toMatchObject({ code: 'NOT_POSSIBLE', exit: 3 });
    expect(error.message).toContain('npm is not installed');
  });

  it('may print a secret, which is not shown', async () => {
    const person = user();
    const said = [
      'npm error code E401',
      'npm error 401 GET https://me:s3cret/w@h.invalid/ _authToken=t0ken-1 npm_abcdefgh1234 ghp_abcdefgh1234 Bearer abcdefgh1234',
    ];
    write(person.home, { 'bin/npm': { run: `#!/bin/sh\ncat >&2 <<'END'\n${said.join('\n')}\nEND\nexit 1\n` } });
    const error = await person.refused('npm:preset', {
      env: { ...person.env, PATH: `${person.home}/bin:${person.env.PATH}` },
    });
    expect(error.code).toBe('SOURCE_DENIED');
    expect(error.message).toContain('401 GET https://***@h.invalid/');
    expect(error.message).not.toMatch(/s3cret|t0ken|abcdefgh1234/);
  });

  it('that takes too long is stopped with everything that it started, and leaves nothing behind', async () => {
    const person = user();
    const script = '#!/bin/sh\nsleep 60 &\necho $$ $! > "$HOME/pids"\necho >&2\nwait\n';
    write(person.home, { 'bin/npm': { run: script }, 'tmp/': '' });
    const env = { ...person.env, PATH: `${person.home}/bin:${person.env.PATH}` };
    vi.stubEnv('TMPDIR', join(person.home, 'tmp'));
    onTestFinished(() => void vi.unstubAllEnvs());
    const error = await person.refused('npm:preset', { env, timeout: 1_000 });
    expect(error).toMatchObject({ code: 'SOURCE_UNREACHABLE', exit: 5 });
    await areEnded(person.home);
    expect(readdirSync(join(person.home, 'tmp'))).toEqual([]);
  }, 20_000);

  it('is stopped with the program that runs it, and leaves nothing behind', async () => {
    const person = user();
    const script = '#!/bin/sh\nsleep 60 &\necho $$ $! > "$HOME/pids"\nkill -INT "$PARENT"\nwait\n';
    write(person.home, { 'bin/npm': { run: script }, 'tmp/': '' });
    const code = `
      import { fetchSource } from ${JSON.stringify(join(ROOT, 'engine/io/source/fetch-source.ts'))};
      process.on('SIGINT', () => process.exit(130));
      process.env.PARENT = String(process.pid);
      await fetchSource({ kind: 'npm', name: 'preset', range: '' }, { cwd: process.cwd() });`;
    const env = { ...person.env, PATH: `${person.home}/bin:${person.env.PATH}`, TMPDIR: join(person.home, 'tmp') };
    const ended = await execute(process.execPath, ['--import=tsx', '--input-type=module', '-e', code], {
      cwd: ROOT,
      env,
    });
    expect([ended.code, ended.stderr]).toEqual([130, '']);
    await areEnded(person.home);
    expect(readdirSync(join(person.home, 'tmp')).filter((name) => name.startsWith('twelve-'))).toEqual([]);
  });

  it('that prints without end is stopped', async () => {
    const person = user();
    write(person.home, { 'bin/git': { run: '#!/bin/sh\n[ "$1" = config ] && exit 1\nyes\n' } });
    const env = { ...person.env, PATH: `${person.home}/bin:${person.env.PATH}` };
    expect(await person.refused('github:acme/preset', { env, timeout: 10_000 })).toMatchObject({
      code: 'TEMPLATE_UNSAFE',
      exit: 6,
    });
  });
});

/** The process ids of the tool and its child, as the fake tool recorded them. */
async function areEnded(home: string): Promise<void> {
  const pids = readFileSync(join(home, 'pids'), 'utf8').trim().split(' ').map(Number);
  expect(pids).toHaveLength(2);
  for (const pid of pids) await expect.poll(() => isAlive(pid), { timeout: 5_000 }).toBe(false);
}

/** Whether a process runs. A zombie does not run any more. */
function isAlive(pid: number): boolean {
  try {
    return !/^State:\s+[ZX]/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}
