import { appendFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { describeExit } from '../harness/process/process.ts';
import type { Rule } from '../rule.ts';
import { MANIFESTS, ofAll, runtimeOf } from '../runtimes/index.ts';
import type { Check } from '../runtimes/runtime.ts';
import { all, type Subject } from '../subject.ts';

export const rule: Rule = {
  id: 'I-1',
  level: 'MUST',
  factor: 'I. Codebase',
  statement:
    'A repository holds one service with one manifest of dependencies, and neither its build nor its tests change what git sees.',
  why: 'A build that changes tracked files, or leaves files that git would add, makes an artifact that no commit describes.',
  mend: 'Name what build and test produce in .gitignore, let tests write into the temporary directory only, keep one manifest at the root.',
  weight: 2,
  boundMs: 400_000,
  applies: (subject) => all(subject.isProcess(), subject.hasFolder(), hasChecks(subject)),
  async check(harness) {
    const copy = harness.artifact({}).folder;
    // A real database, where there is one, takes a fraction of what starting an embedded one does.
    const env = {
      ...harness.subject.target.env,
      GIT_CONFIG_NOSYSTEM: '1',
      ...runtimeOf(copy)?.toolEnvironment(process.env.HOME ?? homedir()),
      ...(harness.subject.hasDatabase && harness.subject.backing.hasPostgres
        ? { DATABASE_URL: (await harness.emptyDatabase()).url }
        : {}),
      ...(harness.subject.hasCache && harness.subject.backing.hasRedis ? { REDIS_URL: await harness.redisUrl() } : {}),
    };
    const run = (...command: [string, ...string[]]) => harness.tool(command, { cwd: copy, env, timeoutMs: 180_000 });
    const git = async (...args: string[]) => {
      const { child, exit } = await run('git', '-c', 'user.name=probe', '-c', 'user.email=probe@localhost', ...args);
      if (exit.code !== 0) throw new Error(`git ${args[0]}: ${describeExit(exit)}: ${child.stderr}`);
      return child.lines.map(({ text }) => text);
    };

    await git('init', '--quiet');
    // The copy's dependencies are a link, which a folder's name with a slash in a .gitignore does not match.
    appendFileSync(join(copy, '.git/info/exclude'), ofAll(({ linkedFolders }) => linkedFolders).join('\n'));
    await git('add', '--all');
    await git('commit', '--quiet', '--message', 'as it was');
    const tracked = await git('ls-files');
    const manifests = tracked.filter((path) => MANIFESTS.includes(path.split('/').at(-1) ?? ''));
    harness.saw({
      sent: 'git ls-files',
      expected: 'one manifest of dependencies',
      got: manifests.join(', '),
      ok: manifests.length === 1,
    });
    const checks = checksOf(copy);
    for (const { kind, command } of typeof checks === 'string' ? [] : checks) {
      const { child, exit } = await run(...command);
      const sent = command.join(' ');
      const got = exit.code === 0 ? 'exit 0' : `${describeExit(exit)}\n${summary(child.output)}`;
      // What the tests need is not known here. What they did until they failed is looked at all the same.
      if (kind === 'test' && exit.code !== 0) harness.leftOut.push(`what tests do that pass: ${sent} gives ${got}`);
      else harness.saw({ sent, expected: 'exit 0', got, ok: exit.code === 0 });
    }
    const status = (await git('status', '--porcelain')).join('\n').trim();
    harness.saw({
      sent: 'git status --porcelain after both',
      expected: '(nothing)',
      got: status || '(nothing)',
      ok: status === '',
    });
    return harness.evidence;
  },
};

function hasChecks({ target }: Subject): true | string {
  const checks = checksOf(target.folder);
  return typeof checks === 'string' ? checks : true;
}

function checksOf(folder = ''): readonly Check[] | string {
  return runtimeOf(folder)?.checks(folder) ?? 'how the folder is built and tested is not known';
}

/** The lines of a test run's output that say what failed, or else its end. */
function summary(output = ''): string {
  const failed = output.split('\n').filter((line) => /✖|not ok|FAIL|Error:/.test(line));
  return failed.length > 0 ? failed.slice(0, 20).join('\n') : output.slice(-1000);
}
