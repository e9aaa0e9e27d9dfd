import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MAKE_ENVIRONMENT } from '../../stacks/python/environment.ts';

const python = spawnSync('python3', ['-c', 'import sys; print(sys.executable)'], { encoding: 'utf8' }).stdout?.trim();
if (!python) console.log('skipped: which Python makes the environment: python3 is not installed');

/** What pyenv has for a version that is installed and not chosen. */
const NOT_CHOSEN = `echo "pyenv: \${0##*/}: command not found" >&2; exit 127`;
const CHOSEN = `[ "$1" = -c ] && exit 0; echo "\${0##*/} $*"; exit 7`;

describe.skipIf(!python)('a service in Python is installed by', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'twelve-python-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  /** Runs it on a Python that is too old, with these commands on the path and no uv. */
  function makeEnvironment(commands: Readonly<Record<string, string>>) {
    for (const [name, script] of Object.entries({ 'old-python': 'exit 1', ...commands }))
      writeFileSync(join(folder, name), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
    const old = `import sys; sys.executable = ${JSON.stringify(join(folder, 'old-python'))}\n`;
    const env = { PATH: [folder, '/bin'].join(delimiter) };
    const made = spawnSync(python, ['-I', '-c', old + MAKE_ENVIRONMENT], { cwd: folder, env, encoding: 'utf8' });
    return [made.status, made.stdout + made.stderr];
  }

  it('the newest one', () => {
    expect(makeEnvironment({ 'python3.14': CHOSEN, 'python3.13': CHOSEN })).toEqual([7, 'python3.14 -m venv .venv\n']);
  });

  it('one that runs: a command of pyenv may be there and fail', () => {
    expect(makeEnvironment({ 'python3.14': NOT_CHOSEN, 'python3.13': CHOSEN })).toEqual([
      7,
      'python3.13 -m venv .venv\n',
    ]);
  });

  it('none, and that is said', () => {
    const said = [1, 'Python 3.13 or newer is needed, or uv\n'];
    expect(makeEnvironment({ 'python3.14': NOT_CHOSEN, 'python3.13': NOT_CHOSEN })).toEqual(said);
  });
});
