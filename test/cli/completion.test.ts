import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { SHELLS } from '../../bin/command-line/options.ts';
import { COMMANDS } from '../../bin/command-line/table.ts';
import { temporaryFolder } from '../support/folder.ts';
import { execute, plainEnvironment, ROOT, run } from '../support/program.ts';
import { commandOnTerminal, terminalProblem } from '../support/terminal.ts';

/** `completion SHELL`, in the real shells that are there. */

/** Why a shell cannot be tried here. */
function shellProblem(shell: string): string | undefined {
  const { status } = spawnSync(shell, ['-c', 'true'], { stdio: 'ignore' });
  return status === 0 ? undefined : `there is no ${shell} on this machine`;
}

const noBash = shellProblem('bash');
const noZsh = shellProblem('zsh') ?? terminalProblem();
const noFish = shellProblem('fish');
const noPowershell = shellProblem('pwsh');
for (const problem of [noBash, noZsh, noFish, noPowershell]) if (problem) console.warn(`skipped: ${problem}`);

/** What stands on the line before Tab -> what it becomes, where there is one way on. */
const COMPLETED: Readonly<Record<string, string>> = {
  'twelve upg': 'upgrade',
  'create-twelve-service add-e': 'add-endpoint',
  'twelve orders --datab': '--database',
  'twelve create orders --no-g': '--no-git',
  'twelve orders --database n': 'none',
  'twelve audit --format sar': 'sarif',
  'twelve completion fi': 'fish',
  'twelve help upg': 'upgrade',
  'twelve preset ch': 'check',
  'twelve preset check servi': 'service-preset/',
  'twelve orders --preset servi': 'service-preset/',
  'twelve apply or': 'orders.plan',
  'twelve explain or': 'orders.plan',
  'twelve add-endpoint --from or': 'orders.plan',
  'twelve add endp': 'endpoint',
  'twelve add endpoint --fro': '--from',
  'twelve preset --name x ch': 'check',
  'twelve completion --format text fi': 'fish',
};

/** A folder to stand in, and the script of a shell. */
async function prepare(shell: string): Promise<{ cwd: string; script: string }> {
  const cwd = temporaryFolder({ 'service-preset/': '', 'orders.plan': '' });
  const { code, stdout, stderr } = await run(['completion', shell], { cwd });
  expect([code, stderr]).toEqual([0, '']);
  const script = join(temporaryFolder(), 'completion');
  writeFileSync(script, stdout);
  return { cwd, script };
}

