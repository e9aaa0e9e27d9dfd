import type { Harness } from '../harness/harness.ts';
import { describeExit } from '../harness/process/process.ts';
import { lastLines } from '../harness/process/quote.ts';
import { commitCopy } from '../probes/artifact/committed-copy.ts';
import type { Rule } from '../rule.ts';
import { MANIFESTS, runtimeOf } from '../runtimes/index.ts';
import type { Check } from '../runtimes/runtime.ts';
import { all, type Subject } from '../subject.ts';

export const rule: Rule = {
  id: 'I-1',
  level: 'MUST',
  factor: 'I. Codebase',
  slow: 'it builds the service',
  promises: {
    'twelve-factor':
      'A repository holds one service with one manifest of dependencies, and neither its build nor its tests change what git sees.',
  },
  why: 'A build that changes tracked files, or leaves files that git would add, makes an artifact that no commit describes.',
  mend: 'Name what build and test produce in .gitignore, let tests write into the temporary directory only, keep one manifest at the root.',
  byHand: ['git status --porcelain; $BUILD; $TEST; git status --porcelain'],
  weight: 2,
  pristine: true,
  boundMs: 400_000,
  applies: (subject) => all(subject.isProcess(), subject.hasFolder(), hasChecks(subject)),
  async check(harness) {
    const isBuilt = { isBuilt: true };
    const { folder: copy } = harness.pristine(isBuilt) ?? harness.artifact({}, isBuilt);
    // A real database, where there is one, takes a fraction of what starting an embedded one does.
    const { run, git } = await commitCopy(harness, copy, {
      ...(harness.subject.hasDatabase && harness.subject.backing.hasPostgres
        ? { DATABASE_URL: (await harness.emptyDatabase()).url }
        : {}),
      ...(harness.subject.hasCache && harness.subject.backing.hasRedis ? { REDIS_URL: await harness.redisUrl() } : {}),
    });
    const tracked = await git('ls-files');
    const manifests = tracked.filter((path) => MANIFESTS.includes(path.split('/').at(-1) ?? ''));
    harness.saw({
      sent: 'git ls-files',
      expected: 'one manifest of dependencies',
      got: manifests.join(', '),
      ok: manifests.length === 1,
    });
    const checks = checksOf(copy);
    for (const { kind, command } of typeof checks === 'string' ? [] : chosen(checks, harness)) {
      const { child, exit } = await run(...command);
      const sent = command.join(' ');
      const got = exit.code === 0 ? 'exit 0' : `${describeExit(exit)}\n${summary(child.output)}`;
      const isCut = exit.code === null && exit.signal === null;
      const lacks = exit.code !== 0 && (isCut || runtimeOf(copy)?.needsNetwork?.test(child.output));
      if (lacks) {
        harness.leftOut.push(`${sent}, which ${isCut ? 'takes too long' : 'needs a network'}`);
        continue;
      }
      // What the tests need is not known here. What they did until they failed is looked at all the same.
      if (kind === 'test' && exit.code !== 0) harness.leftOut.push(`what tests do that pass: ${sent} gives ${got}`);
      else harness.saw({ sent, expected: 'exit 0', got, ok: exit.code === 0 });
    }
    const status = (await git('status', '--porcelain')).join('\n').trim();
    harness.saw({
      sent: 'git status --porcelain after all of it',
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

/** What is run: the tests only where they are asked for, and a build only where no test builds too. */
function chosen(checks: readonly Check[], harness: Harness): readonly Check[] {
  if (harness.subject.target.tests) {
    const isBuilt = checks.some(({ builds }) => builds);
    return checks.filter(({ kind }) => kind === 'test' || !isBuilt);
  }
  const tests = checks.filter(({ kind }) => kind === 'test').map(({ command }) => command.join(' '));
  if (tests.length > 0) harness.leftOut.push(`what its tests change (${tests.join(', ')}): ask for it with --tests`);
  return checks.filter(({ kind }) => kind === 'build');
}

/** The lines of a test run's output that say what failed, or else its end. */
function summary(output = ''): string {
  const failed = output.split('\n').filter((line) => /✖|not ok|FAIL|Error:/.test(line));
  return failed.length > 0 ? failed.slice(0, 20).join('\n') : lastLines(output, 20);
}
