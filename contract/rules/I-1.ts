import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { all } from '../subject.ts';
import type { Rule } from '../types.ts';

const exec = promisify(execFile);
const MANIFESTS = [
  'package.json',
  'go.mod',
  'pyproject.toml',
  'pom.xml',
  'build.gradle',
  'Cargo.toml',
  'Gemfile',
  'composer.json',
];

export const rule: Rule = {
  id: 'I-1',
  level: 'MUST',
  factor: 'I. Codebase',
  statement:
    'A repository holds one service with one manifest of dependencies, and neither its build nor its tests change what git sees.',
  why: 'A build that changes tracked files, or leaves files that git would add, makes an artifact that no commit describes.',
  mend: 'Name what build and test produce in .gitignore, let tests write into the temporary directory only, keep one manifest at the root.',
  alone: true,
  applies: (subject) =>
    all(
      subject.isProcess(),
      subject.hasFolder(),
      hasScripts(subject.target.folder) || 'the folder has no package.json with build and test',
    ),
  async check(harness) {
    const copy = harness.artifact({}).folder;
    const home = join(harness.temp, 'home');
    mkdirSync(home);
    const { target } = harness.subject;
    const program = target.kind === 'process' ? dirname(target.command[0] ?? '') : '';
    const PATH = `${program}:${process.env.PATH ?? ''}`;
    const env = { PATH, HOME: home, TMPDIR: harness.temp, GIT_CONFIG_NOSYSTEM: '1', npm_config_offline: 'true' };
    const run = (file: string, ...args: string[]) =>
      exec(file, args, { cwd: copy, env, timeout: 180_000, maxBuffer: 2 ** 26 });
    const git = async (...args: string[]) =>
      (await run('git', '-c', 'user.name=probe', '-c', 'user.email=probe@localhost', ...args)).stdout;

    await git('init', '--quiet');
    // The copy's dependencies are a link, which "node_modules/" in a .gitignore does not match.
    await exec('sh', ['-c', 'echo node_modules >> .git/info/exclude'], { cwd: copy, env });
    await git('add', '--all');
    await git('commit', '--quiet', '--message', 'as it was');
    const tracked = (await git('ls-files')).split('\n');
    const manifests = tracked.filter((path) => MANIFESTS.includes(path.split('/').at(-1) ?? ''));
    harness.saw({
      sent: 'git ls-files',
      expected: 'one manifest of dependencies',
      got: manifests.join(', '),
      ok: manifests.length === 1,
    });
    for (const script of ['build', 'test']) {
      const ended = await run('npm', 'run', script).then(
        () => 'exit 0',
        (error: Error & { stdout?: string }) => `${error.message}\n${summary(error.stdout)}`,
      );
      harness.saw({ sent: `npm run ${script}`, expected: 'exit 0', got: ended, ok: ended === 'exit 0' });
    }
    const status = await git('status', '--porcelain');
    harness.saw({
      sent: 'git status --porcelain after both',
      expected: '(nothing)',
      got: status.trim() || '(nothing)',
      ok: status === '',
    });
    return harness.evidence;
  },
};

function hasScripts(folder = ''): boolean {
  const file = join(folder, 'package.json');
  if (!existsSync(file)) return false;
  const { scripts = {} } = JSON.parse(readFileSync(file, 'utf8')) as { scripts?: Record<string, string> };
  return 'build' in scripts && 'test' in scripts;
}

/** Of a test run's output the lines that say what failed, else its end. */
function summary(output = ''): string {
  const failed = output.split('\n').filter((line) => /✖|not ok|FAIL|Error:/.test(line));
  return failed.length > 0 ? failed.slice(0, 20).join('\n') : output.slice(-1000);
}