describe('completion', () => {
  it.skipIf(noBash)('bash: commands, flags, values, files and folders', async () => {
    const { cwd, script } = await prepare('bash');
    const lines = Object.keys(COMPLETED).map((line) => `try ${line}`);
    const { stdout, stderr } = await execute('bash', ['--norc', '-c', [BASH, ...lines].join('\n'), 'bash', script], {
      cwd,
    });
    expect(stderr).toBe('');
    // A shell adds the "/" of a folder itself.
    expect(stdout.trim().split('\n')).toEqual(Object.values(COMPLETED).map((word) => word.replace(/\/$/, '')));
  });

  it.skipIf(noBash)('bash: a value behind "=", which bash takes for a word of its own', async () => {
    const { cwd, script } = await prepare('bash');
    const lines = [
      'try twelve orders --database = n',
      "try twelve orders --format = ''",
      'try twelve orders --plan = or',
    ];
    const { stdout } = await execute('bash', ['--norc', '-c', [BASH, ...lines].join('\n'), 'bash', script], { cwd });
    expect(stdout.trim().split('\n')).toEqual(['none', 'text json', 'orders.plan']);
  });

  it.skipIf(noBash)('bash: a name with spaces is one name, and a value behind "=" is no argument', async () => {
    const { cwd, script } = await prepare('bash');
    writeFileSync(join(cwd, 'my other  plan'), '');
    mkdirSync(join(cwd, 'my * folder'));
    const lines = [
      `try twelve apply my > /dev/null; printf '%s\\n' "\${COMPREPLY[@]}" | sort`,
      'try twelve preset check my',
      'try twelve preset --name = x ch',
      'try twelve add ""',
    ];
    const { stdout } = await execute('bash', ['--norc', '-c', [BASH, ...lines].join('\n'), 'bash', script], { cwd });
    const kinds = COMMANDS.flatMap(({ name }) => (name.startsWith('add-') ? [name.slice(4)] : []));
    const names = ['my * folder', 'my other  plan'];
    expect(stdout.trim().split('\n')).toEqual([...names, 'my * folder', 'check', kinds.join(' ')]);
  });

  it.skipIf(noBash)('bash: every command, and every flag of each', async () => {
    const { cwd, script } = await prepare('bash');
    const lines = ["try twelve ''", ...COMMANDS.map(({ name }) => `try twelve ${name} --`)];
    const { stdout } = await execute('bash', ['--norc', '-c', [BASH, ...lines].join('\n'), 'bash', script], { cwd });
    const [names, ...flags] = stdout.trim().split('\n');
    expect(names?.split(' ')).toEqual(COMMANDS.map(({ name }) => name));
    for (const [index, { name, options }] of COMMANDS.entries())
      for (const flag of [...Object.keys(options), 'format', 'help'])
        expect(flags[index]?.split(' '), name).toContain(`--${flag}`);
  });

  it.skipIf(noZsh)('zsh: the same at a prompt, by the Tab key', async () => {
    const { cwd, script } = await prepare('zsh');
    const lines = [...Object.keys(COMPLETED), 'twelve orders --database=n'];
    const { stdout, unseen } = await commandOnTerminal(['zsh', '-f', '-i'], {
      cwd,
      steps: [
        { see: '#', type: `${ZSH.replace('SCRIPT', script)}\r` },
        // Tab, and a key that prints the line.
        ...lines.map((line) => ({ see: 'READY> ', type: `${line}\t\u0018` })),
        { see: 'READY> ', type: 'exit\r' },
      ],
    });
    expect(unseen).toEqual([]);
    const words = [...stdout.matchAll(/LINE<(.*)>/g)].map(([, line = '']) =>
      line.trim().split(' ').at(-1)?.replace(/=$/, ''),
    );
    expect(words).toEqual([...Object.values(COMPLETED), '--database=none']);
  });

  it.skipIf(noFish)('fish: the same', async () => {
    const { cwd, script } = await prepare('fish');
    const home = temporaryFolder();
    for (const [line, word] of Object.entries(COMPLETED)) {
      const command = `source ${script}; complete -C '${line}' | string split -f1 \\t`;
      const { stdout, stderr } = await execute('fish', ['--no-config', '-c', command], {
        cwd,
        env: plainEnvironment({ HOME: home }),
      });
      expect([line, stdout.trim().split('\n'), stderr]).toEqual([line, [word], '']);
    }
  });

  it.skipIf(noPowershell)('PowerShell: the same', async () => {
    const { cwd, script } = await prepare('powershell');
    for (const [line, word] of Object.entries(COMPLETED)) {
      const command = `Invoke-Expression (Get-Content -Raw ${script}); (TabExpansion2 '${line}' ${line.length}).CompletionMatches.CompletionText`;
      const { stdout } = await execute('pwsh', ['-NoProfile', '-Command', command], { cwd });
      expect(stdout.trim().replace(/^\.\//, '')).toBe(word.replace(/\/$/, ''));
    }
  });

  it('names no folder of the machine that it was made on, and is printed for each shell that is offered', async () => {
    for (const shell of SHELLS) {
      const { code, stdout } = await run(['completion', shell], { cwd: ROOT });
      expect(code).toBe(0);
      for (const { name } of COMMANDS) expect(stdout).toContain(name);
      expect(stdout).not.toContain(ROOT);
    }
  });

  it.each([[[]], [['tcsh']], [['__proto__']]])('%j: 2, with the shells that there are', async (args) => {
    const { code, stdout, stderr } = await run(['completion', ...args], { cwd: ROOT });
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain('bash, zsh, fish, powershell');
    for (const shell of args) expect(stderr).toContain(`"${shell}"`);
  });
});

/** `try WORD ...` prints what the last word may become. */
const BASH = `source "$1"
try() { COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); COMPREPLY=(); _create_twelve_service; echo "\${COMPREPLY[*]}"; }`;

/** Ctrl-X prints the line, and takes it away. The prompt is in two parts, so that the command itself does not look like it. */
const ZSH = `PS1='READ''Y> '; autoload -U compinit; compinit -u -D; source SCRIPT; unsetopt beep; show() { print -r -- "LINE<$BUFFER>"; zle send-break }; zle -N show; bindkey '^X' show`;
